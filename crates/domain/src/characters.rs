//! Characters that do something to other characters: hide them, turn them round, pile up on them.
//!
//! Names go through [`plain_line`], whoever writes them, here or elsewhere; longer text through [`calm`]. Nothing here
//! judges words. The joiners of emoji and of scripts stay, since Urdu and families need them.

use unicode_normalization::char::is_combining_mark;

/// So many marks may stand on one letter. Living scripts need four.
const MARKS: usize = 5;

/// One line of plain text: no control characters, nothing that hides or turns other text, no piles of marks. Empty when
/// nothing in it can be seen.
pub fn plain_line(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain = pile_off(spaced.filter(|c| !hides_or_turns(*c)));
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().any(can_be_seen) { line } else { String::new() }
}

/// The text without the marks that are too many on one letter, and without what overrides the direction of letters.
/// Isolates stay: they are how one quotes a name of the other direction, and they end with their paragraph.
pub fn calm(text: &str) -> String {
    pile_off(text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}')))
}

fn pile_off(letters: impl Iterator<Item = char>) -> String {
    let mut marks = 0;
    letters
        .filter(|c| {
            marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
            marks <= MARKS
        })
        .collect()
}

/// Zero-width, filling and bidirectional control characters (UAX 9, UTS 39).
fn hides_or_turns(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}')
}

/// Joiners, variation selectors, tags and the blank of Braille show nothing by themselves, and a mark needs a letter.
fn can_be_seen(c: char) -> bool {
    let nothing = matches!(c,
        '\u{200c}' | '\u{200d}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}');
    !(c.is_whitespace() || nothing || is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uni_01_nothing_turns_a_name_round() {
        for turning in
            ["\u{202e}", "\u{202d}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}", "\u{200f}", "\u{61c}"]
        {
            assert_eq!(plain_line(&format!("Ruth{turning} Okafor")), "Ruth Okafor");
        }
        assert_eq!(calm("a\n\u{202e}b\u{2067}c\u{2069}"), "a\nb\u{2067}c\u{2069}");
        assert_eq!(plain_line("  A\n\u{202e}evil\u{200b} name\u{0} "), "A evil name");
    }

    #[test]
    fn uni_03_floods_are_bounded_and_empty_names_are_empty() {
        let zalgo = format!("Z{}a\u{301}", "\u{336}".repeat(10_000));
        assert_eq!(plain_line(&zalgo), format!("Z{}a\u{301}", "\u{336}".repeat(MARKS)));
        assert_eq!(calm(&zalgo), plain_line(&zalgo));
        for empty in [
            "\u{200b}",
            "\u{2066}\u{2069}",
            "\u{3164}",
            "\u{200d}\u{200c}",
            "\u{2800}",
            "\u{301}",
            "\u{ad}",
            " \u{fe0f}",
        ] {
            assert_eq!(plain_line(empty), "", "{empty:?}");
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for honest in [
            "Ruth Okafor",
            "Danuta W\u{f3}jcik",
            "Nguye\u{302}\u{303}n",
            "\u{6c1}\u{645}\u{633}\u{627}\u{6cc}\u{6d2}",
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
            "\u{5e9}\u{5c1}\u{5b8}\u{5dc}\u{5d5}\u{5b9}\u{5dd}",
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} Families",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f} England",
        ] {
            assert_eq!(plain_line(honest), honest);
        }
    }
}
