//! Lists of blocked servers as people pass them on: one domain on a line, or the CSV that Mastodon writes and reads.

use folkmoot_storage::blocks::Block;

/// The first line of Mastodon's list (`Admin::ExportDomainBlocksController`).
const HEAD: &str = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate";

/// Domains with their reasons, and how many lines say something that is no block here: Mastodon's milder severities
/// leave servers in, and here a server is in or out.
pub(super) fn read(text: &str) -> (Vec<(String, String)>, usize) {
    let mut lines = rows(text.trim_start_matches('\u{feff}')).into_iter().peekable();
    let name = |cell: &String| cell.trim().trim_start_matches('#').to_ascii_lowercase();
    let head: Option<Vec<String>> = lines
        .peek()
        .map(|row| row.iter().map(name).collect())
        .filter(|names: &Vec<String>| names.first().is_some_and(|name| name == "domain"));
    let column = |wanted: &str| head.as_ref().and_then(|names| names.iter().position(|name| name == wanted));
    let (severity, comment) = (column("severity"), column("public_comment"));
    if head.is_some() {
        lines.next();
    }
    let (mut wanted, mut left_out) = (Vec::new(), 0);
    for row in lines {
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |cell| cell.trim());
        let domain = cell(Some(0));
        if domain.is_empty() || domain.starts_with('#') {
            continue;
        }
        if severity.is_some() && cell(severity) != "suspend" {
            left_out += 1;
            continue;
        }
        wanted.push((domain.to_owned(), cell(comment).to_owned()));
    }
    (wanted, left_out)
}

/// Cells between commas, in quotes when they hold one (RFC 4180); a cell in quotes may hold line breaks.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            letter => cell.push(letter),
        }
    }
    row.push(cell);
    rows.push(row);
    rows
}

/// As Mastodon writes it.
pub(super) fn csv(blocks: &[Block]) -> String {
    let row =
        |block: &Block| format!("{},suspend,true,true,{},false", cell(&block.domain), cell(&block.reason));
    lines(std::iter::once(HEAD.to_owned()).chain(blocks.iter().map(row)))
}

/// One domain on a line.
pub(super) fn plain(blocks: &[Block]) -> String {
    lines(blocks.iter().map(|block| block.domain.clone()))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let text =
        if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use folkmoot_domain::Moment;

    use super::*;

    fn block(domain: &str, reason: &str) -> Block {
        Block { domain: domain.into(), reason: reason.into(), since: Moment(0) }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let blocks = [block("a.example", "Spam, \"again\"\nand again"), block("b.example", "")];
        let expected = vec![
            ("a.example".to_owned(), "Spam, \"again\"\nand again".to_owned()),
            ("b.example".to_owned(), String::new()),
        ];
        assert_eq!(read(&csv(&blocks)), (expected, 0));
        let names: Vec<_> = read(&plain(&blocks)).0.into_iter().map(|(domain, _)| domain).collect();
        assert_eq!(names, ["a.example", "b.example"]);
    }

    #[test]
    fn mastodons_own_list_is_read() {
        let text = "\u{feff}#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\r\n\
                    bad.example,suspend,false,false,Harassment,false\r\nloud.example,silence,true,false,Loud,false\r\n\
                    pictures.example,noop,true,false,,false\r\n";
        let bad = vec![("bad.example".to_owned(), "Harassment".to_owned())];
        assert_eq!(read(text), (bad, 2), "limited servers are not shut out");
        let older = "domain,severity,public_comment\nbad.example,suspend,Harassment\n";
        assert_eq!(read(older).0.len(), 1);
    }

    #[test]
    fn plain_lists_have_remarks_and_empty_lines() {
        let read = read("# ours\n\nbad.example\n  worse.example  \n#domain\n");
        let names: Vec<_> = read.0.iter().map(|(domain, _)| domain.as_str()).collect();
        assert_eq!((names, read.1), (vec!["bad.example", "worse.example"], 0));
    }

    #[test]
    fn no_cell_is_a_formula() {
        let text = csv(&[block("a.example", "=cmd|' /C calc'!A0"), block("b.example", "@SUM(1)")]);
        assert!(text.contains(",'=cmd|' /C calc'!A0,") && text.contains(",'@SUM(1),"), "{text}");
    }
}
