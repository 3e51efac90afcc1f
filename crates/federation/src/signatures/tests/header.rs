//! Signature headers as attackers and honest peers write them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::signatures::*;

fn header(parameters: &[(&str, &str)]) -> String {
    parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}

const GOOD: [(&str, &str); 4] = [
    ("keyId", "\"https://a.example/u#main-key\""),
    ("algorithm", "\"rsa-sha256\""),
    ("headers", "\"(request-target) host date digest\""),
    ("signature", "\"QUJD\""),
];

fn with(name: &str, value: &str) -> Result<SignatureHeader, HeaderFault> {
    let mut parameters: Vec<_> = GOOD.into_iter().filter(|(known, _)| *known != name).collect();
    parameters.push((name, value));
    SignatureHeader::parse(&header(&parameters))
}

fn without(name: &str) -> Result<SignatureHeader, HeaderFault> {
    SignatureHeader::parse(&header(&GOOD.into_iter().filter(|(known, _)| *known != name).collect::<Vec<_>>()))
}

#[test]
fn an_honest_header_is_read_in_full() {
    let read = with("created", "1795458066").unwrap();
    assert_eq!(read.key_id, "https://a.example/u#main-key");
    assert_eq!(read.algorithm, Algorithm::RsaSha256);
    assert_eq!(read.signature, b"ABC");
    assert_eq!((read.created, read.expires), (Some(1_795_458_066), None));
    assert!(read.covers("digest") && !read.covers("(created)"));
    assert_eq!(with("created", "\"1795458066\"").unwrap().created, Some(1_795_458_066));
    assert_eq!(without("algorithm").unwrap().algorithm, Algorithm::Hs2019);
    assert_eq!(with("headers", "\"Host DATE\"").unwrap().covered, ["host", "date"]);
    assert!(with("opaque", "\"of some later draft\"").is_ok());
    assert!(SignatureHeader::parse(&header(&GOOD).replace(',', " , ")).is_ok());
}

/// SIG-18.
#[test]
fn absurd_moments_are_refused() {
    for bad in [
        "18446744073709551615",
        "9223372036854775807",
        "-1",
        "1e9",
        "\"1e9\"",
        "\"\"",
        "",
        "1.5",
        "\"-1\"",
        "\" 1\"",
        "0x10",
    ] {
        for name in ["created", "expires"] {
            assert!(with(name, bad).is_err(), "{name}={bad}");
        }
    }
}

/// SIG-22: also when the second one hides behind another spelling or an unknown name.
#[test]
fn a_parameter_may_stand_once() {
    for (name, value) in GOOD {
        for again in [name.to_owned(), name.to_ascii_uppercase()] {
            let text = format!("{},{again}={value}", header(&GOOD));
            assert_eq!(SignatureHeader::parse(&text), Err(HeaderFault::Repeated), "{text}");
        }
    }
    let text = format!("{},x=\"1\",x=\"2\"", header(&GOOD));
    assert_eq!(SignatureHeader::parse(&text), Err(HeaderFault::Repeated));
}

/// SIG-23.
#[test]
fn an_untidy_key_id_is_refused() {
    for bad in [
        "https://a.example/u",
        "\"https://a/u,v\"",
        "\"https://a/\\\"b\"",
        "\"https://a/\\b\"",
        "\"https://a/u",
        "\"\"",
        "\"https://a/u v\"",
        "'https://a/u'",
        "\"https://a/\u{202e}\"",
        "\"https://a/\t\"",
        "\"https://a/u\"x",
    ] {
        assert!(with("keyId", bad).is_err(), "{bad}");
    }
    assert!(with("keyId", &format!("\"https://a/{}\"", "u".repeat(2048))).is_err());
}

/// SIG-28, SIG-29 and what is left of the grammar.
#[test]
fn the_rest_of_the_grammar_is_strict_too() {
    for algorithm in ["hmac-sha256", "rsa-sha1", "rsa-sha512", "ed25519", "RSA-SHA256", "none", ""] {
        assert_eq!(
            with("algorithm", &format!("\"{algorithm}\"")),
            Err(HeaderFault::Algorithm),
            "{algorithm}"
        );
    }
    for (signature, why) in [
        ("\"\"", HeaderFault::Base64),
        ("\"A\"", HeaderFault::Base64),
        ("\"QUJ\"", HeaderFault::Base64),
        ("\"QUJD=\"", HeaderFault::Base64),
        ("\"QU JD\"", HeaderFault::Base64),
        ("\"QUJ_\"", HeaderFault::Base64),
    ] {
        assert_eq!(with("signature", signature), Err(why), "{signature}");
    }
    assert_eq!(with("signature", &format!("\"{}\"", "A".repeat(1 << 20))), Err(HeaderFault::TooLong));
    assert_eq!(with("signature", &format!("\"{}\"", "A".repeat(4096))), Err(HeaderFault::TooLong));
    for headers in
        ["", "host host", "host  date", " host", "host ", "host,date", "host HOST", "h\u{f6}st", "\\host"]
    {
        assert!(with("headers", &format!("\"{headers}\"")).is_err(), "{headers}");
    }
    let many = (0..33).map(|number| format!("x{number}")).collect::<Vec<_>>().join(" ");
    assert_eq!(with("headers", &format!("\"{many}\"")), Err(HeaderFault::Covered));
    for name in ["keyId", "headers", "signature"] {
        assert_eq!(without(name), Err(HeaderFault::Missing), "{name}");
    }
    for text in [
        "",
        ",",
        "keyId",
        "=\"x\"",
        "Signature keyId=\"x\"",
        &format!("{},", header(&GOOD)),
        &header(&GOOD).replace(',', ";"),
    ] {
        assert_eq!(SignatureHeader::parse(text), Err(HeaderFault::Grammar), "{text}");
    }
    // An RFC 9421 value is not one of ours.
    assert!(SignatureHeader::parse("sig1=:QUJD:").is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = SignatureHeader::parse(&text);
        let _ = read_http_date(&text);
        let _ = BodyDigest::check(&text, b"");
        let _ = RsaPublicKey::from_pem(&text);
    }

    #[test]
    fn nor_does_what_looks_almost_right(
        parts in proptest::collection::vec(
            (prop::sample::select(vec!["keyId", "keyid", "headers", "signature", "created", "expires", "algorithm", "x"]),
             prop::sample::select(vec!["=", "=\"", "\"", "=:"]), "[ -~]{0,12}", prop::sample::select(vec!["\"", "", "\","])),
            0..9,
        )
    ) {
        let pairs: Vec<String> = parts.iter().map(|(name, open, value, close)| format!("{name}{open}{value}{close}")).collect();
        let text = pairs.join(",");
        if let Ok(read) = SignatureHeader::parse(&text) {
            let _ = signing_string("POST", "/inbox", &read.covered, BTreeMap::new());
        }
    }

    /// What is read is what was written: nothing in a value can leak into another parameter.
    #[test]
    fn a_header_is_read_as_it_was_written(key_id in "https://[!-~&&[^\",\\\\]]{1,40}", moment in 0i64..99_999_999_999) {
        let text = format!("keyId=\"{key_id}\",headers=\"host date\",signature=\"QUJD\",created={moment}");
        let read = SignatureHeader::parse(&text).unwrap();
        prop_assert_eq!(read.key_id, key_id);
        prop_assert_eq!(read.created, Some(moment));
        prop_assert_eq!(read.covered, ["host", "date"]);
    }
}
