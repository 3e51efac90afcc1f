use clap::Parser as _;

use super::*;

/// What a command answers.
pub async fn answer(line: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<String> {
    let cli = Cli::try_parse_from(std::iter::once(&"folkmoot").chain(line))?;
    let mut out = Vec::new();
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    act(
        cli,
        &mut Surroundings {
            environment,
            out: &mut out,
        },
    )
    .await?;
    Ok(String::from_utf8(out)?)
}

#[tokio::test]
async fn the_configuration_in_force_is_shown_and_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("folkmoot.toml");
    std::fs::write(&file, "base_url = \"https://hyde.example\"\nname = \"Hyde\"\n").unwrap();
    let line = ["--config", file.to_str().unwrap(), "config", "show"];
    let environment = [
        ("FOLKMOOT__CONTACT__NAME", "Ruth"),
        ("FOLKMOOT__CONTACT__EMAIL", "ruth@hyde.example"),
    ];
    let shown = answer(&line, &environment).await.unwrap();
    let again = folder.path().join("again.toml");
    std::fs::write(&again, &shown).unwrap();
    let read = Config::load(Some(&again), std::iter::empty()).unwrap();
    assert_eq!(read.contact.name, "Ruth");
    let json = answer(&[&line[..], &["--json"]].concat(), &environment)
        .await
        .unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["contact"]["name"], "Ruth");
    let refused = answer(&line, &[]).await.unwrap_err().to_string();
    assert!(refused.contains("or set FOLKMOOT__CONTACT__NAME"), "{refused}");
}

#[tokio::test]
async fn the_reference_is_printed() {
    assert_eq!(
        answer(&["config", "default"], &[]).await.unwrap(),
        Config::reference()
    );
}
