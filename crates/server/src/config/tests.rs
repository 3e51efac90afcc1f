//! The configuration: the reference is current, and whatever is wrong names itself.

use std::{collections::BTreeMap, fmt::Write as _, net::IpAddr, path::Path};

use super::*;

const NEEDED: &str = "base_url = \"https://hyde.example\"\nname = \"Hyde\"\ncontact = { name = \"Ruth\", email = \"ruth@hyde.example\" }\n";

fn none() -> impl Iterator<Item = (String, String)> {
    std::iter::empty()
}

fn env(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}

fn needed() -> Config {
    Config::read(NEEDED, none()).unwrap()
}

/// What is said about a file that has `more` beside what is needed.
fn wrong(more: &str) -> String {
    said(&Config::read(&format!("{NEEDED}{more}"), none()).unwrap_err())
}

fn said(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
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
    assert_eq!(
        config.trusted_proxies,
        [AddressRange::new([10, 0, 0, 1].into(), 32), AddressRange::new([10, 1, 0, 0].into(), 16)]
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_is_allowed() {
    let everything = "lisen = 3\n\n[log]\nlevel = \"loud\"\nname = \"x\"\ncolour = true\n[federation]\nper_host = 0\ndelivery_workers = \"many\"\n";
    let mut text = format!("{everything}\n{}", said(&Config::read(everything, none()).unwrap_err()));
    for more in [
        "[log]\nlevel = \"loud\"",
        "[log]\nformat = \"jsno\"",
        "listen = \"8080\"",
        "listen = 8080",
        "name = \"\"",
        "listen = Leeds",
        "name = \"twice\"",
        "database = \"x\"",
        "database.url = \"x\"",
        "trusted_proxies = \"10.0.0.1\"",
        "federation.allow_addresses = [\n  \"10.0.0.0/8\",\n  \"10.0.0.0/40\",\n]",
        "federation.hosts.\"holbeck.localhost\" = \"8082\"",
        "federation.hosts.\"holbeck.localhost\" = \"127.0.0.1:8082\"",
    ] {
        write!(text, "\n\u{2026}\n{more}\n\n{}", wrong(more)).unwrap();
    }
    insta::assert_snapshot!("wrong", text);
}

#[test]
fn errors_of_the_environment_name_the_variable() {
    let variables = [
        ("FOLKMOOT__LIMITS__BODY_BYTES", "lots"),
        ("FOLKMOOT__LIMITS__BODY_BITES", "3"),
        ("FOLKMOOT__FEDERATION__ALLOW_ADDRESSES", "10.0.0.0/8"),
        ("FOLKMOOT__BASE_URL", "http://hyde.example"),
    ];
    let shape = said(&Config::read(NEEDED, env(&variables)).unwrap_err());
    let value = said(&Config::read(NEEDED, env(&variables[3..])).unwrap_err());
    insta::assert_snapshot!("wrong_environment", format!("{variables:#?}\n\n{shape}\n{value}"));
}

#[test]
fn a_missing_file_and_a_missing_key_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.toml");
    let missing = Config::load(Some(&path), none()).unwrap_err().to_string();
    assert!(
        missing.contains(&path.display().to_string()) && missing.contains("folkmoot quickstart"),
        "{missing}"
    );
    insta::assert_snapshot!("missing", Config::load(None, none()).unwrap_err());
}

#[test]
fn relative_paths_start_at_the_folder_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("folkmoot.toml");
    std::fs::write(
        &path,
        format!("{NEEDED}keys.file = \"/etc/folkmoot.key\"\nfederation.extra_certificates = [\"ca.pem\"]\n"),
    )
    .unwrap();
    let config = Config::load(Some(&path), none()).unwrap();
    assert_eq!(config.database.url, DatabaseUrl::Sqlite(folder.path().join("folkmoot.sqlite")));
    assert_eq!(config.keys.file, Path::new("/etc/folkmoot.key"));
    assert_eq!(config.federation.extra_certificates, [folder.path().join("ca.pem")]);
}

#[test]
fn base_urls_are_what_others_can_call() {
    let parse = |text: &str| BaseUrl::try_from(text.to_owned());
    for good in [
        "https://hyde.example",
        "https://Hyde.example/",
        "http://hyde.localhost:8081",
        "https://hyde.localhost",
    ] {
        parse(good).unwrap();
    }
    assert_eq!(parse("https://Hyde.Example/").unwrap().to_string(), "https://hyde.example");
    for bad in [
        "hyde.example",
        "http://hyde.example",
        "https://hyde.example:8443",
        "https://hyde.example/moot",
        "https://10.0.0.1",
        "https://hyde",
        "https://ruth@hyde.example",
        "https://hyde.example?x",
        "https://hyde.example#x",
        "ftp://hyde.localhost",
        "",
        "http://localhost.example",
        "http://hydelocalhost",
    ] {
        let sentence = parse(bad).unwrap_err();
        assert!(
            sentence.starts_with("must ") && sentence.contains(&format!("{bad:?}"))
                || sentence.contains("port"),
            "{bad}: {sentence}"
        );
    }
}

#[test]
fn hosts_are_for_localhost_only_and_every_relaxation_is_said() {
    let hosts = "[federation]\nhosts = { \"holbeck.localhost\" = \"127.0.0.1:8082\" }\nallow_addresses = [\"10.0.0.0/8\"]\nextra_certificates = [\"ca.pem\"]\n";
    assert!(
        wrong(hosts).starts_with("line 5: `federation.hosts` is only for trying out"),
        "{}",
        wrong(hosts)
    );
    let text = NEEDED.replace("https://hyde.example", "http://hyde.localhost:8081");
    let config = Config::read(&format!("{text}trusted_proxies = [\"::/0\"]\n{hosts}"), none()).unwrap();
    insta::assert_snapshot!("relaxations", config.relaxations().join("\n"));
    assert_eq!(needed().relaxations(), Vec::<String>::new());
}

#[test]
fn the_password_of_the_database_is_never_shown() {
    let url = "postgres://folkmoot:s3cret@localhost/folkmoot";
    let config = Config::read(&format!("{NEEDED}database.url = \"{url}\"\n"), none()).unwrap();
    assert_eq!(config.database.url.to_connect(), url);
    let shown = [config.show().unwrap(), format!("{config:?}"), serde_json::to_string(&config).unwrap()];
    for text in shown {
        assert!(
            !text.contains("s3cret") && text.contains("postgres://folkmoot:***@localhost/folkmoot"),
            "{text}"
        );
    }
    let mistyped = wrong("database.url = \"postgre://folkmoot:s3cret@localhost/folkmoot\"\n");
    assert!(
        !mistyped.contains("s3cret") && mistyped.contains("must begin with sqlite:// or postgres://"),
        "{mistyped}"
    );
    for bad in [
        "sqlite://",
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite://a?mode=ro",
        "postgres://localhost",
        "mysql://a/b",
    ] {
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

#[test]
fn the_starting_file_can_be_read_whatever_the_names() {
    let base_url = BaseUrl::try_from("http://hyde.localhost:8081".to_owned()).unwrap();
    let holbeck = ("holbeck.localhost".to_owned(), SocketAddr::from(([127, 0, 0, 1], 8082)));
    let name = "Hyde \"Park\" \\ Leeds\n[log]";
    let file = StartingFile {
        base_url: &base_url,
        name,
        contact_name: "'",
        contact_email: "ruth@hyde.example",
        hosts: BTreeMap::from([holbeck.clone()]),
    };
    let config = Config::read(&file.to_string(), none()).unwrap();
    assert_eq!((config.name.as_str(), config.contact.name.as_str(), config.listen.port()), (name, "'", 8081));
    assert_eq!(config.federation.hosts, BTreeMap::from([holbeck]));
    let public = BaseUrl::try_from("https://hyde.example".to_owned()).unwrap();
    let file = StartingFile { base_url: &public, hosts: BTreeMap::new(), ..file };
    let config = Config::read(&file.to_string(), none()).unwrap();
    assert_eq!((config.listen, config.relaxations()), (default_listen(), vec![]));
}

#[test]
fn log_levels_filter_by_part() {
    use tracing::Level;
    let levels = |text: &str| LogLevels::try_from(text.to_owned());
    let filter = levels("warn,folkmoot_federation=debug").unwrap().filter();
    assert!(filter.would_enable("folkmoot_federation::delivery", &Level::DEBUG));
    assert!(filter.would_enable("sea_orm", &Level::WARN) && !filter.would_enable("sea_orm", &Level::INFO));
    let usual = LogLevels::default().filter();
    assert!(usual.would_enable("folkmoot_server", &Level::INFO) && usual.would_enable("sqlx", &Level::WARN));
    assert!(!usual.would_enable("sqlx::postgres::notice", &Level::INFO));
    assert!(levels("info,sqlx=info").unwrap().filter().would_enable("sqlx", &Level::INFO));
    assert!(!levels("off").unwrap().filter().would_enable("sqlx", &Level::ERROR));
    for bad in ["", "loud", "info,folkmoot_web", "info,folkmoot_web=loud", "INFO,"] {
        assert!(levels(bad).is_err(), "{bad}");
    }
}
