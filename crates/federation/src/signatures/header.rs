//! Strict reading of one `Signature` header (draft-cavage-12 2.1) into a typed value.
//!
//! Nothing is guessed: a parameter that stands twice, an escaped quote or a number too large ends the
//! reading. What comes out can be verified; whether it is enough is for [`crate::guard`] to say.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Longest header value read, in bytes. A signature of 8192 bits needs about 1 400 of them.
const LONGEST: usize = 8 * 1024;
/// Most names one signature may cover.
const MOST_COVERED: usize = 32;
/// Largest RSA signature, in bytes (8192 bits).
const LARGEST_SIGNATURE: usize = 1024;
/// Most digits of a moment in seconds; the year 5138 ends it.
const MOST_DIGITS: usize = 11;

/// What a request says it was signed with. Both mean an RSA key here; the key decides, never this word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// `rsa-sha256`.
    RsaSha256,
    /// `hs2019`, or no word at all: hash by the key's habit, SHA-256 or SHA-512.
    Hs2019,
}

/// A `Signature` header that follows the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHeader {
    /// `keyId` as written; printable ASCII without quotes, commas or blanks, not yet known to be a URL.
    pub key_id: String,
    /// `algorithm`.
    pub algorithm: Algorithm,
    /// `headers` in their order, lower-case, each once.
    pub covered: Vec<String>,
    /// `signature`, decoded.
    pub signature: Vec<u8>,
    /// `created` in epoch seconds. Counts only when `(created)` is covered.
    pub created: Option<i64>,
    /// `expires` in epoch seconds.
    pub expires: Option<i64>,
}

/// Why a `Signature` header cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    /// The whole or one part is larger than any honest one.
    #[error("the Signature header is too long")]
    TooLong,
    /// Not `name="value"` pairs with commas between them.
    #[error("the Signature header does not follow draft-cavage-12")]
    Grammar,
    /// A parameter stands twice (draft-cavage-12 2.2), also in another spelling of its name.
    #[error("a parameter stands twice in the Signature header")]
    Repeated,
    /// `keyId`, `headers` or `signature` is not there.
    #[error("the Signature header lacks keyId, headers or signature")]
    Missing,
    /// Neither `rsa-sha256` nor `hs2019`.
    #[error("the algorithm is not one we verify: use rsa-sha256")]
    Algorithm,
    /// `created` or `expires` is no moment.
    #[error("created or expires is not a moment in seconds")]
    Moment,
    /// `keyId` is empty or holds characters no address has.
    #[error("keyId is not an address")]
    KeyId,
    /// `headers` names something twice, or something that is no header.
    #[error("headers is not a list of different header names")]
    Covered,
    /// `signature` is not base64, or empty.
    #[error("signature is not base64")]
    Base64,
}

impl SignatureHeader {
    /// Reads the value of one `Signature` header.
    pub fn parse(text: &str) -> Result<Self, HeaderFault> {
        if text.len() > LONGEST {
            return Err(HeaderFault::TooLong);
        }
        let mut parameters = Parameters::read(text)?;
        Ok(Self {
            key_id: key_id(parameters.take("keyId").ok_or(HeaderFault::Missing)?)?,
            algorithm: algorithm(parameters.take("algorithm"))?,
            covered: covered(parameters.take("headers").ok_or(HeaderFault::Missing)?)?,
            signature: signature(parameters.take("signature").ok_or(HeaderFault::Missing)?)?,
            created: parameters.take("created").map(moment).transpose()?,
            expires: parameters.take("expires").map(moment).transpose()?,
        })
    }

    /// Whether `name` (a lower-case header name or a pseudo-header) is signed.
    pub fn covers(&self, name: &str) -> bool {
        self.covered.iter().any(|covered| covered == name)
    }
}

/// The pairs of one header; unknown ones are carried and ignored (draft-cavage-12 2.2).
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    fn read(text: &'a str) -> Result<Self, HeaderFault> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        let mut rest = text.trim_matches(BLANK);
        loop {
            let (name, value, after) = pair(rest).ok_or(HeaderFault::Grammar)?;
            if pairs.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                return Err(HeaderFault::Repeated);
            }
            pairs.push((name, value));
            let after = after.trim_start_matches(BLANK);
            if after.is_empty() {
                return Ok(Self(pairs));
            }
            rest = after.strip_prefix(',').ok_or(HeaderFault::Grammar)?.trim_start_matches(BLANK);
        }
    }

    fn take(&mut self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

const BLANK: [char; 2] = [' ', '\t'];

/// `name="value"` or `name=123`, and what follows it. A backslash never occurs in an honest value.
fn pair(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    if name.is_empty()
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    {
        return None;
    }
    let (value, after) = if let Some(quoted) = rest.strip_prefix('"') {
        quoted.split_once('"')?
    } else {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        rest.split_at_checked(end).filter(|(number, _)| !number.is_empty())?
    };
    let printable = value.bytes().all(|byte| byte != b'\\' && (byte == b' ' || byte.is_ascii_graphic()));
    printable.then_some((name, value, after))
}

fn key_id(text: &str) -> Result<String, HeaderFault> {
    if text.len() > crate::remote_id::LONGEST {
        return Err(HeaderFault::TooLong);
    }
    if text.is_empty() || text.contains([' ', ',']) { Err(HeaderFault::KeyId) } else { Ok(text.to_owned()) }
}

fn algorithm(text: Option<&str>) -> Result<Algorithm, HeaderFault> {
    match text {
        Some("rsa-sha256") => Ok(Algorithm::RsaSha256),
        Some("hs2019") | None => Ok(Algorithm::Hs2019),
        Some(_) => Err(HeaderFault::Algorithm),
    }
}

fn covered(text: &str) -> Result<Vec<String>, HeaderFault> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(' ').map(str::to_ascii_lowercase) {
        let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_()".contains(&byte));
        if name.is_empty() || !letters || names.contains(&name) || names.len() == MOST_COVERED {
            return Err(HeaderFault::Covered);
        }
        names.push(name);
    }
    Ok(names)
}

fn signature(text: &str) -> Result<Vec<u8>, HeaderFault> {
    let bytes = STANDARD.decode(text).map_err(|_| HeaderFault::Base64)?;
    match bytes.len() {
        0 => Err(HeaderFault::Base64),
        1..=LARGEST_SIGNATURE => Ok(bytes),
        _ => Err(HeaderFault::TooLong),
    }
}

fn moment(text: &str) -> Result<i64, HeaderFault> {
    if text.is_empty() || text.len() > MOST_DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(HeaderFault::Moment);
    }
    text.parse().map_err(|_| HeaderFault::Moment)
}
