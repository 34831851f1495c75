//! The metrics of the operations listener, sent under the same names. A histogram is sent as what it is made
//! of: `_bucket` with `le`, `_sum` and `_count`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{AsyncInstrument, Meter, MeterProvider as _};
use opentelemetry_sdk::metrics::SdkMeterProvider;

use crate::exporting::Render;
use crate::metrics::{Kind, METRICS, OF_PROCESS};

use super::prometheus::{Sample, samples};

/// How long what was rendered is good: all instruments of one round read the same.
const KEPT: Duration = Duration::from_secs(1);

/// Has every metric observed.
pub(super) fn observe(provider: &SdkMeterProvider, render: Render) {
    let meter = provider.meter("grantor");
    let rounds = Arc::new(Rounds {
        render,
        last: Mutex::new(None),
    });
    for metric in METRICS.iter().chain(OF_PROCESS) {
        let name = metric.name;
        match metric.kind {
            Kind::Counter => counter(&meter, &rounds, name.to_owned(), metric.means),
            Kind::Gauge => gauge(&meter, &rounds, name.to_owned(), metric.means),
            Kind::Histogram => {
                for part in ["bucket", "sum", "count"] {
                    counter(&meter, &rounds, format!("{name}_{part}"), metric.means);
                }
            }
        }
    }
}

fn counter(meter: &Meter, rounds: &Arc<Rounds>, name: String, means: &'static str) {
    let (rounds, wanted) = (Arc::clone(rounds), name.clone());
    let _lives_with_the_meter = meter
        .f64_observable_counter(name)
        .with_description(means)
        .with_callback(move |instrument| rounds.tell(&wanted, instrument))
        .build();
}

fn gauge(meter: &Meter, rounds: &Arc<Rounds>, name: String, means: &'static str) {
    let (rounds, wanted) = (Arc::clone(rounds), name.clone());
    let _lives_with_the_meter = meter
        .f64_observable_gauge(name)
        .with_description(means)
        .with_callback(move |instrument| rounds.tell(&wanted, instrument))
        .build();
}

struct Rounds {
    render: Render,
    last: Mutex<Option<(Instant, Arc<Vec<Sample>>)>>,
}

impl Rounds {
    fn tell(&self, name: &str, instrument: &dyn AsyncInstrument<f64>) {
        for sample in self.samples().iter().filter(|sample| sample.name == name) {
            let labels = sample.labels.iter().cloned();
            let labels: Vec<KeyValue> = labels
                .map(|(name, value)| KeyValue::new(name, value))
                .collect();
            instrument.observe(sample.value, &labels);
        }
    }

    fn samples(&self) -> Arc<Vec<Sample>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, samples)) = &*last
            && at.elapsed() < KEPT
        {
            return Arc::clone(samples);
        }
        let read = Arc::new(samples(&(self.render)()));
        *last = Some((Instant::now(), Arc::clone(&read)));
        read
    }
}
