//! Guessing what was meant.

use super::nearest;

#[test]
fn the_nearest_word_is_guessed_and_strange_ones_are_not() {
    assert_eq!(nearest("lisen", ["name", "listen", "limits"]), Some("listen"));
    assert_eq!(nearest("TITEL", ["title", "place"]), Some("title"));
    assert_eq!(nearest("xyz", ["title", "place"]), None);
}
