//! publish: from the examples, in rehearsal, and what comes after.

use serde_json::Value;

use super::*;

const HOME: [&str; 2] = ["--association", "park-friends"];

async fn publish(place: &Place, kind: &str, file: &str) -> Value {
    let mut objects = place.objects(&[&["publish", kind, file], &HOME[..]].concat()).await;
    assert_eq!(objects.len(), 1);
    objects.remove(0)
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

#[tokio::test]
async fn the_examples_are_published_as_they_stand() {
    let place = Place::new().await;
    let call = publish(&place, "call", &example("call.md")).await;
    assert_eq!(call["kind"], "call");
    assert_eq!(call["title"], "Help plant 40 trees on the Moor");
    assert_eq!(call["handle"], "@park-friends@hyde.example");
    assert_eq!(call["closes"], "2027-03-20T18:00:00Z");
    assert_eq!(call["page"], format!("https://hyde.example/calls/{}", id(&call)));
    let needs: Vec<_> =
        call["needs"].as_array().unwrap().iter().map(|need| need["label"].as_str().unwrap()).collect();
    assert_eq!(needs, ["I can dig on Saturday", "I can bring a spade", "I can pass this on"]);
    let event = publish(&place, "event", &example("event.md")).await;
    assert_eq!((&event["starts"], &event["capacity"]), (&"2027-03-06T10:00:00Z".into(), &40.into()));
    let project = publish(&place, "project", &example("project.md")).await;
    let update = std::fs::read_to_string(example("update.md")).unwrap();
    let update = update.replace("0198c2a4-7d1e-7c3a-9b1f-3f6a5d2e8c40", id(&project));
    let update = publish(&place, "update", &place.file("update.md", &update)).await;
    assert!(update["about"].as_str().unwrap().ends_with(id(&project)));
    let causes = place.say(&["causes", "list"]).await;
    assert!(causes.contains("#StreetTrees  https://hyde.example/causes/streettrees"), "{causes}");
    let said = place.say(&["publish", "call", &example("call.md"), HOME[0], HOME[1]]).await;
    for expected in
        ["Call: Help plant", "https://hyde.example/calls/", "(12 wanted)", "Next: folkmoot pledges list"]
    {
        assert!(said.contains(expected), "no {expected:?} in:\n{said}");
    }
}

#[tokio::test]
async fn a_rehearsal_publishes_nothing() {
    let place = Place::new().await;
    for (kind, file) in [("call", "call.md"), ("event", "event.md"), ("project", "project.md")] {
        let file = example(file);
        let said = place.say(&["publish", kind, &file, HOME[0], HOME[1], "--dry-run"]).await;
        assert!(said.contains("Nothing was published"), "{said}");
        let objects = place.objects(&["publish", kind, &file, HOME[0], HOME[1], "--dry-run"]).await;
        assert_eq!(objects[0]["dry_run"], true);
    }
    let shown = place.objects(&["association", "show", "park-friends"]).await;
    assert_eq!(shown[0]["published"], 0, "{shown:?}");
    assert!(place.say(&["causes", "list"]).await.contains("No cause"));
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_said_with_its_line_and_its_name() {
    let place = Place::new().await;
    let file = place.file("call.md", "+++\ntitel = \"x\"\n+++\n");
    let refused = place.refused(&["publish", "call", &file, HOME[0], HOME[1]]).await;
    assert!(
        refused.contains("call.md") && refused.contains("line 2") && refused.contains("title"),
        "{refused}"
    );
    let past = "+++\ntitle = \"x\"\ncloses = 2020-01-01T10:00\nneeds = [{ kind = \"time\" }]\n+++\n";
    let file = place.file("past.md", past);
    for more in [&[][..], &["--dry-run"]] {
        let refused = place.refused(&[&["publish", "call", &file], &HOME[..], more].concat()).await;
        assert_eq!(refused, "closes: choose a time that is still ahead");
    }
    let refused = place.refused(&["publish", "call", &file, "--association", "nobody-here"]).await;
    assert!(refused.contains("no association with the handle nobody-here"), "{refused}");
}

#[tokio::test]
async fn a_file_may_come_through_a_pipe() {
    let place = Place::new().await;
    let text = std::fs::read_to_string(example("call.md")).unwrap();
    let line = ["publish", "call", "-", HOME[0], HOME[1], "--json", "--config", &place.config];
    let said = answer_with(&line, &[], &text).await.unwrap();
    assert!(said.contains("Help plant 40 trees"), "{said}");
}

#[tokio::test]
async fn a_project_may_be_nobodys_and_calls_may_help_it() {
    let place = Place::new().await;
    let project = place.objects(&["publish", "project", &example("project.md")]).await.remove(0);
    assert_eq!(project["handle"], "@instance@hyde.example");
    let call = std::fs::read_to_string(example("call.md")).unwrap();
    let named = call.replace(
        "# project = \"https://hyde.example/projects/0198c2a4-7d1e-7c3a-9b1f-3f6a5d2e8c40\"",
        &format!("project = {}", project["page"]),
    );
    assert_ne!(call, named);
    let call = publish(&place, "call", &place.file("call.md", &named)).await;
    let wrong = named.replace(id(&project), id(&call)).replace("/projects/", "/calls/");
    let refused =
        place.refused(&["publish", "call", &place.file("wrong.md", &wrong), HOME[0], HOME[1]]).await;
    assert!(refused.starts_with("project: is a call"), "{refused}");
}

#[tokio::test]
async fn what_was_published_is_looked_after() {
    let place = Place::new().await;
    let call = publish(&place, "call", &example("call.md")).await;
    let page = call["page"].as_str().unwrap();
    let edited = std::fs::read_to_string(example("call.md"))
        .unwrap()
        .replace("Help plant 40 trees", "Help plant 50 trees");
    let edited = place.file("edited.md", &edited);
    let said = place.say(&["publish", "edit", page, &edited, "--dry-run"]).await;
    assert!(said.contains("50 trees") && said.contains("Nothing was published"), "{said}");
    let did = place.objects(&["publish", "edit", page, &edited, "--note", "Ten more."]).await;
    assert_eq!(did[0]["kept"], serde_json::json!([]));
    let text = std::fs::read_to_string(&edited).unwrap().replace("wanted = 12", "wanted = 3");
    let fewer = place.file("fewer.md", &text);
    let said = place.say(&["publish", "edit", id(&call), &fewer]).await;
    assert!(said.contains("whatever the file says: needs.\n"), "{said}");
    assert_eq!(
        place.objects(&["publish", "edit", id(&call), &fewer]).await[0]["kept"],
        serde_json::json!(["needs"])
    );
    place.say(&["publish", "park", page, "--reason", "No saplings", "--wake", "2027-09-01T09:00"]).await;
    place.say(&["publish", "resume", page]).await;
    let closed = place
        .objects(&["publish", "close", page, "--outcome", "50 trees stand.", "--thanks", "To all."])
        .await;
    assert_eq!(
        (&closed[0]["did"], &closed[0]["title"]),
        (&"closed".into(), &"Help plant 50 trees on the Moor".into())
    );
    let refused = place.refused(&["publish", "cancel", page, "--reason", "Storm"]).await;
    assert_eq!(refused, "this is closed and cannot be changed any more");
    let refused = place.refused(&["publish", "delete", page]).await;
    assert!(refused.contains("--yes"), "{refused}");
    place.say(&["publish", "delete", page, "--yes"]).await;
    let refused = place.refused(&["publish", "delete", page, "--yes"]).await;
    assert!(refused.contains("there is no project, call, event or update"), "{refused}");
}

#[tokio::test]
async fn each_step_is_for_some_kinds_alone() {
    let place = Place::new().await;
    let event = publish(&place, "event", &example("event.md")).await;
    let project = publish(&place, "project", &example("project.md")).await;
    for (line, reason) in [
        (["close", id(&event), "--outcome", "x"], "an event cannot be closed"),
        (["park", id(&event), "--reason", "x"], "an event cannot be left for another day"),
        (["cancel", id(&project), "--reason", "x"], "a project cannot be called off"),
    ] {
        let refused = place.refused(&[&["publish"], &line[..]].concat()).await;
        assert!(refused.contains(reason), "{refused}");
    }
    place.say(&["publish", "cancel", id(&event), "--reason", "Storm warning"]).await;
    place.say(&["publish", "close", id(&project), "--outcome", "Every street has a tree."]).await;
    let elsewhere = place.refused(&["publish", "resume", "https://leeds.example/calls/7"]).await;
    assert!(elsewhere.contains("not an address of this place"), "{elsewhere}");
}

#[tokio::test]
async fn events_move() {
    let place = Place::new().await;
    let event = publish(&place, "event", &example("event.md")).await;
    let later = std::fs::read_to_string(example("event.md")).unwrap().replace("T13:00", "T14:00");
    let later = place.file("later.md", &later);
    let said = place.say(&["publish", "edit", id(&event), &later, "--dry-run"]).await;
    assert!(said.contains("2 pm"), "{said}");
    let did =
        place.objects(&["publish", "edit", id(&event), &later, "--note", "We stay an hour longer."]).await;
    assert_eq!(did[0]["did"], "edited");
}

#[tokio::test]
async fn a_picture_is_hung_described_and_taken_away() {
    let place = Place::new().await;
    let call = publish(&place, "call", &example("call.md")).await;
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let file = place.folder.path().join("bench.gif");
    std::fs::write(&file, gif).unwrap();
    let file = file.to_str().unwrap();
    let hung = place.say(&["publish", "picture", id(&call), file, "--alt", "A bench"]).await;
    assert!(hung.contains("1 by 1 points"), "{hung}");
    let said = place.objects(&["publish", "picture", id(&call), "--alt", "A green bench"]).await;
    assert_eq!(said[0]["did"], "pictured");
    place.say(&["publish", "picture", id(&call), "--remove"]).await;
    let gone = place.refused(&["publish", "picture", id(&call), "--remove"]).await;
    assert!(gone.contains("no such picture"), "{gone}");
    let words = place.file("words.jpg", "words");
    let refused = place.refused(&["publish", "picture", id(&call), &words, "--alt", "Words"]).await;
    assert!(refused.contains("no picture that can be read here"), "{refused}");
    assert!(
        place.try_say(&["publish", "picture", id(&call), file]).await.is_err(),
        "without words it is none"
    );
}
