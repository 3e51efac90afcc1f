//! `folkmoot config`: explains the configuration, or shows the one in force.

use std::path::Path;

use super::{Surroundings, read_config};
use crate::{cli::ShowConfig, config::Config};

/// Prints what was asked for.
pub fn run(
    what: ShowConfig,
    file: Option<&Path>,
    json: bool,
    surroundings: &mut Surroundings<'_>,
) -> anyhow::Result<()> {
    let text = match what {
        ShowConfig::Default => Config::reference(),
        ShowConfig::Show => {
            let config = read_config(file, &surroundings.environment)?;
            if json {
                format!("{}\n", serde_json::to_string(&config)?)
            } else {
                config.show()?
            }
        }
    };
    surroundings.out.write_all(text.as_bytes())?;
    Ok(())
}
