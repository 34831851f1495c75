//! `telemetry`: where traces and metrics are sent.

use std::time::Duration;

use url::Url;

use super::reader::Reader;

/// Where traces and metrics are sent.
#[derive(Clone, Debug)]
pub struct TelemetryConfig {
    /// The collector's URL, without a trailing slash; `None`: nothing is sent.
    pub endpoint: Option<String>,
    /// The name it is sent under.
    pub service_name: String,
    /// How many in a hundred of the traces that begin here are sent.
    pub sampled_percent: u8,
    /// How often metrics are sent; `None`: never.
    pub metrics_interval: Option<Duration>,
}

const KEY: &str = "telemetry.otlp_endpoint";

pub(super) fn read(reader: &Reader) -> TelemetryConfig {
    let seconds = reader.number("telemetry.metrics_interval", 0..=3600);
    let percent = reader.number("telemetry.sampled_percent", 0..=100);
    TelemetryConfig {
        endpoint: endpoint(reader),
        service_name: reader.text("telemetry.service_name"),
        sampled_percent: u8::try_from(percent).unwrap_or(100),
        metrics_interval: (seconds > 0).then(|| Duration::from_secs(seconds.into())),
    }
}

fn endpoint(reader: &Reader) -> Option<String> {
    let text = reader.optional_text(KEY)?;
    if cfg!(not(feature = "otlp")) {
        reader.mistake(
            KEY,
            "needs a program that was built with `--features otlp`; this one was not",
        );
    }
    let is_plain = |url: &Url| url.scheme() == "http" && url.has_host() && url.query().is_none();
    if !Url::parse(&text).is_ok_and(|url| is_plain(&url)) {
        reader.mistake(KEY, "must be an http URL, such as http://127.0.0.1:4318");
    }
    Some(text.trim_end_matches('/').to_owned())
}
