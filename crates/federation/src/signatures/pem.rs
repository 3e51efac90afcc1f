//! Takes the base64 armour off a key. Line lengths and line ends are not looked at: peers differ in them.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Longest armour read, in bytes; an RSA key of 8192 bits needs about 1 500.
const LONGEST: usize = 8 * 1024;

/// The bytes between `-----BEGIN <label>-----` and its end, when nothing but blanks surrounds them.
pub(super) fn bytes(armour: &str, label: &str) -> Option<Vec<u8>> {
    if armour.len() > LONGEST {
        return None;
    }
    let body = armour
        .trim()
        .strip_prefix(&format!("-----BEGIN {label}-----"))?
        .strip_suffix(&format!("-----END {label}-----"))?;
    let joined: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(joined).ok()
}
