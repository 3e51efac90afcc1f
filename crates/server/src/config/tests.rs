use std::{net::IpAddr, path::Path};

use super::*;

const NEEDED: &str = "base_url = \"https://hyde.example\"\nname = \"Hyde\"\ncontact = { name = \"Ruth\", email = \"ruth@hyde.example\" }\n";

fn none() -> impl Iterator<Item = (String, String)> {
    std::iter::empty()
}

fn env(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into_iter()
}

fn needed() -> Config {
    Config::read(NEEDED, none()).unwrap()
}

/// What is said about a file that has `more` beside what is needed.
fn wrong(more: &str) -> String {
    said(Config::read(&format!("{NEEDED}{more}"), none()).unwrap_err())
}

fn said(problems: Vec<Problem>) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

fn config_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config")
}

#[test]
fn the_checked_in_reference_is_current() {
    let checked_in = std::fs::read_to_string(config_folder().join("default.toml")).unwrap();
    assert!(checked_in == Config::reference(), "stale: cargo run -- config default > config/default.toml");
}

#[test]
fn the_reference_says_what_holds_when_nothing_is_written() {
    let variables = [
        ("FOLKMOOT__BASE_URL", "https://hyde.example"),
        ("FOLKMOOT__NAME", "Hyde"),
        ("FOLKMOOT__CONTACT__NAME", "Ruth"),
        ("FOLKMOOT__CONTACT__EMAIL", "ruth@hyde.example"),
    ];
    let written = Config::read(&Config::reference(), env(&variables)).unwrap();
    assert_eq!(written, Config::read("", env(&variables)).unwrap());
    assert_eq!(written, needed());
}

#[test]
fn the_hand_written_files_load() {
    for (name, localhost) in [("development.toml", true), ("production.example.toml", false)] {
        let config = Config::load(Some(&config_folder().join(name)), none()).unwrap();
        assert_eq!(config.base_url.is_localhost(), localhost, "{name}");
        assert_eq!(config.relaxations().is_empty(), !localhost, "{name}");
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let variables = [
        ("FOLKMOOT__LIMITS__BODY_BYTES", "20000"),
        ("FOLKMOOT__TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16"),
        ("FOLKMOOT__LOG__FORMAT", "json"),
        ("FOLKMOOT_CONFIG", "not ours"),
        ("PATH", "/bin"),
    ];
    let config = Config::read(&format!("{NEEDED}[limits]\nbody_bytes = 99_000\n"), env(&variables)).unwrap();
    assert_eq!(config.limits.body_bytes, 20_000);
    assert_eq!(config.limits.request_seconds, 30);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.trusted_proxies, [AddressRange::new([10, 0, 0, 1].into(), 32), AddressRange::new([10, 1, 0, 0].into(), 16)]);
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_is_allowed() {
    insta::assert_snapshot!(said(Config::read("lisen = 3\n\n[log]\nlevel = \"loud\"\nname = \"x\"\ncolour = true\n[federation]\nper_host = 0\ndelivery_workers = \"many\"\n", none()).unwrap_err()), @r#"
    line 1: `lisen` is not known. Did you mean `listen`? Allowed here: base_url, name, listen, trusted_proxies, database, keys, contact, federation, limits, keeping, log
    line 5: `log.name` is not known; `name` belongs further up, above the first line in [brackets]
    line 6: `log.colour` is not known. Allowed here: level, format
    line 8: `federation.per_host` must be a whole number from 1 to 64, not 0
    line 9: `federation.delivery_workers` must be a whole number from 1 to 1024, not "many"
    `base_url` is missing. The address of this place, as people and other servers see it. Write for example: base_url = "https://hyde.example"
    `name` is missing. The name of this place, shown on every page and told to other servers. Write for example: name = "Hyde Park, Leeds"
    `contact.name` is missing. Who looks after this place. Write for example: contact.name = "Ruth Okafor"
    `contact.email` is missing. Where mail about this place goes. Write for example: contact.email = "ruth@hyde.example"
    "#);
    insta::assert_snapshot!(wrong("[log]\nlevel = \"loud\"\n"), @r#"line 5: `log.level` must be one of off, error, warn, info, debug, trace, perhaps with parts such as info,folkmoot_federation=debug, not "loud""#);
    insta::assert_snapshot!(wrong("[log]\nformat = \"jsno\"\n"), @r#"line 5: `log.format` must be one of text, json, not "jsno"; did you mean json?"#);
    insta::assert_snapshot!(wrong("listen = \"8080\"\n"), @r#"line 4: `listen` must be an address and a port, such as 127.0.0.1:8080, not "8080""#);
    insta::assert_snapshot!(wrong("federation.allow_addresses = [\n  \"10.0.0.0/8\",\n  \"10.0.0.0/40\",\n]\n"), @r#"line 6: `federation.allow_addresses[1]` must be an address or a range such as 10.7.0.0/16, not "10.0.0.0/40""#);
    insta::assert_snapshot!(wrong("database = \"x\"\n"), @r#"line 4: `database` must be a table, not "x""#);
    insta::assert_snapshot!(wrong("listen = Leeds\n"), @"");
    insta::assert_snapshot!(wrong("name = \"twice\"\n"), @"");
}

#[test]
fn errors_of_the_environment_name_the_variable() {
    let variables = [
        ("FOLKMOOT__LIMITS__BODY_BYTES", "lots"),
        ("FOLKMOOT__LIMITS__BODY_BITES", "3"),
        ("FOLKMOOT__FEDERATION__ALLOW_ADDRESSES", "10.0.0.0/8"),
        ("FOLKMOOT__BASE_URL", "http://hyde.example"),
    ];
    insta::assert_snapshot!(said(Config::read(NEEDED, env(&variables)).unwrap_err()), @"");
    insta::assert_snapshot!(said(Config::read(NEEDED, env(&variables[3..])).unwrap_err()), @"");
}

#[test]
fn a_missing_file_and_a_missing_key_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.toml");
    let missing = Config::load(Some(&path), none()).unwrap_err().to_string();
    assert!(missing.contains(&path.display().to_string()) && missing.contains("folkmoot quickstart"), "{missing}");
    insta::assert_snapshot!(Config::load(None, none()).unwrap_err(), @"");
}

#[test]
fn relative_paths_start_at_the_folder_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("folkmoot.toml");
    std::fs::write(&path, format!("{NEEDED}keys.file = \"/etc/folkmoot.key\"\nfederation.extra_certificates = [\"ca.pem\"]\n")).unwrap();
    let config = Config::load(Some(&path), none()).unwrap();
    assert_eq!(config.database.url, DatabaseUrl::Sqlite(folder.path().join("folkmoot.sqlite")));
    assert_eq!(config.keys.file, Path::new("/etc/folkmoot.key"));
    assert_eq!(config.federation.extra_certificates, [folder.path().join("ca.pem")]);
}

#[test]
fn base_urls_are_what_others_can_call() {
    let parse = |text: &str| BaseUrl::try_from(text.to_owned());
    for good in ["https://hyde.example", "https://Hyde.example/", "http://hyde.localhost:8081", "https://hyde.localhost"] {
        parse(good).unwrap();
    }
    assert_eq!(parse("https://Hyde.Example/").unwrap().to_string(), "https://hyde.example");
    for bad in [
        "hyde.example", "http://hyde.example", "https://hyde.example:8443", "https://hyde.example/moot", "https://10.0.0.1",
        "https://hyde", "https://ruth@hyde.example", "https://hyde.example?x", "https://hyde.example#x", "ftp://hyde.localhost", "",
        "http://localhost.example", "http://hydelocalhost",
    ] {
        let sentence = parse(bad).unwrap_err();
        assert!(sentence.starts_with("must ") && sentence.contains(&format!("{bad:?}")) || sentence.contains("port"), "{bad}: {sentence}");
    }
}

#[test]
fn hosts_are_for_localhost_only_and_every_relaxation_is_said() {
    let hosts = "[federation]\nhosts = { \"holbeck.localhost\" = \"127.0.0.1:8082\" }\nallow_addresses = [\"10.0.0.0/8\"]\nextra_certificates = [\"ca.pem\"]\n";
    insta::assert_snapshot!(wrong(hosts), @"");
    let text = NEEDED.replace("https://hyde.example", "http://hyde.localhost:8081");
    let config = Config::read(&format!("{text}trusted_proxies = [\"::/0\"]\n{hosts}"), none()).unwrap();
    insta::assert_snapshot!(config.relaxations().join("\n"), @"");
    assert_eq!(needed().relaxations(), Vec::<String>::new());
}

#[test]
fn the_password_of_the_database_is_never_shown() {
    let url = "postgres://folkmoot:s3cret@localhost/folkmoot";
    let config = Config::read(&format!("{NEEDED}database.url = \"{url}\"\n"), none()).unwrap();
    assert_eq!(config.database.url.to_connect(), url);
    let shown = [config.show().unwrap(), format!("{config:?}"), serde_json::to_string(&config).unwrap()];
    for text in shown {
        assert!(!text.contains("s3cret") && text.contains("postgres://folkmoot:***@localhost/folkmoot"), "{text}");
    }
    let mistyped = wrong("database.url = \"postgre://folkmoot:s3cret@localhost/folkmoot\"\n");
    assert!(!mistyped.contains("s3cret") && mistyped.contains("must begin with sqlite:// or postgres://"), "{mistyped}");
    for bad in ["sqlite://", "sqlite::memory:", "sqlite://:memory:", "sqlite://a?mode=ro", "postgres://localhost", "mysql://a/b"] {
        assert!(DatabaseUrl::try_from(bad.to_owned()).is_err(), "{bad}");
    }
}

#[test]
fn ranges_hold_what_they_say() {
    let holds = |range: &str, address: &str| {
        range.parse::<AddressRange>().unwrap().contains(address.parse::<IpAddr>().unwrap())
    };
    assert!(holds("10.0.0.0/8", "10.255.0.1"));
    assert!(!holds("10.0.0.0/8", "11.0.0.1"));
    assert!(holds("10.0.0.0/8", "::ffff:10.1.1.1"));
    assert!(holds("127.0.0.1", "127.0.0.1"));
    assert!(!holds("127.0.0.1", "127.0.0.2"));
    assert!(holds("0.0.0.0/0", "9.9.9.9"));
    assert!(!holds("0.0.0.0/0", "2001:db8::1"));
    assert!(holds("::/0", "2001:db8::1"));
    assert!(holds("fd00::/8", "fdff::1"));
    assert!(!holds("fd00::/8", "fe80::1"));
    assert!("fd00::/129".parse::<AddressRange>().is_err());
    assert_eq!("::1".parse::<AddressRange>().unwrap().to_string(), "::1/128");
}
