//! Words of the command line into values of the domain, with the domain's own reasons when they do not fit.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use folkmoot_domain::{
    associations::AssociationKind,
    items::ItemKind,
    papers::Paper,
    people,
    places::Coarseness,
    pledges::PledgeState,
    roles::Role,
    text::{Handle, Language},
};

use crate::config::BaseUrl;

/// A handle, with or without `@`.
pub fn handle(text: &str) -> Result<Handle, String> {
    Handle::parse(text).map_err(|refusal| refusal.to_string())
}

/// An e-mail address.
pub fn email(text: &str) -> Result<String, String> {
    people::email(text).map_err(|refusal| refusal.to_string())
}

/// A language.
pub fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).map_err(|refusal| refusal.to_string())
}

/// An address, or a domain alone, which means https (http for a name under `.localhost`).
pub fn base_url(text: &str) -> Result<BaseUrl, String> {
    let text = text.trim();
    let host = text.split(':').next().unwrap_or(text);
    let scheme = if host.ends_with(".localhost") { "http" } else { "https" };
    let full = if text.contains("://") { text.to_owned() } else { format!("{scheme}://{text}") };
    BaseUrl::try_from(full)
}

/// A kind of association.
pub fn kind() -> impl TypedValueParser<Value = AssociationKind> {
    let words = AssociationKind::ALL.map(|(_, word)| word);
    PossibleValuesParser::new(words).try_map(|word| AssociationKind::parse(&word).ok_or("no such kind"))
}

/// A paper.
pub fn paper() -> impl TypedValueParser<Value = Paper> {
    let words = Paper::ALL.map(|(_, word)| word);
    PossibleValuesParser::new(words).try_map(|word| Paper::parse(&word).ok_or("no such paper"))
}

/// What somebody is to an association.
pub fn role() -> impl TypedValueParser<Value = Role> {
    let words = [Role::Organiser, Role::Steward].map(Role::word);
    PossibleValuesParser::new(words).try_map(|word| Role::parse(&word).ok_or("no such role"))
}

/// How coarsely a place is shown.
pub fn coarseness() -> impl TypedValueParser<Value = Coarseness> {
    let words = Coarseness::ALL.map(Coarseness::word);
    PossibleValuesParser::new(words).try_map(|word| Coarseness::parse(&word).ok_or("no such step"))
}

/// A kind of item.
pub fn item_kind() -> impl TypedValueParser<Value = ItemKind> {
    let words = ItemKind::ALL.map(ItemKind::word);
    PossibleValuesParser::new(words).try_map(|word| ItemKind::parse(&word).ok_or("no such kind"))
}

/// Where a pledge stands.
pub fn pledge_state() -> impl TypedValueParser<Value = PledgeState> {
    let words = PledgeState::ALL.map(PledgeState::word);
    PossibleValuesParser::new(words).try_map(|word| PledgeState::parse(&word).ok_or("no such state"))
}
