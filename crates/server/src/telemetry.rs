//! What the server tells about its own work: lines on standard error, as text or as JSON.
//!
//! Only sentences and fields, never personal data. Start at [`start`].

use std::io::IsTerminal as _;

use tracing_subscriber::{
    Layer as _,
    layer::SubscriberExt as _,
    util::{SubscriberInitExt as _, TryInitError},
};

use crate::config::{Log, LogFormat};

/// Begins to log. Fails when the process logs already.
pub fn start(log: &Log) -> Result<(), TryInitError> {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match log.format {
        LogFormat::Text => lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(log.level.filter())).try_init()
}
