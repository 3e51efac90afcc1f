//! Every letter in words, as text and as HTML; and the page that shows those that were kept.

use axum::http::StatusCode;
use folkmoot_app::{
    By, keys,
    mails::{self, Due, Letter},
    people,
    ports::Mail,
};
use folkmoot_domain::{MailId, Moment, mails::MailState};
use folkmoot_storage::mails::Stored;
use folkmoot_web::{Contact, Settings};

use crate::house::{House, NOW};

const LINK: &str = "https://hyde.example/a/link";

fn settings() -> Settings {
    Settings {
        place: "Hyde Park, Leeds".to_owned(),
        contact: Contact { name: "Ruth Okafor".to_owned(), email: "ruth@hyde.example".to_owned() },
        source: None,
        secure_cookies: true,
        shows_mail: false,
        tiles: None,
    }
}

fn written(house: &House, letter: Letter) -> Mail {
    let stored = Stored {
        id: MailId(uuid::Uuid::from_u128(7)),
        kind: String::new(),
        recipient: "jo@aire.example".to_owned(),
        letter: String::new(),
        state: MailState::Waiting,
        attempts: 1,
        next: Moment(NOW),
        token: None,
        problem: None,
        since: Moment(NOW),
        sent: None,
    };
    mails_words(house, &Due { stored, letter })
}

fn mails_words(house: &House, due: &Due) -> Mail {
    folkmoot_web::mails::render(&house.app, &settings(), due).unwrap()
}

/// One letter of each kind, and more where its words differ. `say` makes what people write.
#[expect(clippy::too_many_lines, reason = "one of each")]
fn all(say: impl Fn(&str) -> String) -> Vec<(&'static str, Letter)> {
    let (name, association, call) = (say("Jo"), say("Park Friends"), say("Help plant 40 trees"));
    let link = LINK.to_owned();
    let needs = || vec![say("I can dig"), say("I can bring a spade")];
    let answered = |state: &str, words: &str| Letter::PledgeAnswered {
        name: name.clone(),
        association: association.clone(),
        call: call.clone(),
        state: state.to_owned(),
        words: words.to_owned(),
        link: link.clone(),
    };
    let stands = |state: &str, words: &str| Letter::RsvpStands {
        name: name.clone(),
        association: association.clone(),
        event: call.clone(),
        when: "Saturday 13 June 2026, 10 am to noon, UK time".into(),
        state: state.to_owned(),
        words: words.to_owned(),
        link: link.clone(),
    };
    let over = |how: &str, words: &str, thanks: &str| Letter::CallOver {
        name: name.clone(),
        association: association.clone(),
        call: call.clone(),
        how: how.to_owned(),
        words: words.to_owned(),
        thanks: thanks.to_owned(),
        link: link.clone(),
    };
    let invitation = |inviter: Option<String>, place: Option<(String, String)>| Letter::Invitation {
        inviter,
        association: place,
        link: link.clone(),
    };
    vec![
        ("sign-in", Letter::SignIn { name: name.clone(), link: link.clone() }),
        ("new-address", Letter::NewAddress { name: name.clone(), link: link.clone() }),
        ("address-changed", Letter::AddressChanged { name: name.clone() }),
        ("password-changed", Letter::PasswordChanged { name: name.clone(), link: link.clone() }),
        (
            "invitation-organiser",
            invitation(Some(say("Ruth")), Some((association.clone(), "organiser".into()))),
        ),
        ("invitation-steward", invitation(Some(say("Ruth")), Some((association.clone(), "steward".into())))),
        ("invitation-board", invitation(None, None)),
        (
            "confirm-coming",
            Letter::ConfirmComing {
                name: name.clone(),
                association: association.clone(),
                event: call.clone(),
                when: "Saturday 13 June 2026, 10 am to noon, UK time".into(),
                link: link.clone(),
            },
        ),
        ("rsvp-going", stands("going", "")),
        ("rsvp-waiting", stands("waiting", "")),
        ("rsvp-maybe", stands("maybe", "")),
        ("rsvp-refused", stands("refused", &say("For members this time."))),
        (
            "event-off",
            Letter::EventOff {
                name: name.clone(),
                association: association.clone(),
                event: call.clone(),
                when: "Saturday 13 June 2026, 10 am to noon, UK time".into(),
                reason: say("A storm."),
                link: link.clone(),
            },
        ),
        (
            "confirm-offer",
            Letter::ConfirmOffer {
                name: name.clone(),
                association: association.clone(),
                call: call.clone(),
                needs: needs(),
                link: link.clone(),
            },
        ),
        (
            "receipt",
            Letter::Receipt {
                name: name.clone(),
                association: association.clone(),
                call: call.clone(),
                needs: needs(),
                link: link.clone(),
            },
        ),
        (
            "pledge-accepted",
            answered("accepted", &say("Wonderful. Ten o'clock at the bandstand.\nBring gloves.")),
        ),
        ("pledge-declined", answered("declined", "")),
        ("pledge-kept", answered("kept", "")),
        ("call-closed", over("closed", &say("Forty trees stand."), &say("Thank you all."))),
        ("call-cancelled", over("cancelled", &say("It pours."), "")),
        ("call-left", over("another-day", "", "")),
        (
            "pledge-waits",
            Letter::PledgeWaits {
                association: association.clone(),
                giver: name.clone(),
                call: call.clone(),
                needs: needs(),
                note: say("I have a bike."),
                link: link.clone(),
            },
        ),
        (
            "reply-waits",
            Letter::ReplyWaits {
                association: association.clone(),
                author: name.clone(),
                about: call.clone(),
                link: link.clone(),
            },
        ),
        (
            "reported",
            Letter::Reported {
                association: Some(association.clone()),
                what: call.clone(),
                category: "It is advertising".into(),
                words: say("Look at the link."),
                link: link.clone(),
            },
        ),
        ("report-decided", Letter::ReportDecided { what: call.clone(), decision: say("It was taken down.") }),
        ("nominated", Letter::Nominated { title: say("A pond"), name: name.clone(), link: link.clone() }),
        (
            "nomination-pinned",
            Letter::NominationDecided {
                name: name.clone(),
                title: say("A pond"),
                link: Some(link.clone()),
                reason: String::new(),
            },
        ),
        (
            "nomination-declined",
            Letter::NominationDecided {
                name,
                title: say("A pond"),
                link: None,
                reason: say("There is one."),
            },
        ),
    ]
}

#[tokio::test]
async fn every_letter_reads_well() {
    let house = House::new().await;
    for (kind, letter) in all(str::to_owned) {
        let mail = written(&house, letter);
        insta::assert_snapshot!(
            format!("letter_{kind}"),
            format!("Subject: {}\n\n{}", mail.subject, mail.text)
        );
        insta::assert_snapshot!(format!("letter_{kind}_html"), mail.html);
    }
}

#[tokio::test]
async fn a_letter_asks_nobody_for_anything_and_says_the_same_twice() {
    let house = House::new().await;
    for (kind, letter) in all(str::to_owned) {
        let mail = written(&house, letter);
        for fetched in
            ["src=", "<img", "<link", "url(", "@import", "<script", "<form", "<table", " style=", "http://"]
        {
            assert!(!mail.html.contains(fetched), "{kind} has {fetched}");
        }
        let addresses: Vec<_> =
            mail.html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(
            addresses.iter().all(|address| [LINK, "https://hyde.example/"].contains(address)),
            "{kind}: {addresses:?}"
        );
        assert_eq!(mail.text.contains(LINK), mail.html.contains(LINK), "{kind}");
        assert!(!mail.subject.is_empty() && mail.text.contains("jo@aire.example"), "{kind}");
        assert!(
            !mail.text.contains('!') && !mail.text.to_lowercase().contains("please"),
            "{kind}: {}",
            mail.text
        );
    }
}

/// What people write begins no header, is no HTML, and turns no line around.
#[tokio::test]
async fn what_people_write_stays_what_it_is() {
    let house = House::new().await;
    let hostile = |words: &str| {
        format!(
            "{words}\r\nBcc: everybody@evil.example\r\n\r\n<script>alert(1)</script>\"'\u{202e}\u{2066}\0"
        )
    };
    for (kind, letter) in all(hostile) {
        let mail = written(&house, letter);
        assert!(
            !mail.subject.chars().any(|c| c.is_control() || "\u{202e}\u{2066}".contains(c)),
            "{kind}: {:?}",
            mail.subject
        );
        assert!(mail.subject.chars().count() <= 150, "{kind}");
        assert!(!mail.html.contains("<script"), "{kind}");
    }
}

#[tokio::test]
async fn where_mail_is_kept_a_page_shows_it() {
    let house = House::showing_mail().await;
    assert!(house.get("/mail").await.body.contains("No letter yet"));
    house.person("Ruth Okafor", "ruth").await;
    let sent = house.press(None, "/sign-in", "email=ruth%40hyde.example").await;
    assert!(sent.body.contains("href=\"/mail\""));
    let list = house.get("/mail").await;
    let path = list.body.split("href=\"/mail/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/mail/{path}");
    let page = house.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let link = page.body.split("class=\"button\" href=\"https://hyde.example").nth(1).unwrap();
    assert_eq!(house.get(link.split('"').next().unwrap()).await.status, StatusCode::OK);

    let letter = house.get(&format!("{path}/letter")).await;
    let policy = letter.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.ends_with("; sandbox") && !policy.contains("unsafe"),
        "{policy}"
    );
    let style = letter.body.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    assert!(
        policy.contains(&format!("'sha256-{}='", keys::hash(style))),
        "the style that stands there is the one allowed"
    );
    assert!(matches!(house.letters_to("ruth@hyde.example").await.as_slice(), [Letter::SignIn { .. }]));
}

#[tokio::test]
async fn a_place_that_sends_its_mail_shows_none() {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    people::make_steward(&house.app, &By::operator(), &ruth.email, true).await.unwrap();
    people::ask_for_link(&house.app, folkmoot_app::limits::HERE, &ruth.email, None).await.unwrap();
    let id = mails::list(&house.app, None, 9).await.unwrap()[0].0.id;
    let cookie = house.sign_in(&ruth).await;
    for path in ["/mail".to_owned(), format!("/mail/{id}"), format!("/mail/{id}/letter")] {
        assert_eq!(house.get_as(&cookie, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
