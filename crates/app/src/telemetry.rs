//! Logs and metrics.

use std::io::{self, IsTerminal as _};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, reload};

use crate::config::{LogConfig, LogFormat};
use crate::failure::Failure;

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
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
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

/// Starts collecting metrics; the handle renders them as Prometheus text.
///
/// # Errors
/// [`Failure`] when the buckets are refused.
pub fn start_metrics() -> Result<PrometheusHandle, Failure> {
    const SECONDS: [f64; 11] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5,
    ];
    let recorder = PrometheusBuilder::new()
        .set_buckets(&SECONDS)
        .map_err(|error| Failure::new("cannot collect metrics", error))?
        .build_recorder();
    let handle = recorder.handle();
    // In one process only the first server's recorder is global; later ones (tests) render their own.
    let _already_installed = metrics::set_global_recorder(recorder);
    Ok(handle)
}
