//! Sending traces and metrics away, in programs that were built to (`--features otlp`).

#[cfg(feature = "otlp")]
mod otlp;

use std::sync::Arc;

use grantor_http_api::SpanSink;

use crate::config::TelemetryConfig;
use crate::failure::Failure;

/// Renders all metrics as Prometheus text.
pub(crate) type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// What sends. Dropping it sends what is left.
pub(crate) struct Exporting {
    #[cfg(feature = "otlp")]
    otlp: Option<otlp::Otlp>,
}

#[cfg(feature = "otlp")]
impl Exporting {
    /// Starts sending, when there is somewhere to send to.
    ///
    /// # Errors
    /// [`Failure`] when the exporter cannot be made.
    pub(crate) fn start(config: &TelemetryConfig, render: &Render) -> Result<Self, Failure> {
        let to = config.endpoint.as_deref();
        let started = to.map(|endpoint| otlp::Otlp::start(endpoint, config, Arc::clone(render)));
        Ok(Self {
            otlp: started.transpose()?,
        })
    }

    /// What is told of every request.
    pub(crate) fn spans(&self) -> Option<SpanSink> {
        self.otlp.as_ref().map(otlp::Otlp::sink)
    }
}

#[cfg(not(feature = "otlp"))]
impl Exporting {
    /// A configuration that wants something sent was refused before.
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
    pub(crate) fn start(_: &TelemetryConfig, _: &Render) -> Result<Self, Failure> {
        Ok(Self {})
    }

    /// Nobody is told.
    #[expect(clippy::unused_self, reason = "with the feature it depends")]
    pub(crate) fn spans(&self) -> Option<SpanSink> {
        None
    }
}
