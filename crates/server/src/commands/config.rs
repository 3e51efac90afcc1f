//! `folkmoot config`: explains the configuration, or shows the one in force.

use super::Answers;
use crate::{
    cli::ShowConfig,
    config::{Config, ConfigError},
};

/// Prints what was asked for.
pub fn run(
    what: ShowConfig,
    config: &dyn Fn() -> Result<Config, ConfigError>,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    match what {
        ShowConfig::Default => answers.text(&Config::reference())?,
        ShowConfig::Show => {
            let config = config()?;
            answers.thing(config.show()?.trim_end(), &serde_json::to_value(&config)?)?;
        }
    }
    Ok(())
}
