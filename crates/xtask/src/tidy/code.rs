//! Takes Rust text apart, just far enough: code here, comments there, what literals hold nowhere.
//!
//! It is no parser and must not become one; rules that need more should become lints. Everything keeps its line.

/// A text taken apart: both parts have as many lines as the whole, with spaces where the other part stood.
pub struct Split {
    /// The code; strings and characters are blanked between their quotes.
    pub code: String,
    /// The comments.
    pub comments: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// Takes a text apart.
pub fn split(text: &str) -> Split {
    let mut parts =
        Split { code: String::with_capacity(text.len()), comments: String::with_capacity(text.len()) };
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let (kind, length) = piece(rest, first, before);
        let (taken, left) = rest.split_at(length);
        let code = if kind == Kind::Code { taken.to_owned() } else { blank(taken) };
        let comments = if kind == Kind::Comment { taken.to_owned() } else { blank(taken) };
        parts.code.push_str(&code);
        parts.comments.push_str(&comments);
        before = taken.chars().next_back().unwrap_or(' ');
        rest = left;
    }
    parts
}

/// What begins here, and how many bytes it takes.
fn piece(rest: &str, first: char, before: char) -> (Kind, usize) {
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if !is_word(before)
        && let Some(length) = raw_string(rest)
    {
        return (Kind::Literal, length);
    }
    match first {
        '"' => (Kind::Literal, closed_by(rest, '"')),
        '\'' => character(rest).map_or((Kind::Code, 1), |length| (Kind::Literal, length)),
        other => (Kind::Code, other.len_utf8()),
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(left) = rest.get(at..).filter(|left| !left.is_empty()) {
        let step = if left.starts_with("/*") {
            depth += 1;
            2
        } else if left.starts_with("*/") {
            depth -= 1;
            2
        } else {
            left.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`; a raw identifier such as `r#type` is none.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix(['b', 'c']).unwrap_or(rest).strip_prefix('r')?;
    let body = after.trim_start_matches('#');
    let end = format!("\"{}", "#".repeat(after.len() - body.len()));
    let inside = body.strip_prefix('"')?;
    let head = rest.len() - inside.len();
    Some(inside.find(&end).map_or(rest.len(), |at| head + at + end.len()))
}

/// The length of a literal up to its closing quote, past what a backslash escapes.
fn closed_by(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if letter == quote && !escaped {
            return at + 1;
        }
        escaped = letter == '\\' && !escaped;
    }
    rest.len()
}

/// The length of `'x'` or `'\n'`; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let mut letters = rest.chars().skip(1);
    let (first, second) = (letters.next()?, letters.next()?);
    (first == '\\' || second == '\'').then(|| closed_by(rest, '\''))
}

fn blank(text: &str) -> String {
    text.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }).collect()
}

/// Whether a letter can stand in the middle of a name.
pub fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether a line of code holds this word, not merely as a part of another.
pub fn has_word(line: &str, word: &str) -> bool {
    line.split(|letter| !is_word(letter)).any(|found| found == word)
}

/// The code with the modules under `#[cfg(test)]` blanked.
pub fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        let (head, tail) = rest.split_at(at);
        let length = body_end(tail).unwrap_or(tail.len());
        let (test, left) = tail.split_at(length);
        kept.push_str(head);
        kept.push_str(&blank(test));
        rest = left;
    }
    kept.push_str(rest);
    kept
}

/// How many bytes an item takes: up to the brace that closes its body, or to the `;` of one without a body.
/// `None` when neither comes.
pub fn body_end(item: &str) -> Option<usize> {
    let (mut braces, mut others) = (0_i32, 0_i32);
    for (at, letter) in item.char_indices() {
        match letter {
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                // A closing brace inside parentheses ends a closure or a constant, not the item.
                if braces == 0 && others == 0 {
                    return Some(at + 1);
                }
            }
            ';' if braces == 0 && others == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_comments_part_and_keep_their_lines() {
        let Split { code, comments } = split("let a = 1; // one {\n/* two\n/* { */ */let b;");
        assert_eq!(code, "let a = 1;         \n      \n          let b;");
        assert_eq!(comments, "           // one {\n/* two\n/* { */ */      ");
    }

    #[test]
    fn what_literals_hold_is_not_code() {
        for text in [r#""{ // \" {""#, "r\"{\\\"", "br##\"{ \"# {\"##", "'{'", r"'\''", "b'{'", r"'\u{7b}'"] {
            let code = split(&format!("({text})")).code;
            assert!(!code.contains('{') && code.ends_with(')'), "{text} became {code}");
        }
        assert_eq!(split("fn r#type<'a>(b: &'a str) {}").code, "fn r#type<'a>(b: &'a str) {}");
    }

    #[test]
    fn test_modules_are_not_shipped() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { c[1]; }\n}\nfn d() {}\n";
        assert_eq!(without_tests(code).split_whitespace().collect::<String>(), "fna(){}fnd(){}");
        assert_eq!(without_tests(code).lines().count(), code.lines().count());
        assert_eq!(without_tests("#[cfg(test)]\nmod tests;\nfn d() {}").trim(), "fn d() {}");
    }

    #[test]
    fn an_item_ends_with_its_body() {
        assert_eq!(
            body_end("fn a(b: [u8; 2]) -> [u8; 2] { { } } fn"),
            Some("fn a(b: [u8; 2]) -> [u8; 2] { { } }".len())
        );
        assert_eq!(body_end("fn a(); fn"), Some("fn a();".len()));
        assert_eq!(body_end("fn a() {"), None);
    }
}
