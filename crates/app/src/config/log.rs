//! `log`: what is written to standard error.

use tracing_subscriber::EnvFilter;

use super::reader::Reader;

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// The form of a line.
    pub format: LogFormat,
    /// Levels, as directives.
    pub level: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

pub(super) fn read(reader: &Reader) -> LogConfig {
    let format = match reader.text("log.format").as_str() {
        "text" => LogFormat::Text,
        "json" => LogFormat::Json,
        _ => {
            reader.mistake("log.format", "must be \"text\" or \"json\"");
            LogFormat::Text
        }
    };
    let level = reader.text("log.level");
    if EnvFilter::try_new(&level).is_err() {
        reader.mistake(
            "log.level",
            "must be error, warn, info, debug, trace, or directives",
        );
    }
    LogConfig { format, level }
}
