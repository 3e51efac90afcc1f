//! The network as a drawing: everybody on a ring with a number, lines between them, SVG in the page. The list beside it has
//! the numbers and says the same in words.

use folkmoot_domain::{
    associations::AssociationKind,
    network::{Drawing, Network, Relation},
};

/// Room around the ring for marks, and for names when there are few.
const ROOM: f64 = 24.0;
const ROOM_FOR_NAMES: f64 = 84.0;
/// So many have their names beside them; beyond that, numbers alone.
const NAMED: usize = 12;
/// How much of a name stands on one of its two lines.
const LETTERS: usize = 12;

/// A drawing as its template needs it.
pub(crate) struct Picture {
    /// The view box: left, top, width and height.
    pub view: String,
    pub lines: Vec<Stroke>,
    pub marks: Vec<Mark>,
    /// What it shows, in a sentence.
    pub says: String,
}

/// A line between two, bent towards the middle.
pub(crate) struct Stroke {
    pub path: String,
    /// Dotted, when only one side says so.
    pub dotted: bool,
}

/// One association.
pub(crate) struct Mark {
    pub number: usize,
    pub x: f64,
    pub y: f64,
    /// Where its number stands.
    pub base: f64,
    pub name: String,
    pub alliance: bool,
    pub public_body: bool,
    pub here: bool,
    pub paper: &'static str,
    pub label: Option<Label>,
}

/// A name beside a mark, on two lines.
pub(crate) struct Label {
    pub x: f64,
    pub y: f64,
    pub anchor: &'static str,
    pub first: String,
    pub second: String,
}

impl Picture {
    pub(super) fn of(network: &Network, drawing: &Drawing) -> Self {
        let alliances = network.alliances();
        let named = drawing.order.len() <= NAMED;
        let room = if named { ROOM_FOR_NAMES } else { ROOM };
        let middle = (drawing.width / 2.0, drawing.height / 2.0);
        let lines = network.ties.iter().filter_map(|tie| {
            let (from, to) = (drawing.spot(tie.from)?, drawing.spot(tie.to)?);
            Some(Stroke { path: bent(from, to, middle), dotted: !tie.is_confirmed() })
        });
        let marks =
            (1..).zip(drawing.order.iter().zip(&drawing.spots)).filter_map(|(number, (place, spot))| {
                let node = network.nodes.get(*place)?;
                Some(Mark {
                    number,
                    x: spot.0,
                    y: spot.1,
                    base: spot.1 + 4.5,
                    name: node.name.clone(),
                    alliance: alliances.contains(place),
                    public_body: node.kind == Some(AssociationKind::PublicBody),
                    here: node.here,
                    paper: node.paper.word(),
                    label: named.then(|| Label::beside(&node.name, *spot, middle)),
                })
            });
        Self {
            view: format!(
                "{} {} {} {}",
                -room,
                -ROOM - 14.0,
                drawing.width + 2.0 * room,
                drawing.height + 2.0 * ROOM + 28.0
            ),
            lines: lines.collect(),
            marks: marks.collect(),
            says: says(network),
        }
    }
}

fn says(network: &Network) -> String {
    let associations = match network.nodes.len() {
        1 => "One association".to_owned(),
        many => format!("{many} associations"),
    };
    let confirmed = network.ties.iter().filter(|tie| tie.is_confirmed()).count();
    let members = network.ties.iter().filter(|tie| tie.relation == Relation::Member).count();
    format!(
        "{associations} on a ring, with {} ties between them: {members} of members to alliances; {confirmed} are confirmed by \
         both sides. The list has the numbers and says the same.",
        network.ties.len()
    )
}

/// A line that bends towards the middle, so that neighbours on the ring do not hide it.
fn bent(from: (f64, f64), to: (f64, f64), middle: (f64, f64)) -> String {
    let half = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    // On a long ring the middle is far: a line bends towards the middle of its own height.
    let aim = (middle.0, half.1 + (middle.1 - half.1).clamp(-80.0, 80.0));
    let bend = (f64::midpoint(half.0, aim.0), f64::midpoint(half.1, aim.1));
    format!("M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}", from.0, from.1, bend.0, bend.1, to.0, to.1)
}

impl Label {
    fn beside(name: &str, (x, y): (f64, f64), middle: (f64, f64)) -> Self {
        let (first, second) = two_lines(name);
        let tall = if second.is_empty() { 0.0 } else { 14.0 };
        if (x - middle.0).abs() < 20.0 {
            let y = if y < middle.1 { y - 22.0 - tall } else { y + 30.0 };
            return Self { x, y, anchor: "middle", first, second };
        }
        let (x, anchor) = if x > middle.0 { (x + 20.0, "start") } else { (x - 20.0, "end") };
        Self { x, y: y + 5.0 - tall / 2.0, anchor, first, second }
    }
}

/// A name on two lines, cut where it does not fit.
fn two_lines(name: &str) -> (String, String) {
    let (mut first, mut second) = (String::new(), String::new());
    for word in name.split_whitespace() {
        let fits = |line: &str| line.is_empty() || line.chars().count() + word.chars().count() < LETTERS;
        let line = if second.is_empty() && fits(&first) { &mut first } else { &mut second };
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    (cut(&first), cut(&second))
}

fn cut(line: &str) -> String {
    if line.chars().count() <= LETTERS {
        return line.to_owned();
    }
    let short: String = line.chars().take(LETTERS - 1).collect();
    format!("{}\u{2026}", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_on_two_short_lines() {
        let lines = |name| {
            let (first, second) = two_lines(name);
            format!("{first}|{second}")
        };
        assert_eq!(lines("Growers"), "Growers|");
        assert_eq!(lines("Park Friends"), "Park Friends|");
        assert_eq!(lines("Little Moor Park Friends"), "Little Moor|Park Friends");
        assert_eq!(lines("Llanfairpwllgwyngyll Residents"), "Llanfairpwl\u{2026}|Residents");
        assert_eq!(lines(""), "|");
    }

    #[test]
    fn a_line_bends_towards_the_middle() {
        assert_eq!(bent((0.0, 100.0), (300.0, 100.0), (150.0, 150.0)), "M0.0 100.0Q150.0 125.0 300.0 100.0");
    }
}
