//! Logs.

use tracing_subscriber::{EnvFilter, reload};

use crate::config::{LogConfig, LogFormat};
use crate::failure::Failure;
use crate::log_lines::Lines;

type SetFilter = Box<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>;

/// What is logged, while the program runs.
pub struct LogLevel(SetFilter);

impl LogLevel {
    /// Logs at this level, or by these directives, from now on.
    ///
    /// # Errors
    /// [`Failure`] when it is none; what was logged before still is.
    pub fn set(&self, level: &str) -> Result<(), Failure> {
        let filter = EnvFilter::try_new(level)
            .map_err(|error| Failure::new("log.level cannot be used", error))?;
        (self.0)(filter).map_err(|error| Failure::new("cannot change what is logged", error))
    }
}

/// Starts logging to standard error, and answers what changes its level. A second call changes nothing.
#[must_use]
pub fn start_logging(config: &LogConfig) -> LogLevel {
    let filter = EnvFilter::try_new(&config.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Lines);
    match config.format {
        LogFormat::Text => {
            let builder = builder.with_filter_reloading();
            let handle = builder.reload_handle();
            let _already_started = builder.try_init();
            LogLevel(Box::new(move |filter| handle.reload(filter)))
        }
        LogFormat::Json => {
            let builder = builder.json().flatten_event(true).with_filter_reloading();
            let handle = builder.reload_handle();
            let _already_started = builder.try_init();
            LogLevel(Box::new(move |filter| handle.reload(filter)))
        }
    }
}
