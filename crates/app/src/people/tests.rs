//! Signing in and out, passwords, addresses, leaving: what each needs, what it ends, and what is told to nobody.

use folkmoot_domain::{
    moments::{DAY, MINUTE},
    people::Person,
    roles::Role,
    text::Handle,
};
use folkmoot_storage::people as rows;

use super::*;
use crate::{
    By, Error,
    limits::HERE,
    mails::{self, Letter},
    tests::{House, founding},
};

const STRONG: &str = "kettle marmalade otter nine";

async fn ruth(house: &House) -> Person {
    let handle = Handle::parse("ruth").unwrap();
    enrol(&house.app, &By::operator(), "Ruth", &handle, "ruth@hyde.test").await.unwrap()
}

/// The letters that wait for this address, taken up and taken as sent.
async fn letters(house: &House, to: &str) -> Vec<Letter> {
    let mut found = Vec::new();
    for due in mails::claim_due(&house.app, 100).await.unwrap() {
        mails::sent(&house.app, &due).await.unwrap();
        if due.stored.recipient == to {
            found.push(due.letter);
        }
    }
    found
}

async fn link_for(house: &House, email: &str) -> String {
    ask_for_link(&house.app, HERE, email, None).await.unwrap();
    let Some(Letter::SignIn { link, .. }) = letters(house, "ruth@hyde.test").await.pop() else {
        panic!("no letter")
    };
    link.rsplit('/').next().unwrap().to_owned()
}

async fn is_in(house: &House, session: &str) -> bool {
    signed_in(&house.app, session).await.unwrap().is_some()
}

fn refused<T: std::fmt::Debug>(answer: Result<T>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_letter_goes_only_to_who_is_known_and_to_the_address_that_is_known() {
    let house = House::new().await;
    ruth(&house).await;
    ask_for_link(&house.app, HERE, "nobody@hyde.test", Some("/desk")).await.unwrap();
    assert_eq!(mails::list(&house.app, None, 10).await.unwrap().len(), 0);
    ask_for_link(&house.app, HERE, "RUTH@Hyde.test", Some("/desk?a=b")).await.unwrap();
    let found = letters(&house, "ruth@hyde.test").await;
    let [Letter::SignIn { name, link }] = found.as_slice() else { panic!("another letter") };
    assert_eq!(name, "Ruth");
    assert!(
        link.starts_with("https://hyde.test/sign-in/") && link.ends_with("?next=%2Fdesk%3Fa%3Db"),
        "{link}"
    );
}

#[tokio::test]
async fn a_link_that_was_asked_for_is_good_for_an_hour_and_once() {
    let house = House::new().await;
    ruth(&house).await;
    let (first, second) =
        (link_for(&house, "ruth@hyde.test").await, link_for(&house, "ruth@hyde.test").await);
    house.pass(ASKED_LINK - 1);
    sign_in(&house.app, &first, "").await.unwrap();
    assert_eq!(refused(sign_in(&house.app, &first, "").await), Refusal::LinkSpent);
    house.pass(1);
    assert_eq!(refused(sign_in(&house.app, &second, "").await), Refusal::LinkSpent);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_in_any_case() {
    let house = House::new().await;
    ruth(&house).await;
    let session = sign_in(&house.app, &link_for(&house, "ruth@hyde.test").await, "").await.unwrap();
    house.pass(IDLE - 1);
    assert!(is_in(&house, &session).await);
    house.pass(IDLE - 1);
    assert!(is_in(&house, &session).await, "it was used a moment ago");
    house.pass(IDLE);
    assert!(!is_in(&house, &session).await);

    let session = sign_in(&house.app, &link_for(&house, "ruth@hyde.test").await, "").await.unwrap();
    for _ in 0..9 {
        house.pass(10 * DAY - MINUTE);
        assert!(is_in(&house, &session).await);
    }
    house.pass(10 * MINUTE);
    assert!(!is_in(&house, &session).await, "ninety days");
    crate::keeping::sweep(&house.app, 30).await.unwrap();
    assert_eq!(
        folkmoot_storage::sessions::find(&house.app.store.rows(), &keys_of(&session)).await.unwrap(),
        None
    );
}

fn keys_of(session: &str) -> String {
    crate::keys::hash(session)
}

#[tokio::test]
async fn a_password_signs_in_and_changing_it_ends_everything() {
    let house = House::new().await;
    let person = ruth(&house).await;
    let with = async |password: &str| sign_in_with(&house.app, HERE, "Ruth@hyde.test", password, "").await;
    assert_eq!(refused(with(STRONG).await), Refusal::NotThisPassword, "there is none yet");
    let old = sign_in(&house.app, &link_for(&house, "ruth@hyde.test").await, "").await.unwrap();
    let unused = link_for(&house, "ruth@hyde.test").await;
    let fresh = set_password(&house.app, HERE, &person, "", STRONG, "Safari on a Mac").await.unwrap();
    assert!(!is_in(&house, &old).await && is_in(&house, &fresh).await && old != fresh);
    assert_eq!(refused(sign_in(&house.app, &unused, "").await), Refusal::LinkSpent);
    let told = letters(&house, "ruth@hyde.test").await;
    assert!(matches!(told.as_slice(), [Letter::PasswordChanged { .. }]), "{told:?}");

    let other = with(STRONG).await.unwrap();
    assert!(is_in(&house, &other).await);
    for wrong in ["", "kettle marmalade otter nin", "KETTLE marmalade otter nine"] {
        assert_eq!(refused(with(wrong).await), Refusal::NotThisPassword);
    }
    let unknown = sign_in_with(&house.app, HERE, "nobody@hyde.test", STRONG, "").await;
    assert_eq!(refused(unknown), Refusal::NotThisPassword);
    let next = "a second sentence of seven words";
    let wrong = set_password(&house.app, HERE, &person, "guess", next, "").await;
    assert!(matches!(refused(wrong), Refusal::Field { field: "old", .. }));
    let weak = set_password(&house.app, HERE, &person, STRONG, "ruth@hyde.test", "").await;
    assert!(matches!(refused(weak), Refusal::Field { field: "password", .. }));
    assert!(is_in(&house, &other).await, "nothing has changed");
    set_password(&house.app, HERE, &person, STRONG, next, "").await.unwrap();
    assert!(!is_in(&house, &other).await && !is_in(&house, &fresh).await);
    assert_eq!(refused(with(STRONG).await), Refusal::NotThisPassword);
}

#[tokio::test]
async fn a_hash_of_before_is_made_anew() {
    let house = House::new().await;
    let person = ruth(&house).await;
    // Eight MiB, as nobody should.
    let weaker = argon2::Argon2::from(argon2::Params::new(8 * 1024, 1, 1, None).unwrap());
    let old =
        argon2::password_hash::PasswordHasher::hash_password_with_salt(&weaker, STRONG.as_bytes(), &[3; 16]);
    let tx = house.app.store.begin().await.unwrap();
    rows::set_password(&tx, person.id, &old.unwrap().to_string()).await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..2 {
        sign_in_with(&house.app, HERE, "ruth@hyde.test", STRONG, "").await.unwrap();
        let hash = rows::password(&house.app.store.rows(), person.id).await.unwrap().unwrap();
        assert!(crate::passwords::is_of_today(&hash), "{hash}");
    }
}

#[tokio::test]
async fn guessing_is_stopped_by_place_and_by_account() {
    let house = House::new().await;
    ruth(&house).await;
    let mut tried = 0;
    let stopped = loop {
        match refused(sign_in_with(&house.app, HERE, "ruth@hyde.test", "guess", "").await) {
            Refusal::NotThisPassword => tried += 1,
            other => break other,
        }
    };
    assert_eq!(tried, 25);
    assert!(matches!(stopped, Refusal::TooOften { seconds } if seconds > 0));
    // From a hundred other places it is still the same account, whose owner can have a link sent.
    for place in 0..100u32 {
        let from = std::net::IpAddr::V4(std::net::Ipv4Addr::from_bits(0xcb00_7100 + place));
        let answer = sign_in_with(&house.app, from, "ruth@hyde.test", "guess", "").await;
        assert!(matches!(refused(answer), Refusal::TooOften { .. }));
    }
    let elsewhere = "203.0.113.200".parse().unwrap();
    ask_for_link(&house.app, elsewhere, "ruth@hyde.test", None).await.unwrap();
    house.pass(6 * MINUTE);
    assert_eq!(
        refused(sign_in_with(&house.app, HERE, "ruth@hyde.test", "guess", "").await),
        Refusal::NotThisPassword
    );
}

#[tokio::test]
async fn nobody_gets_more_than_five_letters() {
    let house = House::new().await;
    ruth(&house).await;
    for place in 0..5u32 {
        let from = std::net::IpAddr::V4(std::net::Ipv4Addr::from_bits(0xcb00_7100 + place));
        ask_for_link(&house.app, from, "ruth@hyde.test", None).await.unwrap();
    }
    let sixth = ask_for_link(&house.app, "203.0.113.99".parse().unwrap(), "Ruth@hyde.test", None).await;
    assert!(matches!(refused(sixth), Refusal::TooOften { .. }));
    // The same for an address that nobody has: else the limit would tell.
    for _ in 0..5 {
        ask_for_link(&house.app, HERE, "nobody@hyde.test", None).await.unwrap();
    }
    assert!(matches!(
        refused(ask_for_link(&house.app, HERE, "nobody@hyde.test", None).await),
        Refusal::TooOften { .. }
    ));
    assert_eq!(letters(&house, "ruth@hyde.test").await.len(), 5);
}

#[tokio::test]
async fn another_address_counts_when_it_is_confirmed_and_ends_links_to_the_old_one() {
    let house = House::new().await;
    let person = ruth(&house).await;
    let sam = Handle::parse("sam").unwrap();
    enrol(&house.app, &By::operator(), "Sam", &sam, "sam@hyde.test").await.unwrap();
    let signs_in = link_for(&house, "ruth@hyde.test").await;
    ask_for_address(&house.app, HERE, &person, "Ruth@aire.test").await.unwrap();
    let found = letters(&house, "ruth@aire.test").await;
    let [Letter::NewAddress { link, .. }] = found.as_slice() else { panic!("another letter") };
    let secret = link.rsplit('/').next().unwrap();
    assert_eq!(refused(sign_in(&house.app, secret, "").await), Refusal::LinkSpent, "it signs nobody in");
    assert!(!link_is_good(&house.app, secret).await.unwrap());
    confirm_address(&house.app, secret).await.unwrap();
    assert_eq!(refused(confirm_address(&house.app, secret).await), Refusal::LinkSpent);
    assert_eq!(refused(confirm_address(&house.app, &signs_in).await), Refusal::LinkSpent);
    assert_eq!(refused(sign_in(&house.app, &signs_in, "").await), Refusal::LinkSpent);
    assert!(matches!(letters(&house, "ruth@hyde.test").await.as_slice(), [Letter::AddressChanged { .. }]));
    let found = rows::by_email(&house.app.store.rows(), "ruth@aire.test").await.unwrap().unwrap();
    assert_eq!(found.id, person.id);

    // Somebody else's address cannot be taken, even by who reads its mail.
    ask_for_address(&house.app, HERE, &found, "sam@hyde.test").await.unwrap();
    let found = letters(&house, "sam@hyde.test").await;
    let [Letter::NewAddress { link, .. }] = found.as_slice() else { panic!("another letter") };
    let taken = confirm_address(&house.app, link.rsplit('/').next().unwrap()).await;
    assert!(matches!(refused(taken), Refusal::Field { field: "email", .. }));
}

#[tokio::test]
async fn whoever_leaves_is_forgotten_but_not_as_the_last_organiser() {
    let house = House::new().await;
    let person = ruth(&house).await;
    let found =
        crate::associations::found(&house.app, &By::operator(), founding("moor"), Some(person.id)).await;
    let moor = found.unwrap().actor.id;
    let session = set_password(&house.app, HERE, &person, "", STRONG, "").await.unwrap();
    assert_eq!(refused(leave(&house.app, &person).await), Refusal::LastOrganiser);
    assert!(is_in(&house, &session).await);
    let sam = Handle::parse("sam").unwrap();
    let sam = enrol(&house.app, &By::operator(), "Sam", &sam, "sam@hyde.test").await.unwrap();
    let tx = house.app.store.begin().await.unwrap();
    rows::give_role(&tx, sam.id, moor, Role::Organiser).await.unwrap();
    tx.commit().await.unwrap();
    leave(&house.app, &person).await.unwrap();

    let found = house.app.store.rows();
    assert!(!is_in(&house, &session).await);
    assert_eq!(rows::find(&found, person.id).await.unwrap(), None);
    assert_eq!(rows::by_email(&found, "ruth@hyde.test").await.unwrap(), None);
    assert_eq!(rows::password(&found, person.id).await.unwrap(), None);
    assert_eq!(rows::roles(&found, person.id, moor).await.unwrap(), []);
    let actor = actors::find(&found, person.id).await.unwrap().unwrap();
    assert!(actor.gone.is_some() && actor.name.is_empty());
    // Two who left do not get in each other's way, and the address is free again.
    assert_eq!(refused(leave(&house.app, &sam).await), Refusal::LastOrganiser);
    let again = Handle::parse("ruth.again").unwrap();
    let again = enrol(&house.app, &By::operator(), "Ruth", &again, "ruth@hyde.test").await.unwrap();
    assert_ne!(again.id, person.id);
    leave(&house.app, &again).await.unwrap();
}

#[tokio::test]
async fn only_the_operator_makes_stewards_of_the_board() {
    let house = House::new().await;
    let person = ruth(&house).await;
    let by = By::person(person.id);
    assert_eq!(refused(make_steward(&house.app, &by, "ruth@hyde.test", true).await), Refusal::NotASteward);
    assert!(make_steward(&house.app, &By::operator(), "ruth@hyde.test", true).await.unwrap().steward);
    assert_eq!(refused(make_steward(&house.app, &by, "ruth@hyde.test", true).await), Refusal::NotASteward);
    let held = rows::roles(&house.app.store.rows(), person.id, house.park.actor.id).await.unwrap();
    assert_eq!(held, [Role::Board]);
    crate::blocks::block(&house.app, &by, "spam.test", "").await.unwrap();
    make_steward(&house.app, &By::operator(), "ruth@hyde.test", false).await.unwrap();
    assert_eq!(refused(crate::blocks::block(&house.app, &by, "spam.test", "").await), Refusal::NotASteward);
}

#[tokio::test]
async fn one_ends_ones_own_sessions_and_nobody_elses() {
    let house = House::new().await;
    let person = ruth(&house).await;
    let sam = Handle::parse("sam").unwrap();
    let sam = enrol(&house.app, &By::operator(), "Sam", &sam, "sam@hyde.test").await.unwrap();
    let phone = set_password(&house.app, HERE, &person, "", STRONG, "Firefox on Android").await.unwrap();
    let desk = sign_in_with(&house.app, HERE, "ruth@hyde.test", STRONG, "Safari on a Mac").await.unwrap();
    let seen = sessions_of(&house.app, person.id, &desk).await.unwrap();
    let words: Vec<_> = seen.iter().map(|(one, this)| (one.agent.as_str(), *this)).collect();
    assert!(words.contains(&("Firefox on Android", false)) && words.contains(&("Safari on a Mac", true)));
    let other = &seen.iter().find(|(_, this)| !this).unwrap().0.hash;
    assert_eq!(refused(end_session(&house.app, sam.id, other).await), Refusal::Unknown("session"));
    assert!(is_in(&house, &phone).await);
    end_session(&house.app, person.id, other).await.unwrap();
    assert!(!is_in(&house, &phone).await && is_in(&house, &desk).await);
    sign_out_everywhere(&house.app, person.id).await.unwrap();
    assert!(!is_in(&house, &desk).await);
}
