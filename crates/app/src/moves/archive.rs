//! The archive of an association: lines of JSON, packed with gzip, the last of which says how many there are and what
//! their checksum is. A file that was cut off, or changed on the way, is seen before anything is written.

use std::io::{self, BufRead, BufReader, Read, Write};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use folkmoot_domain::Refusal;
use folkmoot_storage::moves::leaves::{HeadLeaf, Leaf, VERSION};
use ring::digest::{Context, SHA256};

use crate::{Error, Result, keys};

/// A line holds one thing, at most with one picture of ten million bytes as base64.
const LONGEST: u64 = 20 * 1024 * 1024;

/// Writes an archive.
pub(super) struct Writer<W: Write> {
    out: GzEncoder<W>,
    digest: Context,
    lines: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out: GzEncoder::new(out, Compression::default()), digest: Context::new(&SHA256), lines: 0 }
    }

    pub(super) fn leaf(&mut self, leaf: &Leaf) -> Result<()> {
        let mut line = serde_json::to_vec(leaf).map_err(|error| Error::Broken(error.to_string()))?;
        line.push(b'\n');
        self.digest.update(&line);
        self.lines += 1;
        self.out.write_all(&line).map_err(|error| unwritten(&error))
    }

    /// Writes the last line. How many there are, and their checksum.
    pub(super) fn finish(mut self) -> Result<(u64, String)> {
        let (lines, sha256) = (self.lines, keys::text(self.digest.clone().finish().as_ref()));
        self.leaf(&Leaf::End { lines, sha256: sha256.clone() })?;
        let mut out = self.out.finish().map_err(|error| unwritten(&error))?;
        out.flush().map_err(|error| unwritten(&error))?;
        Ok((lines, sha256))
    }
}

fn unwritten(error: &io::Error) -> Error {
    Refusal::field("archive", format!("cannot be written: {error}")).into()
}

/// The lines of an archive, one by one.
pub(super) struct Lines<R: Read> {
    read: BufReader<MultiGzDecoder<R>>,
    digest: Context,
    count: u64,
    ended: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(archive: R) -> Self {
        let read = BufReader::new(MultiGzDecoder::new(archive));
        Self { read, digest: Context::new(&SHA256), count: 0, ended: false }
    }

    /// The next leaf; none behind the last line, when that one is right.
    pub(super) fn next(&mut self) -> Result<Option<Leaf>> {
        if self.ended {
            return Ok(None);
        }
        let mut line = Vec::new();
        let read =
            (&mut self.read).take(LONGEST).read_until(b'\n', &mut line).map_err(|error| unread(&error))?;
        if read == 0 || line.last() != Some(&b'\n') {
            return Err(cut_off().into());
        }
        let leaf: Leaf = serde_json::from_slice(&line).map_err(|error| {
            let says = format!("cannot be understood in line {}: {error}", self.count + 1);
            Error::from(Refusal::field("archive", says))
        })?;
        if let Leaf::End { lines, sha256 } = &leaf {
            let sum = keys::text(self.digest.clone().finish().as_ref());
            if *lines != self.count || *sha256 != sum {
                let says = "is damaged: its checksum is not right; copy it once more, or pack it anew";
                return Err(Refusal::field("archive", says).into());
            }
            self.ended = true;
            // Reads the checksum of the gzip frame too.
            let more = self.read.read(&mut [0; 1]).map_err(|error| unread(&error))?;
            return if more == 0 {
                Ok(None)
            } else {
                Err(Refusal::field("archive", "goes on behind its end").into())
            };
        }
        self.digest.update(&line);
        self.count += 1;
        Ok(Some(leaf))
    }
}

fn cut_off() -> Refusal {
    Refusal::field("archive", "ends too early: it was not written or copied whole; nothing was brought in")
}

fn unread(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => cut_off().into(),
        _ => Refusal::field("archive", format!("is no archive of an association, or is damaged: {error}"))
            .into(),
    }
}

/// An archive that was read from its first line to its last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub head: HeadLeaf,
    /// How many lines it has.
    pub lines: u64,
    pub sha256: String,
}

/// Reads an archive whole and believes nothing of it yet.
pub(super) fn check(archive: impl Read) -> Result<Checked> {
    let mut lines = Lines::new(archive);
    let first = lines.next()?;
    let Some(Leaf::Archive(head)) = first else {
        return Err(Refusal::field("archive", "does not begin as an archive of an association does").into());
    };
    if head.version > VERSION {
        let says = format!(
            "is of version {}, and this program reads up to {VERSION}; bring the program up to date first",
            head.version
        );
        return Err(Refusal::field("archive", says).into());
    }
    if !matches!(lines.next()?, Some(Leaf::Association(_))) {
        return Err(Refusal::field("archive", "holds no association").into());
    }
    while let Some(leaf) = lines.next()? {
        if matches!(leaf, Leaf::Archive(_) | Leaf::Association(_)) {
            return Err(Refusal::field("archive", "holds more than one association").into());
        }
    }
    let sha256 = keys::text(lines.digest.clone().finish().as_ref());
    Ok(Checked { head, lines: lines.count, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(version: u32) -> Leaf {
        Leaf::Archive(HeadLeaf {
            version,
            uri: "https://old.test/ap/associations/1".into(),
            address: "@park@old.test".into(),
            packed: 1,
            note: String::new(),
        })
    }

    fn written(leaves: &[Leaf]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out);
        for leaf in leaves {
            writer.leaf(leaf).unwrap();
        }
        writer.finish().unwrap();
        out
    }

    fn why(bytes: &[u8]) -> String {
        check(bytes).unwrap_err().to_string()
    }

    #[test]
    fn an_archive_that_was_cut_off_anywhere_is_seen() {
        let followers = (0..50).map(|one| Leaf::Follower { uri: format!("https://far.test/{one}") });
        let leaves: Vec<_> = [head(1)].into_iter().chain(followers).collect();
        let whole = written(&leaves);
        assert!(why(&whole).contains("holds no association"), "{}", why(&whole));
        for length in 0..whole.len() {
            let why = why(&whole[..length]);
            assert!(why.contains("ends too early") || why.contains("no association"), "{length}: {why}");
        }
    }

    #[test]
    fn a_changed_line_a_newer_version_and_other_files_are_refused() {
        assert!(why(&written(&[head(VERSION + 1)])).contains("up to date"));
        assert!(why(b"PK not gzip at all").contains("no archive"));
        assert!(why(b"").contains("ends too early"));
        let mut out = Vec::new();
        let mut gz = GzEncoder::new(&mut out, Compression::default());
        gz.write_all(&serde_json::to_vec(&head(1)).unwrap()).unwrap();
        gz.write_all(b"\n{\"leaf\":\"end\",\"lines\":1,\"sha256\":\"AAAA\"}\n").unwrap();
        gz.finish().unwrap();
        assert!(why(&out).contains("checksum"), "{}", why(&out));
    }
}
