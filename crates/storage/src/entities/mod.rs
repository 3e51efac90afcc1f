//! One entity for each table, as the migrations make them. Nothing above `storage` sees these.
#![expect(
    missing_docs,
    reason = "the migrations and the domain say what each column means"
)]

pub mod activities;
pub mod actors;
pub mod arrivals;
pub mod associations;
pub mod battles;
pub mod blocks;
pub mod calls;
pub mod causes;
pub mod changes;
pub mod counters;
pub mod deliveries;
pub mod events;
pub mod followers;
pub mod handles;
pub mod hosts;
pub mod item_causes;
pub mod items;
pub mod late_votes;
pub mod needs;
pub mod people;
pub mod pledge_needs;
pub mod pledges;
pub mod projects;
pub mod reactions;
pub mod replies;
pub mod roles;
pub mod sessions;
pub mod settings;
pub mod sign_in_links;
pub mod tombstones;
pub mod updates;
