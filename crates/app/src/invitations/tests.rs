//! Coming in: who may ask whom, that a link works once however many press it, and that nobody comes in higher.

use folkmoot_domain::moments::DAY;
use folkmoot_storage::people as rows;

use super::*;
use crate::{
    Error,
    limits::HERE,
    tests::{House, founding},
};

struct Board {
    house: House,
    park: ActorId,
    ruth: By,
}

/// An association with Ruth as its organiser.
async fn board() -> Board {
    let house = House::new().await;
    let handle = Handle::parse("ruth").unwrap();
    let ruth = people::enrol(&house.app, &By::operator(), "Ruth", &handle, "ruth@hyde.test").await.unwrap();
    let found = associations::found(&house.app, &By::operator(), founding("moor"), Some(ruth.id)).await;
    Board { park: found.unwrap().actor.id, ruth: By::person(ruth.id), house }
}

impl Board {
    async fn ask(&self, by: &By, email: &str, place: Option<(ActorId, Role)>) -> Result<String> {
        let link = invite(&self.house.app, by, HERE, email, place).await?;
        Ok(link.path().trim_start_matches("/invitations/").to_owned())
    }

    async fn come_in(&self, secret: &str, handle: &str) -> Result<String> {
        let newcomer = Newcomer { name: "Sam".into(), handle: handle.into() };
        accept(&self.house.app, HERE, secret, &newcomer, "Firefox on Linux").await
    }

    async fn roles(&self, email: &str) -> Vec<Role> {
        let rows = self.house.app.store.rows();
        let person = rows::by_email(&rows, email).await.unwrap().unwrap();
        rows::roles(&rows, person.id, self.park).await.unwrap()
    }
}

fn refused<T: std::fmt::Debug>(answer: Result<T>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_invitation_makes_an_account_with_exactly_its_role_once() {
    let board = board().await;
    let secret = board.ask(&board.ruth, "Sam@hyde.test", Some((board.park, Role::Steward))).await.unwrap();
    let seen = look(&board.house.app, &secret).await.unwrap();
    assert_eq!((seen.inviter.as_deref(), seen.association.as_deref()), (Some("Ruth"), Some("Park Friends")));
    let session = board.come_in(&secret, "sam").await.unwrap();
    let person = people::signed_in(&board.house.app, &session).await.unwrap().unwrap();
    assert_eq!((person.email.as_str(), person.steward), ("sam@hyde.test", false));
    assert_eq!(board.roles("sam@hyde.test").await, [Role::Steward]);
    assert_eq!(refused(board.come_in(&secret, "other").await), Refusal::LinkSpent);
    assert_eq!(refused(look(&board.house.app, &secret).await), Refusal::LinkSpent);
}

#[tokio::test]
async fn fifty_who_press_at_once_are_one() {
    let board = board().await;
    let secret = board.ask(&board.ruth, "sam@hyde.test", Some((board.park, Role::Steward))).await.unwrap();
    // From fifty places, so that no limit hides what the transaction does.
    let tries = (0..50u32).map(|number| {
        let (app, secret) = (board.house.app.clone(), secret.clone());
        let from = IpAddr::V4(std::net::Ipv4Addr::from_bits(0xcb00_7100 + number));
        let newcomer = Newcomer { name: "Sam".into(), handle: format!("sam{number}") };
        tokio::spawn(async move { accept(&app, from, &secret, &newcomer, "").await })
    });
    let mut in_ = 0;
    for one in tries.collect::<Vec<_>>() {
        in_ += usize::from(one.await.unwrap().is_ok());
    }
    assert_eq!(in_, 1);
    assert_eq!(rows::list(&board.house.app.store.rows()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn who_may_ask_whom_is_closed_by_default() {
    let board = board().await;
    let (app, park) = (&board.house.app, board.park);
    let secret = board.ask(&board.ruth, "sam@hyde.test", Some((park, Role::Steward))).await.unwrap();
    let session = board.come_in(&secret, "sam").await.unwrap();
    let sam = By::person(people::signed_in(app, &session).await.unwrap().unwrap().id);
    // A steward asks nobody, an organiser nobody onto the board, and nobody a steward of the board.
    for role in [Role::Organiser, Role::Steward] {
        assert_eq!(
            refused(board.ask(&sam, "eve@hyde.test", Some((park, role))).await),
            Refusal::NotAnOrganiser
        );
    }
    for by in [&sam, &board.ruth] {
        assert_eq!(refused(board.ask(by, "eve@hyde.test", None).await), Refusal::NotASteward);
    }
    let board_role = board.ask(&board.ruth, "eve@hyde.test", Some((park, Role::Board))).await;
    assert!(matches!(refused(board_role), Refusal::Field { field: "role", .. }));
    let twice = board.ask(&board.ruth, "sam@hyde.test", Some((park, Role::Steward))).await;
    assert!(matches!(refused(twice), Refusal::Field { field: "email", .. }));
    // A steward of the board asks people onto it, and takes over no association.
    people::make_steward(app, &By::operator(), "sam@hyde.test", true).await.unwrap();
    board.ask(&sam, "eve@hyde.test", None).await.unwrap();
    let takes_over = board.ask(&sam, "sam@hyde.test", Some((park, Role::Organiser))).await;
    assert_eq!(refused(takes_over), Refusal::NotAnOrganiser);
    let gives = give_role(app, &sam, board.house.app.id(), park, Role::Organiser).await;
    assert_eq!(refused(gives), Refusal::NotAnOrganiser);
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_hand_by_a_newer_one_and_with_whoever_gave_it() {
    let board = board().await;
    let (app, place) = (&board.house.app, Some((board.park, Role::Organiser)));
    let first = board.ask(&board.ruth, "sam@hyde.test", place).await.unwrap();
    let second = board.ask(&board.ruth, "sam@hyde.test", place).await.unwrap();
    assert_eq!(refused(look(app, &first).await), Refusal::LinkSpent);
    let [waiting] = pending(app, Some(board.park)).await.unwrap().try_into().unwrap();
    let elsewhere = withdraw(app, &By::operator(), None, &waiting.invitation.hash).await;
    assert_eq!(refused(elsewhere), Refusal::Unknown("invitation"));
    withdraw(app, &board.ruth, Some(board.park), &waiting.invitation.hash).await.unwrap();
    assert_eq!(refused(board.come_in(&second, "sam").await), Refusal::LinkSpent);

    let third = board.ask(&board.ruth, "sam@hyde.test", place).await.unwrap();
    board.house.pass(7 * DAY - 1);
    assert!(look(app, &third).await.is_ok());
    board.house.pass(1);
    assert_eq!(refused(board.come_in(&third, "sam").await), Refusal::LinkSpent);

    let sam = board.ask(&board.ruth, "sam@hyde.test", place).await.unwrap();
    let sam = people::signed_in(app, &board.come_in(&sam, "sam").await.unwrap()).await.unwrap().unwrap();
    let eve = board.ask(&By::person(sam.id), "eve@hyde.test", place).await.unwrap();
    take_role(app, &board.ruth, sam.id, board.park, Role::Organiser).await.unwrap();
    assert_eq!(refused(board.come_in(&eve, "eve").await), Refusal::LinkSpent);
}

#[tokio::test]
async fn a_handle_that_is_taken_or_would_mislead_makes_no_account() {
    let board = board().await;
    let secret = board.ask(&board.ruth, "sam@hyde.test", Some(as_steward(&board))).await.unwrap();
    // The same letters in another dress, names that are the server's, and what peers do not take.
    for handle in
        ["ruth", "RUTH", " ruth ", "@ruth", "admin", "Root", "postmaster", "support", "api", "inbox"]
    {
        assert!(matches!(refused(board.come_in(&secret, handle).await), Refusal::HandleTaken(_)), "{handle}");
        board.house.pass(DAY / 4);
    }
    assert!(look(&board.house.app, &secret).await.is_ok(), "nothing was spent");
}

fn as_steward(board: &Board) -> (ActorId, Role) {
    (board.park, Role::Steward)
}

#[tokio::test]
async fn handles_in_a_dress_are_refused() {
    let board = board().await;
    let secret = board.ask(&board.ruth, "sam@hyde.test", Some(as_steward(&board))).await.unwrap();
    for handle in ["\u{fb01}sh", "\u{ff52}uth", "ru\u{200b}th", ".well-known", "\u{440}uth", "r\u{fc}th"] {
        assert!(
            matches!(refused(board.come_in(&secret, handle).await), Refusal::Field { field: "handle", .. }),
            "{handle}"
        );
        board.house.pass(DAY / 4);
    }
    // The Kelvin sign is a small k, as everywhere in Unicode.
    board.come_in(&secret, "mil\u{212a}").await.unwrap();
    let rows = board.house.app.store.rows();
    assert_eq!(rows::by_email(&rows, "sam@hyde.test").await.unwrap().unwrap().handle.as_str(), "milk");
}

#[tokio::test]
async fn handing_over_needs_somebody_there() {
    let board = board().await;
    let (app, park) = (&board.house.app, board.park);
    let Who::Person(ruth) = board.ruth.who else { panic!("Ruth is a person") };
    let last = take_role(app, &board.ruth, ruth, park, Role::Organiser).await;
    assert_eq!(refused(last), Refusal::LastOrganiser);
    let secret = board.ask(&board.ruth, "sam@hyde.test", Some((park, Role::Steward))).await.unwrap();
    let sam = people::signed_in(app, &board.come_in(&secret, "sam").await.unwrap()).await.unwrap().unwrap();
    let sams = take_role(app, &By::person(sam.id), ruth, park, Role::Organiser).await;
    assert_eq!(refused(sams), Refusal::NotAnOrganiser);
    give_role(app, &board.ruth, sam.id, park, Role::Organiser).await.unwrap();
    take_role(app, &board.ruth, ruth, park, Role::Organiser).await.unwrap();
    assert_eq!(board.roles("ruth@hyde.test").await, []);
    assert_eq!(board.roles("sam@hyde.test").await, [Role::Organiser, Role::Steward]);
}

#[tokio::test]
async fn an_account_that_is_there_already_gets_the_role_and_is_signed_in() {
    let board = board().await;
    let handle = Handle::parse("sam").unwrap();
    let app = &board.house.app;
    let sam = people::enrol(app, &By::operator(), "Sam", &handle, "sam@hyde.test").await.unwrap();
    let secret =
        board.ask(&By::operator(), "sam@hyde.test", Some((board.park, Role::Organiser))).await.unwrap();
    assert_eq!(look(app, &secret).await.unwrap().account.as_deref(), Some("Sam"));
    let session = accept(app, HERE, &secret, &Newcomer::default(), "").await.unwrap();
    assert_eq!(people::signed_in(app, &session).await.unwrap().unwrap().id, sam.id);
    assert_eq!(board.roles("sam@hyde.test").await, [Role::Organiser]);
}
