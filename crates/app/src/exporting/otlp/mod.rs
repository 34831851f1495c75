//! OTLP over HTTP: one span for a request, and every metric there is.

mod collector;
mod meters;
mod prometheus;
mod spans;

use std::sync::Arc;
use std::time::Duration;

use grantor_http_api::SpanSink;
use opentelemetry::KeyValue;
use opentelemetry_otlp::{
    MetricExporter, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanProcessor as _};

use crate::config::TelemetryConfig;
use crate::failure::Failure;

use super::Render;
use collector::Collector;

/// How long the collector may take, and how long a stop waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Two threads that send.
pub(super) struct Otlp {
    spans: Arc<BatchSpanProcessor>,
    meters: Option<SdkMeterProvider>,
    sampled_percent: u8,
}

impl Otlp {
    /// Starts them.
    ///
    /// # Errors
    /// [`Failure`] when an exporter cannot be made.
    pub(super) fn start(
        endpoint: &str,
        config: &TelemetryConfig,
        render: Render,
    ) -> Result<Self, Failure> {
        let refused = |error| Failure::new("cannot send to the collector", error);
        let resource = Resource::builder_empty()
            .with_attribute(KeyValue::new("service.name", config.service_name.clone()))
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let spans = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(PATIENCE))
            .with_endpoint(format!("{endpoint}/v1/traces"))
            .with_timeout(PATIENCE)
            .build()
            .map_err(refused)?;
        let mut spans = BatchSpanProcessor::builder(spans).build();
        spans.set_resource(&resource);
        let meters = config
            .metrics_interval
            .map(|interval| -> Result<_, Failure> {
                let exporter = MetricExporter::builder()
                    .with_http()
                    .with_http_client(Collector::new(PATIENCE))
                    .with_endpoint(format!("{endpoint}/v1/metrics"))
                    .with_timeout(PATIENCE)
                    .build()
                    .map_err(refused)?;
                let reader = PeriodicReader::builder(exporter)
                    .with_interval(interval)
                    .build();
                let provider = SdkMeterProvider::builder()
                    .with_reader(reader)
                    .with_resource(resource)
                    .build();
                meters::observe(&provider, render);
                Ok(provider)
            });
        Ok(Self {
            spans: Arc::new(spans),
            meters: meters.transpose()?,
            sampled_percent: config.sampled_percent,
        })
    }

    /// Takes requests, and never waits for the collector: when it does not keep up, spans are lost.
    pub(super) fn sink(&self) -> SpanSink {
        let (spans, percent) = (Arc::clone(&self.spans), self.sampled_percent);
        SpanSink(Arc::new(move |request| {
            if let Some(span) = spans::span(request, percent) {
                spans.on_end(span);
            }
        }))
    }
}

impl Drop for Otlp {
    fn drop(&mut self) {
        if let Err(error) = self.spans.shutdown_with_timeout(PATIENCE) {
            tracing::warn!(%error, "the last traces were not sent");
        }
        if let Some(Err(error)) = self
            .meters
            .as_ref()
            .map(|meters| meters.shutdown_with_timeout(PATIENCE))
        {
            tracing::warn!(%error, "the last metrics were not sent");
        }
    }
}

#[cfg(test)]
mod tests;
