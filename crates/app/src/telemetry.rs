//! Logs and metrics.

use std::io::{self, IsTerminal as _};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};
use crate::failure::Failure;

/// Starts logging to standard error. A second call changes nothing.
pub fn start_logging(config: &LogConfig) {
    let filter = EnvFilter::try_new(&config.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let _already_started = match config.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
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
