//! What is told of a panic: that there was one, and where. What it says may have been made of a request.

use std::panic::{self, PanicHookInfo};
use std::thread;

/// Has every panic of this process counted and logged.
pub fn watch() {
    panic::set_hook(Box::new(tell));
}

fn tell(info: &PanicHookInfo<'_>) {
    metrics::counter!("grantor_panics_total").increment(1);
    let place = info.location().map(ToString::to_string);
    let thread = thread::current();
    tracing::error!(
        place = place.as_deref().unwrap_or("unknown"),
        thread = thread.name().unwrap_or("unnamed"),
        says = literal(info).unwrap_or("[redacted]"),
        "a bug: something panicked"
    );
}

/// A text that stands in the code. One that was put together may hold anything.
fn literal<'a>(info: &'a PanicHookInfo<'_>) -> Option<&'a str> {
    info.payload().downcast_ref::<&'static str>().copied()
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged and counted when a thread does this.
    fn told_of(work: impl FnOnce() + Send + 'static) -> (String, String) {
        let written = Written::default();
        let recorder = PrometheusBuilder::new().build_recorder();
        let counted = recorder.handle();
        let writer = written.clone();
        let thread = thread::Builder::new().name("lane-7".to_owned());
        let ended = thread.spawn(move || {
            let subscriber = tracing_subscriber::fmt()
                .with_writer(move || writer.clone())
                .with_ansi(false)
                .finish();
            tracing::subscriber::with_default(subscriber, || {
                metrics::with_local_recorder(&recorder, work);
            });
        });
        assert!(ended.unwrap().join().is_err());
        let log = written.0.lock().unwrap().clone();
        (String::from_utf8(log).unwrap(), counted.render())
    }

    #[test]
    fn a_panic_is_counted_and_named_by_its_place_and_never_by_what_a_request_held() {
        watch();
        let password = "Tr0ub4dor".to_owned();
        let (log, counted) = told_of(move || panic!("no user with {password}"));
        assert!(counted.contains("grantor_panics_total 1"), "{counted}");
        assert!(!log.contains("Tr0ub4dor"), "{log}");
        for part in ["panics.rs:", "lane-7", "[redacted]"] {
            assert!(log.contains(part), "no {part} in {log}");
        }
        let (log, _) = told_of(|| panic!("a literal of ours"));
        assert!(log.contains("a literal of ours"), "{log}");
        let refused = "Tr0ub4dor"
            .parse::<std::net::IpAddr>()
            .map_err(|_| "Tr0ub4dor");
        let (log, _) = told_of(move || {
            refused.unwrap();
        });
        assert!(!log.contains("Tr0ub4dor"), "{log}");
    }
}
