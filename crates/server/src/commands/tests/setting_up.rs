//! quickstart, check, migrate, sign-in-link.

use std::os::unix::fs::PermissionsExt as _;

use super::*;

#[tokio::test]
async fn quickstart_makes_a_place_and_says_what_comes_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("srv").to_str().unwrap().to_owned();
    let line = [
        "quickstart",
        "--folder",
        &path,
        "--base-url",
        "hyde.example",
        "--name",
        "Hyde Park, Leeds",
        "--association",
        "Park Friends",
        "--handle",
        "park-friends",
        "--organiser",
        "Ruth Okafor",
        "--email",
        "Ruth@Hyde.example",
    ];
    let said = answer(&line, &[]).await.unwrap();
    for expected in [
        "@park-friends@hyde.example",
        "https://hyde.example/sign-in/",
        "folkmoot serve --config",
        "reverse_proxy 127.0.0.1:8080",
        "search for @park-friends@hyde.example",
        "folkmoot.key apart from",
    ] {
        assert!(said.contains(expected), "no {expected:?} in:\n{said}");
    }
    let key = std::fs::metadata(format!("{path}/folkmoot.key")).unwrap();
    assert_eq!((key.len(), key.permissions().mode() & 0o777), (32, 0o600));
    let database = std::fs::metadata(format!("{path}/folkmoot.sqlite")).unwrap();
    assert_eq!(database.permissions().mode() & 0o777, 0o600);
    let config = Config::load(Some(format!("{path}/folkmoot.toml").as_ref()), std::iter::empty()).unwrap();
    assert_eq!(
        (config.name.as_str(), config.contact.email.as_str()),
        ("Hyde Park, Leeds", "ruth@hyde.example")
    );
    let again = answer(&line, &[]).await.unwrap_err().to_string();
    assert!(again.contains("nothing is written over"), "{again}");
}

#[tokio::test]
async fn quickstart_leaves_nothing_behind_when_it_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    // Both would have the handle that the organiser got first.
    let line = [
        "quickstart",
        "--folder",
        path,
        "--yes",
        "--association",
        "Ruth",
        "--handle",
        "ruth-okafor",
        "--organiser",
        "Ruth Okafor",
    ];
    let refused = answer(&line, &[]).await.unwrap_err().to_string();
    assert!(refused.contains("already taken"), "{refused}");
    let left: Vec<_> = std::fs::read_dir(path).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    std::fs::write(folder.path().join("folkmoot.key"), "somebody's").unwrap();
    let refused = answer(&["quickstart", "--folder", path, "--yes"], &[]).await.unwrap_err().to_string();
    assert!(refused.contains("folkmoot.key is there already"), "{refused}");
    assert_eq!(std::fs::read_to_string(folder.path().join("folkmoot.key")).unwrap(), "somebody's");
    assert!(!folder.path().join("folkmoot.toml").exists());
}

#[tokio::test]
async fn quickstart_names_the_flag_when_nobody_can_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let line = ["quickstart", "--folder", folder.path().to_str().unwrap(), "--base-url", "hyde.example"];
    let refused = answer(&line, &[]).await.unwrap_err().to_string();
    assert!(refused.contains("--name, or --yes"), "{refused}");
}

#[tokio::test]
async fn check_says_that_all_is_well() {
    let place = Place::new().await;
    let said = place.say(&["check"]).await;
    for expected in
        ["at https://hyde.example", "WAL", "The key file opens", "1 association", "Everything is in order"]
    {
        assert!(said.contains(expected), "no {expected:?} in:\n{said}");
    }
    assert!(!said.contains("WRONG"), "{said}");
    let findings = place.objects(&["check"]).await;
    let (mail, rest): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding["part"] == "mail");
    assert!(rest.len() >= 5 && rest.iter().all(|finding| finding["is"] == "well"), "{rest:?}");
    // A place that can sign nobody in by mail hears of it.
    assert!(mail.len() == 1 && mail[0]["is"] == "note", "{mail:?}");
}

/// What `check` says although something is wrong: everything it found, and then the error.
async fn check(config: &str) -> (String, String) {
    let cli = Cli::try_parse_from(["folkmoot", "check", "--config", config]).unwrap();
    let mut out = Vec::new();
    let mut surroundings = Surroundings {
        environment: Vec::new(),
        out: &mut out,
        input: &mut std::io::empty(),
        somebody_there: false,
    };
    let error = act(cli, &mut surroundings).await.unwrap_err().to_string();
    (String::from_utf8(out).unwrap(), error)
}

#[tokio::test]
async fn check_names_each_thing_that_is_wrong() {
    let place = Place::new().await;
    let key = place.folder.path().join("folkmoot.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (said, error) = check(&place.config).await;
    assert!(said.contains("WRONG  Others on this machine can read the key file"), "{said}");
    assert!(error.starts_with("One thing is wrong"), "{error}");

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mended = std::fs::read(&key).unwrap();
    std::fs::write(&key, [7; 32]).unwrap();
    let (said, _) = check(&place.config).await;
    assert!(said.contains("is this the key file that belongs to the database?"), "{said}");
    std::fs::write(&key, mended).unwrap();

    let moved = std::fs::read_to_string(&place.config)
        .unwrap()
        .replace("https://hyde.example", "https://moved.example");
    let moved = place.file("moved.toml", &moved);
    let (said, _) = check(&moved).await;
    assert!(said.contains("The database belongs to https://hyde.example"), "{said}");

    let elsewhere = std::fs::read_to_string(&place.config).unwrap().replace("folkmoot.sqlite", "none.sqlite");
    let elsewhere = place.file("elsewhere.toml", &elsewhere);
    let (said, _) = check(&elsewhere).await;
    assert!(said.contains("There is no database at"), "{said}");
    assert!(!place.folder.path().join("none.sqlite").exists(), "looking makes nothing");
}

#[tokio::test]
async fn check_names_relaxed_guards_without_calling_them_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    answer(&["quickstart", "--folder", path, "--yes"], &[]).await.unwrap();
    let said = answer(&["check", "--config", &format!("{path}/folkmoot.toml")], &[]).await.unwrap();
    assert!(said.contains("note   Nothing is encrypted"), "{said}");
}

#[tokio::test]
async fn a_lost_key_is_not_replaced() {
    let place = Place::new().await;
    std::fs::remove_file(place.folder.path().join("folkmoot.key")).unwrap();
    for line in [&["association", "list"][..], &["migrate"]] {
        let refused = place.refused(line).await;
        assert!(refused.contains("put it back from its copy"), "{refused}");
    }
    assert!(!place.folder.path().join("folkmoot.key").exists());
}

#[tokio::test]
async fn migrate_makes_a_database_and_then_has_nothing_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("folkmoot.toml");
    let text = "base_url = \"https://hyde.example\"\nname = \"Hyde\"\ncontact = { name = \"Ruth\", email = \"r@hyde.example\" }\n[database]\nurl = \"sqlite://new/folkmoot.sqlite\"\n";
    std::fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    let refused = answer(&["association", "list", "--config", config], &[]).await.unwrap_err().to_string();
    assert!(refused.contains("there is no database"), "{refused}");
    let said = answer(&["migrate", "--dry-run", "--config", config], &[]).await.unwrap();
    assert!(said.contains("is to be made.") && !folder.path().join("new").exists(), "{said}");
    let said = answer(&["migrate", "--config", config], &[]).await.unwrap();
    assert!(said.contains("now it is up to date"), "{said}");
    let said = answer(&["migrate", "--json", "--config", config], &[]).await.unwrap();
    assert!(said.contains("\"migrated\":false"), "{said}");
    assert!(
        answer(&["association", "list", "--config", config], &[]).await.unwrap().contains("No association")
    );
}

#[tokio::test]
async fn sign_in_links_are_for_people_with_an_account() {
    let place = Place::new().await;
    let link = place.objects(&["sign-in-link", "ruth@hyde.example"]).await;
    assert!(link[0]["link"].as_str().unwrap().starts_with("https://hyde.example/sign-in/"));
    assert_eq!(place.refused(&["sign-in-link", "eve@hyde.example"]).await, "there is no such person");
}
