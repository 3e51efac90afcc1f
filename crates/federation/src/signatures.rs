//! HTTP signatures as draft-cavage-12 has them, which every peer speaks: made for what leaves, read and
//! verified for what arrives.
//!
//! One strict parser, one signing string and one cipher suite (RSA, PKCS#1 v1.5) serve both directions, so
//! nothing in a request can choose a weaker way. This module decides nothing about time, hosts or whose key
//! it is: that is [`crate::guard`]. RFC 9421 is not spoken yet; such a request is answered 401, on which
//! peers fall back to this dialect. Start at [`SigningKey`] and [`SignatureHeader`].

mod digest;
mod header;
mod http_date;
mod pem;
mod public_key;
mod signing_key;
mod signing_string;
#[cfg(test)]
mod tests;

pub use digest::{BodyDigest, DigestFault};
pub use header::{Algorithm, HeaderFault, SignatureHeader};
pub use http_date::{read as read_http_date, write as write_http_date};
pub use public_key::{RsaPublicKey, VerifyFault};
pub use signing_key::{SignFault, SigningKey};
pub use signing_string::{CREATED, EXPIRES, REQUEST_TARGET, signing_string};
