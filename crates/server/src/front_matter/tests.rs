//! Markdown files: the examples, and what is wrong with others.

use std::{fmt::Write as _, path::Path};

use jiff::tz::TimeZone;

use super::*;

fn example(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/examples").join(name))
        .unwrap()
}

fn call_with(front: &str) -> Result<CallFile, FileProblems> {
    call(&format!(
        "+++\ntitle = \"Plant\"\ncloses = 2027-03-20T18:00\n{front}\n[[needs]]\nkind = \"time\"\n+++\nText\n"
    ))
}

#[test]
fn the_example_of_a_call_is_read() {
    let call = call(&example("call.md")).unwrap();
    assert_eq!(call.title, "Help plant 40 trees on the Moor");
    let closes = call.closes.in_zone(call.timezone.as_ref().unwrap().zone()).unwrap();
    assert_eq!(closes.to_string(), "2027-03-20T18:00:00Z");
    assert_eq!(call.causes, ["StreetTrees", "CoolerLeeds"]);
    assert!(call.one_tap);
    let place = call.place.unwrap();
    assert_eq!((place.point(), place.show), (Some((53.8123, -1.5603)), Show::Exact));
    let needs: Vec<_> = call.needs.iter().map(|need| (need.kind, need.label.as_str(), need.wanted)).collect();
    assert_eq!(
        needs,
        [
            (HelpWritten::Time, "I can dig on Saturday", Some(12)),
            (HelpWritten::Thing, "I can bring a spade", Some(6)),
            (HelpWritten::Voice, "", None)
        ]
    );
    assert!(
        call.text.starts_with("We meet at the **bandstand**") && call.text.ends_with("hands and spades.")
    );
}

#[test]
fn the_other_examples_are_read() {
    let event = event(&example("event.md")).unwrap();
    let london = event.timezone.unwrap();
    assert_eq!(event.starts.in_zone(london.zone()).unwrap().to_string(), "2027-03-06T10:00:00Z");
    assert_eq!(event.ends.in_zone(london.zone()).unwrap().to_string(), "2027-03-06T13:00:00Z");
    assert_eq!(event.capacity, Some(40));
    let project = project(&example("project.md")).unwrap();
    assert_eq!((project.state, project.place.unwrap().show), (Stage::Active, Show::Neighbourhood));
    let update = update(&example("update.md")).unwrap();
    assert!(matches!(update.about, ItemName::Address(_)));
    assert!(update.text.starts_with("The first nine trees"));
}

#[test]
fn what_is_left_out_has_a_default() {
    let call = call_with("").unwrap();
    assert_eq!((call.one_tap, call.timezone, call.language, call.place), (true, None, None, None));
    assert_eq!(call.text, "Text");
    let project = project("+++\r\ntitle = \"x\"\r\n+++\r\n").unwrap();
    assert_eq!((project.state, project.need.as_str(), project.text.as_str()), (Stage::Idea, "", ""));
}

#[test]
fn dates_may_be_toml_or_text_local_or_exact() {
    let london = TimeZone::get("Europe/London").unwrap();
    for (written, moment) in [
        ("2027-06-20T18:00", "2027-06-20T17:00:00Z"),
        ("2027-06-20 18:00:00", "2027-06-20T17:00:00Z"),
        ("\"2027-06-20 18:00\"", "2027-06-20T17:00:00Z"),
        ("2027-06-20T18:00:00Z", "2027-06-20T18:00:00Z"),
        ("2027-06-20T18:00:00+02:00", "2027-06-20T16:00:00Z"),
        // The clocks jump from one to two at night.
        ("2027-03-28T01:30", "2027-03-28T01:30:00Z"),
    ] {
        let file = format!("+++\ntitle = \"x\"\ncloses = {written}\nneeds = [{{ kind = \"time\" }}]\n+++\n");
        let closes = call(&file).unwrap_or_else(|problems| panic!("{written}: {problems}")).closes;
        assert_eq!(closes.in_zone(&london).unwrap().to_string(), moment, "{written}");
    }
}

#[test]
fn files_become_drafts_on_the_clocks_of_the_association() {
    let leeds = TimeZone::get("Europe/London").unwrap();
    let file = call_with("place = { name = \"The Moor\", latitude = 53.8, longitude = -1.5 }").unwrap();
    let draft = file.draft(&leeds, None).unwrap();
    assert_eq!(draft.closes.rfc3339(), "2027-03-20T18:00:00Z");
    let warsaw = TimeZone::get("Europe/Warsaw").unwrap();
    assert_eq!(file.draft(&warsaw, None).unwrap().closes.rfc3339(), "2027-03-20T17:00:00Z");
    let place = file.words().unwrap().place.unwrap();
    assert_eq!(place.point.map(|point| (point.latitude, point.longitude)), Some((53.8, -1.5)));
    let event = event(&example("event.md")).unwrap();
    assert_eq!(event.draft(&warsaw, None).unwrap().zone.as_deref(), Some("Europe/London"));
    let half = call_with("place = { name = \"The Moor\", latitude = 53.8 }").unwrap();
    assert!(half.words().unwrap_err().to_string().contains("both latitude and longitude"));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let mut text = String::new();
    let mut say = |file: &str, problems: FileProblems| write!(text, "{file}\n=> {problems}\n\n\n").unwrap();
    for file in [
        "---\ntitle: Plant\n---\n",
        "# Plant trees\n",
        "+++\ntitle = \"x\"\n",
        "+++\n+++\n",
        "+++\ntitle = Plant trees\n+++\n",
        "+++\ntitle = \"x\"\ncloses = 2027-03-20\nneeds = [{ kind = \"time\" }]\n+++\n",
        "+++\ntitel = \"x\"\none_tap = \"yes\"\n[place]\nlatitude = \"53\"\ncauses = []\n[[needs]]\nkind = \"tiem\"\n[[needs]]\nlabel = \"I can dig\"\nwanted = 0\n+++\n",
    ] {
        say(file, call(file).unwrap_err());
    }
    for front in
        ["timezone = \"Leeds\"", "project = \"the trees\"", "causes = \"StreetTrees\"", "place = \"Leeds\""]
    {
        say(front, call_with(front).unwrap_err());
    }
    let online =
        "+++\ntitle = \"x\"\nstarts = 2027-03-20T10:00\nends = 2027-03-20T11:00\nonline = \"meet\"\n+++\n";
    say(online, event(online).unwrap_err());
    insta::assert_snapshot!("wrong", text);
}

#[test]
fn the_words_are_those_of_the_domain() {
    use folkmoot_domain::{calls::HelpKind, places::Coarseness};
    let written = |schema: serde_json::Value| {
        crate::reading::shape::Shape::new(&schema).words().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let help = written(crate::reading::shape::schema_of::<HelpWritten>());
    assert_eq!(help, HelpKind::ALL.map(|(_, word, _)| word));
    for (kind, word, _) in HelpKind::ALL {
        let read: HelpWritten = serde_json::from_value(word.into()).unwrap();
        assert_eq!(HelpKind::from(read), kind);
    }
    let show = written(crate::reading::shape::schema_of::<Show>());
    assert_eq!(show, Coarseness::ALL.map(Coarseness::word));
    for step in Coarseness::ALL {
        let read: Show = serde_json::from_value(step.word().into()).unwrap();
        assert_eq!(Coarseness::from(read), step);
    }
}

#[test]
fn nothing_that_is_written_makes_it_panic() {
    let whole = example("call.md");
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        // Read or refused, both are well.
        let _ = call(&whole[..end]);
        let _ = call(&whole[end..]);
    }
}
