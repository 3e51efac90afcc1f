//! What an association has with others, for the table of buttons: a neighbour on the same board whom it hears and carries,
//! who takes a part in its project and takes up its idea, an alliance of both, and somebody elsewhere who refused.

use folkmoot_app::{
    adoptions, affiliations,
    affiliations::{Asked, Wish},
    alliances, carries,
    decisions::{self, Draft},
    partnerships,
    projects::ProjectDraft,
    replies, rules,
};
use folkmoot_domain::{
    ActorId,
    associations::{AssociationKind, Founding},
    decisions::Rule,
    moments::DAY,
    text::{Handle, Language},
};
use folkmoot_tests::{
    associations::{Association, words},
    peers::Stranger,
    world::World,
};

/// Names of things, and what they are in this world.
pub type Things = Vec<(&'static str, String)>;

/// Lays it all around the park.
pub async fn around(world: &World, park: &Association<'_>, ben: &Stranger) -> Things {
    let dale = world.home().found("dale").await;
    let mut things = vec![("dale", dale.actor.id.to_string())];
    things.push(("ben", refused(world, park, ben).await.to_string()));
    things.extend(carried(world, park, &dale).await);
    things.extend(shared(park, &dale).await);
    things.extend(allied(park, &dale).await);
    let said = replies::write(&park.instance.app, &park.by, park.call("Sweep").await.seen.item.id, "Hello");
    things.push(("own-reply", said.await.unwrap().to_string()));
    things
}

/// Ben does not want to be heard.
async fn refused(world: &World, park: &Association<'_>, ben: &Stranger) -> ActorId {
    let id = folkmoot_app::remote::find(&park.instance.app, "@ben@mastodon.test").await.unwrap().id;
    folkmoot_app::connections::connect(&park.instance.app, &park.by, park.actor.id, id).await.unwrap();
    world.settle().await;
    let asked = ben.heard("Follow").pop().expect("we ask before we listen");
    ben.tells(&park.actor, &ben.activity("Reject", asked)).await;
    world.settle().await;
    id
}

/// The park hears the dale, carries some of it by a rule that waits for a look and some by hand; the dale carries the park.
async fn carried(world: &World, park: &Association<'_>, dale: &Association<'_>) -> Things {
    let app = &park.instance.app;
    let by_hand = dale.event("A swim").await.seen.item.id;
    let carry = carries::carry(app, &park.by, park.actor.id, by_hand, "").await.unwrap().id;
    let others = park.event("A fair").await.seen.item.id;
    let others = carries::carry(app, &dale.by, dale.actor.id, others, "").await.unwrap().id;
    let draft = rules::Draft { review: true, ..rules::Draft::default() };
    let rule = rules::make(app, &park.by, park.actor.id, dale.actor.id, draft).await.unwrap().id;
    let found = dale.project("A weir").await.seen.item.id;
    world.settle().await;
    let rows = app.store.rows();
    let waiting = folkmoot_storage::carries::of(&rows, park.actor.id, found).await.unwrap().unwrap().id;
    vec![
        ("carry", carry.to_string()),
        ("others-carry", others.to_string()),
        ("rule", rule.to_string()),
        ("waiting-carry", waiting.to_string()),
        ("dale-call", dale.call("Wade").await.seen.item.id.to_string()),
        ("dale-project", dale.project("A ford").await.seen.item.id.to_string()),
    ]
}

/// The dale offers to take a part in a project of the park, and takes up its idea.
async fn shared(park: &Association<'_>, dale: &Association<'_>) -> Things {
    let app = &park.instance.app;
    let project = park.project("A bridge").await.seen.item.id;
    let offered = partnerships::offer(app, &dale.by, dale.actor.id, project, "host", "").await.unwrap();
    let draft = ProjectDraft { words: words("A bridge here"), need: String::new(), active: true };
    let child = adoptions::start(app, &dale.by, dale.actor.id, draft, project).await.unwrap();
    vec![("partnership", offered.partnership.id.to_string()), ("child", child.seen.item.id.to_string())]
}

/// Ruth founds a league of both and asks its members; the dale proposes to work with the park.
async fn allied(park: &Association<'_>, dale: &Association<'_>) -> Things {
    let app = &park.instance.app;
    let league = Founding {
        handle: Handle::parse("league").unwrap(),
        name: "The League".to_owned(),
        about: "Both of us.".to_owned(),
        kind: AssociationKind::Alliance,
        language: Language::english(),
        zone: "Europe/London".to_owned(),
        place: None,
        battles: Vec::new(),
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    };
    let members = [park.actor.id, dale.actor.id];
    let league = alliances::found(app, &park.by, league, None, &members, "Together").await.unwrap();
    let question = Draft {
        title: "A flag?".to_owned(),
        text: String::new(),
        rule: Rule::Majority,
        closes: app.now().plus(7 * DAY),
    };
    let decision = decisions::ask(app, &park.by, league.seen.actor.id, question).await.unwrap();
    let asked =
        Asked { side: dale.actor.id, with: park.actor.id, wish: Wish::Partner, mandate: String::new() };
    let tie = affiliations::propose(app, &dale.by, &asked).await.unwrap();
    vec![("decision", decision.id.to_string()), ("tie", tie.id.to_string())]
}
