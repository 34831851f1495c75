//! Metrics: collected from wherever they are counted, rendered as Prometheus text.
//!
//! Adapters and the HTTP interface count where a thing happens. What is a state rather than an event is
//! read when somebody scrapes (`scrape`). `list` names all of them, for the reference, for the texts beside
//! them, and so that what has not happened yet is 0 and not absent.

mod list;
mod process;
mod reference;
mod scrape;

use metrics::Label;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::failure::Failure;

use list::{Metric, Values};

pub(crate) use list::{Kind, METRICS, OF_PROCESS};
pub(crate) use reference::reference;
pub(crate) use scrape::Scrape;

/// Upper bounds of the buckets of every histogram, in seconds.
const SECONDS: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Starts collecting; the handle renders.
///
/// # Errors
/// [`Failure`] when the buckets are refused.
pub fn start() -> Result<PrometheusHandle, Failure> {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&SECONDS)
        .map_err(|error| Failure::new("cannot collect metrics", error))?
        .build_recorder();
    let handle = recorder.handle();
    // In one process only the first server's recorder is global; later ones (tests) render their own.
    let _already_installed = metrics::set_global_recorder(recorder);
    for metric in METRICS.iter().chain(OF_PROCESS) {
        metric.describe();
        metric.begin();
    }
    Ok(handle)
}

impl Metric {
    fn describe(&self) {
        match self.kind {
            Kind::Counter => metrics::describe_counter!(self.name, self.means),
            Kind::Gauge => metrics::describe_gauge!(self.name, self.means),
            Kind::Histogram => metrics::describe_histogram!(self.name, self.means),
        }
    }

    /// An alert on what has never happened needs a series that is 0.
    fn begin(&self) {
        if self.kind == Kind::Counter {
            for labels in self.combinations().unwrap_or_default() {
                metrics::counter!(self.name, labels).increment(0);
            }
        }
    }

    /// Every combination of the values of its labels; `None` when they are listed elsewhere.
    fn combinations(&self) -> Option<Vec<Vec<Label>>> {
        self.labels
            .iter()
            .try_fold(vec![Vec::new()], |combinations, (name, values)| {
                let Values::Closed(values) = values else {
                    return None;
                };
                let with = |labels: &Vec<Label>| {
                    let labels = labels.clone();
                    values.iter().map(move |value| {
                        let mut labels = labels.clone();
                        labels.push(Label::from_static_parts(name, value));
                        labels
                    })
                };
                Some(combinations.iter().flat_map(with).collect())
            })
    }
}

#[cfg(test)]
mod tests;
