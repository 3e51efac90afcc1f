//! Commands as a script says them, against real databases in scratch folders.

mod answering;
mod carrying;
mod looking_after;
mod people;
mod publishing;
mod setting_up;

use clap::Parser as _;

use super::*;

/// What a command answers. Nobody is there to be asked.
pub async fn answer(line: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<String> {
    answer_with(line, environment, "").await
}

/// The same, with something on standard input.
pub async fn answer_with(line: &[&str], environment: &[(&str, &str)], input: &str) -> anyhow::Result<String> {
    let cli = Cli::try_parse_from(std::iter::once(&"folkmoot").chain(line))?;
    let mut out = Vec::new();
    let environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    act(
        cli,
        &mut Surroundings { environment, out: &mut out, input: &mut input.as_bytes(), somebody_there: false },
    )
    .await?;
    Ok(String::from_utf8(out)?)
}

/// A place that quickstart has set up, with one association.
pub struct Place {
    pub folder: tempfile::TempDir,
    config: String,
}

impl Place {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap().to_owned();
        let line = [
            "quickstart",
            "--folder",
            &path,
            "--yes",
            "--base-url",
            "hyde.example",
            "--association",
            "Park Friends",
            "--organiser",
            "Ruth Okafor",
            "--email",
            "ruth@hyde.example",
        ];
        answer(&line, &[]).await.unwrap();
        Self { config: format!("{path}/folkmoot.toml"), folder }
    }

    /// What a command answers here.
    pub async fn try_say(&self, line: &[&str]) -> anyhow::Result<String> {
        answer(&[line, &["--config", &self.config]].concat(), &[]).await
    }

    pub async fn say(&self, line: &[&str]) -> String {
        self.try_say(line).await.unwrap_or_else(|error| panic!("{line:?}: {error:#}"))
    }

    /// The objects that a command answers here.
    pub async fn objects(&self, line: &[&str]) -> Vec<serde_json::Value> {
        let said = self.say(&[line, &["--json"]].concat()).await;
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Why a command is not done here.
    pub async fn refused(&self, line: &[&str]) -> String {
        let refused = self.try_say(line).await;
        format!("{:#}", refused.expect_err("it was done"))
    }

    /// A file here, to publish from.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// One of the examples that operators copy.
pub fn example(name: &str) -> String {
    format!("{}/../../config/examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test]
async fn the_configuration_in_force_is_shown_and_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("folkmoot.toml");
    std::fs::write(&file, "base_url = \"https://hyde.example\"\nname = \"Hyde\"\n").unwrap();
    let line = ["--config", file.to_str().unwrap(), "config", "show"];
    let environment =
        [("FOLKMOOT__CONTACT__NAME", "Ruth"), ("FOLKMOOT__CONTACT__EMAIL", "ruth@hyde.example")];
    let shown = answer(&line, &environment).await.unwrap();
    let again = folder.path().join("again.toml");
    std::fs::write(&again, &shown).unwrap();
    let read = Config::load(Some(&again), std::iter::empty()).unwrap();
    assert_eq!(read.contact.name, "Ruth");
    let json = answer(&[&line[..], &["--json"]].concat(), &environment).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["contact"]["name"], "Ruth");
    let refused = answer(&line, &[]).await.unwrap_err().to_string();
    assert!(refused.contains("or set FOLKMOOT__CONTACT__NAME"), "{refused}");
}

#[tokio::test]
async fn the_reference_is_printed() {
    assert_eq!(answer(&["config", "default"], &[]).await.unwrap(), Config::reference());
}
