//! Rules by which an association carries by itself: "everything from X about #food within 3 km".

use crate::{
    ActorId, AffiliationId, Moment, RuleId,
    items::{Item, ItemKind},
    places::Around,
};

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Who carries: one of ours.
    pub carrier: ActorId,
    /// From whom: what it publishes, and what it carries in turn.
    pub source: ActorId,
    /// Only these kinds; all when empty.
    pub kinds: Vec<ItemKind>,
    /// Only what fights for this cause, by its key.
    pub cause: Option<String>,
    /// Only what is shown near this point.
    pub near: Option<Near>,
    /// Does an organiser look first?
    pub review: bool,
    /// The affiliation that made it; it ends with it.
    pub affiliation: Option<AffiliationId>,
    /// When it was made.
    pub created: Moment,
}

/// A circle with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The name of its middle.
    pub name: String,
    /// The circle.
    pub around: Around,
}

impl Near {
    /// "3 km of Hyde Park".
    fn in_words(&self) -> String {
        let metres = self.around.metres;
        let far = if metres.is_multiple_of(1_000) {
            format!("{} km", metres / 1_000)
        } else {
            format!("{metres} m")
        };
        format!("{far} of {}", self.name)
    }
}

impl Rule {
    /// "Everything from Friends of the Moor about #food within 3 km of Hyde Park; you look first".
    pub fn in_words(&self, source: &str) -> String {
        let what = match self.kinds.as_slice() {
            [] => "Everything".to_owned(),
            kinds => {
                let kinds: Vec<_> = kinds.iter().map(|kind| kind.plural()).collect();
                let mut words = kinds.join(" and ");
                words.get_mut(..1).map(str::make_ascii_uppercase).unwrap_or_default();
                words
            }
        };
        let cause = self.cause.as_ref().map(|cause| format!(" about #{cause}")).unwrap_or_default();
        let near = self.near.as_ref().map(|near| format!(" within {}", near.in_words())).unwrap_or_default();
        let first = if self.review { "; you look first" } else { "; at once" };
        format!("{what} from {source}{cause}{near}{first}")
    }

    /// Does it mean this item? `causes` are the keys of its causes. Who publishes or carries it is asked before.
    pub fn means(&self, item: &Item, causes: &[String]) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.contains(&item.kind);
        let cause = self.cause.as_ref().is_none_or(|cause| causes.contains(cause));
        let near = self.near.as_ref().is_none_or(|near| {
            let point = item.place.as_ref().and_then(crate::places::Place::seen);
            point.is_some_and(|point| near.around.holds(point))
        });
        kind && cause && near
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::places::Point;

    #[test]
    fn a_rule_is_a_sentence() {
        let mut rule = Rule {
            id: RuleId(Uuid::nil()),
            carrier: ActorId(Uuid::nil()),
            source: ActorId(Uuid::nil()),
            kinds: Vec::new(),
            cause: None,
            near: None,
            review: true,
            affiliation: None,
            created: Moment(0),
        };
        assert_eq!(rule.in_words("X"), "Everything from X; you look first");
        rule.kinds = vec![ItemKind::Call, ItemKind::Event];
        rule.cause = Some("food".into());
        let around = Around { point: Point { latitude: 0.0, longitude: 0.0 }, metres: 3_000 };
        rule.near = Some(Near { name: "Hyde Park".into(), around });
        rule.review = false;
        assert_eq!(
            rule.in_words("X"),
            "Calls and events from X about #food within 3 km of Hyde Park; at once"
        );
    }
}
