//! How commands answer: lines for people, or one JSON object a line for programs.
//!
//! Start at [`Answers`].

use std::{
    fmt::Display,
    io::{self, Write},
};

use serde_json::Value;

/// Where answers go, and in which of the two forms.
pub struct Answers<'w> {
    out: &'w mut (dyn Write + Send),
    json: bool,
}

impl<'w> Answers<'w> {
    /// Answers in JSON or in words.
    pub fn new(out: &'w mut (dyn Write + Send), json: bool) -> Self {
        Self { out, json }
    }

    /// Are they for programs?
    pub fn are_json(&self) -> bool {
        self.json
    }

    /// One thing, in both forms.
    pub fn thing(&mut self, words: impl Display, object: &Value) -> io::Result<()> {
        if self.json { writeln!(self.out, "{object}") } else { self.line(&words) }
    }

    /// What only people need: a heading, that a list is empty, what comes next.
    pub fn word(&mut self, words: impl Display) -> io::Result<()> {
        if self.json { Ok(()) } else { self.line(&words) }
    }

    /// Words may come from strangers, and control characters would steer the terminal.
    fn line(&mut self, words: &dyn Display) -> io::Result<()> {
        let calm = |letter: &char| !letter.is_control() || *letter == '\n';
        let words: String = words.to_string().chars().filter(calm).collect();
        writeln!(self.out, "{words}")
    }

    /// Text as it is, in both forms alike.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Makes sure that what was said so far is seen.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Lines of `name  value` below a heading, with the values in one column. Empty values are left out.
pub fn sheet(heading: &str, lines: &[(&str, String)]) -> String {
    let filled = lines.iter().filter(|(_, value)| !value.is_empty());
    let width = filled.clone().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let mut sheet = heading.to_owned();
    for (name, value) in filled {
        let indented = value.replace('\n', &format!("\n{}", " ".repeat(width + 4)));
        sheet.extend(["\n  ", name, &" ".repeat(width - name.chars().count() + 2), &indented]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_lines_up() {
        let sheet = sheet(
            "Park Friends",
            &[("id", "7".into()), ("nothing", String::new()), ("about", "a\nb".into())],
        );
        assert_eq!(sheet, "Park Friends\n  id     7\n  about  a\n         b");
    }

    #[test]
    fn nobody_steers_the_terminal() {
        let mut out = Vec::new();
        let mut answers = Answers::new(&mut out, false);
        answers.word("Ada \u{1b}[2J\u{9b}31m\r\nand Bob").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "Ada [2J31m\nand Bob\n");
    }

    #[test]
    fn words_are_for_people_alone() {
        for (json, said) in [(false, "seven\nNext\n"), (true, "{\"n\":7}\n")] {
            let mut out = Vec::new();
            let mut answers = Answers::new(&mut out, json);
            answers.thing("seven", &serde_json::json!({ "n": 7 })).unwrap();
            answers.word("Next").unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), said);
        }
    }
}
