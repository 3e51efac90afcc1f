//! Why there is no configuration, in words for the operator.

use std::{fmt, io, path::PathBuf};

use super::environment;
use crate::reading::{Problem, Wrong};

/// Why there is no configuration.
#[derive(Debug)]
pub enum ConfigError {
    /// The file could not be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Something in it is wrong, or something is missing.
    Wrong {
        /// The file, if there was one.
        file: Option<PathBuf>,
        /// Everything that is wrong.
        problems: Vec<Problem>,
    },
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, cause } => {
                write!(f, "The configuration file {} cannot be read: {cause}. ", file.display())?;
                f.write_str("`folkmoot quickstart` writes one; `--config` names another.")
            }
            Self::Wrong { file, problems } => {
                match file {
                    Some(file) => writeln!(f, "The configuration in {} cannot be used:", file.display())?,
                    None => writeln!(f, "The configuration cannot be used (no file was named):")?,
                }
                for problem in problems {
                    write!(f, "  {problem}")?;
                    if let Wrong::Missing { .. } = problem.wrong {
                        write!(f, " (or set {})", environment::variable(&problem.key))?;
                    }
                    writeln!(f)?;
                }
                f.write_str("`folkmoot config default` explains every key.")
            }
        }
    }
}
