//! Pictures that go with what is published: what they say, how large they are, and in which sizes they are kept.
//!
//! A picture says in words what is on it, or it is not one. Decoding and keeping files is for `app`.
//! Start at [`Picture`].

use crate::{ActorId, PictureId, Refusal, text};

/// The widths in which a picture is kept, beside its own; never wider than it came.
pub const WIDTHS: [u32; 3] = [480, 960, 1_600];
/// The highest a picture is kept; higher ones are made narrower.
pub const HEIGHT: u32 = 2_400;
/// Where files of pictures stand.
pub const FOLDER: &str = "pictures";
/// The longest description, as long as the longest that peers show whole.
pub const ALT: usize = 1_500;
/// The most bytes a picture may come with.
pub const BYTES: usize = 10 * 1024 * 1024;
/// The most points a picture may have.
pub const POINTS: u64 = 40_000_000;
/// The most pictures one association keeps.
pub const MANY: u64 = 500;

/// A picture of ours, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The id; a new picture has a new one, so that what an id shows never changes.
    pub id: PictureId,
    /// The association it belongs to.
    pub home: ActorId,
    /// What is on it, for those who do not see it.
    pub alt: String,
    /// How wide the largest of its files is.
    pub width: u32,
    /// How high that file is.
    pub height: u32,
}

impl Picture {
    /// The widths of its files, smallest first; the last is its own.
    pub fn widths(&self) -> Vec<u32> {
        let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|width| *width < self.width).collect();
        widths.push(self.width);
        widths
    }

    /// The name of the file of one width, in the folder of files.
    pub fn file(&self, width: u32) -> String {
        file(self.id, width)
    }
}

/// The name of a picture's file of one width.
pub fn file(id: PictureId, width: u32) -> String {
    format!("{FOLDER}/{id}/{width}.jpg")
}

/// The picture to which a file of this name belongs.
pub fn id_of(name: &str) -> Option<PictureId> {
    name.strip_prefix(FOLDER)?.strip_prefix('/')?.split('/').next()?.parse().ok()
}

/// What is on a picture, in words; they are needed.
pub fn alt(words: &str) -> Result<String, Refusal> {
    let words = text::paragraphs("alt", words, ALT)?;
    if words.is_empty() {
        return Err(Refusal::field("alt", "say what is on the picture, for those who do not see it"));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::uuid_from;

    #[test]
    fn a_picture_is_never_made_wider_than_it_came() {
        let picture = |width| Picture {
            id: PictureId(uuid_from(1, [1; 10])),
            home: ActorId(uuid_from(1, [2; 10])),
            alt: "A bench".into(),
            width,
            height: 10,
        };
        assert_eq!(picture(300).widths(), [300]);
        assert_eq!(picture(960).widths(), [480, 960]);
        assert_eq!(picture(1_600).widths(), [480, 960, 1_600]);
    }

    #[test]
    fn a_picture_says_what_is_on_it() {
        assert_eq!(alt(" Two people plant a tree.\r\n").unwrap(), "Two people plant a tree.");
        assert!(alt(" \n ").is_err());
        assert!(alt(&"a".repeat(1_501)).is_err());
    }
}
