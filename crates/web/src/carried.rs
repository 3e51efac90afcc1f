//! Whose something is, and who passes it on: what stands at items of others in lists, and on the page of every item.
//!
//! The origin's name stands first and leads to where it was published; then who carries it here, and why.

use folkmoot_domain::{Moment, carries::CarrierSeen, items::ItemSeen};
use folkmoot_storage::{Rows, carries};
use jiff::tz::TimeZone;

use crate::{
    problems::Problem,
    rows::{By, Row},
    words,
};

/// So many carriers are named on a page; how many there are besides is said.
const NAMED: usize = 50;

/// One that carries.
pub(crate) struct Carrier {
    pub by: By,
    /// Why, in its words; may be empty.
    pub reason: String,
    /// Since when.
    pub since: String,
}

impl Carrier {
    pub(crate) fn new(seen: &CarrierSeen, now: Moment, zone: &TimeZone) -> Self {
        Self {
            by: By::new(&seen.carrier),
            reason: seen.reason.clone(),
            since: words::day(seen.since, now, zone),
        }
    }
}

/// Where something was published that is not of this board.
pub(crate) struct Origin {
    pub name: String,
    pub host: String,
    /// The page there; none when it is nowhere a browser should go.
    pub page: Option<String>,
}

/// Everything about carrying that an item's page says.
pub(crate) struct Around {
    /// None for what was published here.
    pub origin: Option<Origin>,
    /// Those of ours that carry what is from elsewhere.
    pub here: Vec<Carrier>,
    /// "Carried by 7 associations"; none when nobody carries it.
    pub count: Option<String>,
    /// Those of them that agree to be named.
    pub named: Vec<Carrier>,
    /// How many besides.
    pub others: usize,
}

/// Reads who carries an item.
pub(crate) async fn around(rows: &Rows<'_>, seen: &ItemSeen, now: Moment) -> Result<Around, Problem> {
    let zone = seen.time_zone();
    let mut around = Around { origin: None, here: Vec::new(), count: None, named: Vec::new(), others: 0 };
    if !seen.home.local {
        let by = By::new(&seen.home);
        let page = words::web_link(&seen.item.page);
        around.origin = Some(Origin { name: by.name, host: seen.home.host.clone(), page });
        let here = carries::here(rows, &[seen.item.id]).await?.remove(&seen.item.id).unwrap_or_default();
        around.here = here.iter().map(|seen| Carrier::new(seen, now, &zone)).collect();
    }
    let many = usize::try_from(seen.carries).unwrap_or_default();
    if many > 0 {
        let named = carries::carriers(rows, seen.item.id, NAMED).await?;
        around.others = many.saturating_sub(named.len());
        around.named = named.iter().map(|seen| Carrier::new(seen, now, &zone)).collect();
        around.count = Some(counted(many));
    }
    Ok(around)
}

fn counted(many: usize) -> String {
    match many {
        1 => "Carried by one association".to_owned(),
        many => format!("Carried by {many} associations"),
    }
}

/// Says in a list who of ours carries what is from elsewhere.
pub(crate) async fn mark(rows: &Rows<'_>, list: &mut [Row], now: Moment) -> Result<(), Problem> {
    let theirs: Vec<_> = list.iter().filter(|row| !row.by.local).map(Row::item).collect();
    let mut here = carries::here(rows, &theirs).await?;
    for row in list {
        let found = here.remove(&row.item()).unwrap_or_default();
        row.carried.extend(found.iter().map(|seen| Carrier::new(seen, now, &TimeZone::UTC)));
    }
    Ok(())
}

/// The same as one line of text, for feeds and map data: "From Friends of the Moor, moot.example. Carried by …".
pub(crate) fn line(seen: &ItemSeen, here: &[CarrierSeen]) -> Option<String> {
    if seen.home.local {
        return None;
    }
    let whose = By::new(&seen.home).name;
    let carried = here.iter().map(|carry| match carry.reason.as_str() {
        "" => carry.carrier.name.clone(),
        reason => format!("{}: {reason}", carry.carrier.name),
    });
    let carried: Vec<_> = carried.collect();
    let origin = format!("From {whose}, {}", seen.home.host);
    Some(if carried.is_empty() {
        origin
    } else {
        format!("{origin} \u{2013} carried by {}", carried.join("; "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_are_counted_and_never_ranked() {
        assert_eq!(counted(1), "Carried by one association");
        assert_eq!(counted(7), "Carried by 7 associations");
    }
}
