//! What an association does with others: listens to them, passes on what they publish, stands together with them.
//!
//! Others are found by their address, as an organiser types it. Start at [`Association::connects`].

use folkmoot_app::{
    affiliations::{self, Asked, Wish},
    carries, connections, remote, rules,
};
use folkmoot_domain::{
    ActorId, ItemId,
    actors::Actor,
    affiliations::TieState,
    carries::{Carry, CarryState},
};
use folkmoot_storage::{affiliations as tie_rows, carries as carry_rows, items as item_rows};
use url::Url;

use crate::associations::Association;

/// What an alliance is for, as a story writes it.
pub const MANDATE: &str = "We pass on each other's causes.";

/// Listening and carrying.
impl Association<'_> {
    /// Somebody as this board knows them, looked up by their address.
    pub async fn finds(&self, whom: &Actor) -> ActorId {
        Box::pin(remote::find(&self.instance.app, &whom.address())).await.unwrap().id
    }

    /// Begins to listen to somebody.
    pub async fn connects(&self, to: &Actor) {
        let target = self.finds(to).await;
        Box::pin(connections::connect(&self.instance.app, &self.by, self.actor.id, target)).await.unwrap();
    }

    /// Listens to somebody no more.
    pub async fn disconnects(&self, from: &Actor) {
        let target = self.finds(from).await;
        Box::pin(connections::disconnect(&self.instance.app, &self.by, self.actor.id, target)).await.unwrap();
    }

    /// An item under the id it has on this board.
    pub async fn item(&self, uri: &Url) -> ItemId {
        let found = item_rows::by_uri(&self.instance.app.store.rows(), uri.as_str()).await.unwrap();
        found.unwrap_or_else(|| panic!("{} does not know {uri}", self.instance.host)).id
    }

    /// Passes an item on, with a reason or (empty) without.
    pub async fn carries(&self, item: &Url, reason: &str) {
        let item = self.item(item).await;
        Box::pin(carries::carry(&self.instance.app, &self.by, self.actor.id, item, reason)).await.unwrap();
    }

    /// Passes on whatever somebody publishes or passes on, from now on and what they did lately.
    pub async fn carries_all_from(&self, source: &Actor) {
        let source = self.finds(source).await;
        let all = rules::Draft::default();
        Box::pin(rules::make(&self.instance.app, &self.by, self.actor.id, source, all)).await.unwrap();
    }

    /// Takes down what it passes on.
    pub async fn takes_down(&self, item: &Url) {
        let carry = self.carry_of(&self.actor, item).await.expect("it carries it");
        Box::pin(carries::take_down(&self.instance.app, &self.by, carry.id)).await.unwrap();
    }

    /// Does not want somebody to pass on what it published.
    pub async fn refuses(&self, carrier: &Actor, item: &Url) {
        let carry = self.carry_of(carrier, item).await.expect("it is carried by them");
        Box::pin(carries::refuse(&self.instance.app, &self.by, carry.id)).await.unwrap();
    }

    /// Lets others pass an item of its own on, or does not.
    pub async fn lets_be_carried(&self, item: &Url, yes: bool) {
        let item = self.item(item).await;
        Box::pin(carries::let_be_carried(&self.instance.app, &self.by, item, yes)).await.unwrap();
    }

    /// Does it pass this on, as its own board has it?
    pub async fn is_carrying(&self, item: &Url) -> bool {
        let carry = self.carry_of(&self.actor, item).await;
        carry.is_some_and(|carry| carry.state == CarryState::Carried)
    }

    /// The addresses of those who pass an item on, as this board has it.
    pub async fn carriers_of(&self, item: &Url) -> Vec<String> {
        let item = self.item(item).await;
        let seen = carry_rows::carriers(&self.instance.app.store.rows(), item, 100).await.unwrap();
        let mut carriers: Vec<String> = seen.iter().map(|seen| seen.carrier.address()).collect();
        carriers.sort();
        carriers
    }

    async fn carry_of(&self, carrier: &Actor, item: &Url) -> Option<Carry> {
        let (carrier, item) = (self.finds(carrier).await, self.item(item).await);
        carry_rows::of(&self.instance.app.store.rows(), carrier, item).await.unwrap()
    }
}

/// Standing together.
impl Association<'_> {
    /// As an alliance: proposes to somebody that they become its member.
    pub async fn invites(&self, member: &Actor) {
        self.proposes(member, Wish::Invite).await;
    }

    /// Asks an alliance to become its member.
    pub async fn asks_to_join(&self, alliance: &Actor) {
        self.proposes(alliance, Wish::Join).await;
    }

    async fn proposes(&self, to: &Actor, wish: Wish) {
        let with = self.finds(to).await;
        let asked = Asked { side: self.actor.id, with, wish, mandate: MANDATE.to_owned() };
        Box::pin(affiliations::propose(&self.instance.app, &self.by, &asked)).await.unwrap();
    }

    /// Says yes to what somebody proposed.
    pub async fn agrees_with(&self, other: &Actor) {
        let other = self.finds(other).await;
        for tie in tie_rows::of(&self.instance.app.store.rows(), self.actor.id).await.unwrap() {
            if tie.is_of(other) && tie.state == TieState::Proposed && tie.asked() == self.actor.id {
                Box::pin(affiliations::answer(&self.instance.app, &self.by, tie.id, true)).await.unwrap();
            }
        }
    }

    /// Ends what it has with somebody.
    pub async fn leaves(&self, other: &Actor) {
        let other = self.finds(other).await;
        for tie in tie_rows::of(&self.instance.app.store.rows(), self.actor.id).await.unwrap() {
            if tie.is_of(other) && tie.state.lives() {
                Box::pin(affiliations::end(&self.instance.app, &self.by, self.actor.id, tie.id))
                    .await
                    .unwrap();
            }
        }
    }

    /// Its ties that count, as its board has it: who is in whom.
    pub async fn ties(&self) -> Vec<(String, String)> {
        let seen = Box::pin(affiliations::shown(&self.instance.app, self.actor.id)).await.unwrap();
        let counts = seen.iter().filter(|seen| seen.tie.counts());
        counts.map(|seen| (seen.member.uri.to_string(), seen.umbrella.uri.to_string())).collect()
    }
}
