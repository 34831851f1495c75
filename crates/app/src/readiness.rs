//! Whether requests can be served: asked by balancers often, and never of the store more than once a second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Why requests cannot be served: a reason code.
pub(crate) type Reason = &'static str;

/// A look at what requests need.
pub(crate) type Probe = Arc<dyn Fn() -> Result<(), Reason> + Send + Sync>;

/// How long what was found out is good.
const KEPT: Duration = Duration::from_secs(1);
/// How long finding out may take.
const PATIENCE: Duration = Duration::from_millis(500);

/// Asks the probe on a thread of its own, and waits for it no longer than it may.
pub(crate) struct Readiness {
    draining: Arc<AtomicBool>,
    probe: Probe,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    found: Option<(Instant, Result<(), Reason>)>,
    /// A probe that has not come back.
    out: Option<mpsc::Receiver<Result<(), Reason>>>,
}

impl Readiness {
    pub(crate) fn new(draining: Arc<AtomicBool>, probe: Probe) -> Self {
        Self {
            draining,
            probe,
            state: Mutex::default(),
        }
    }

    /// What is known, or can be found out in half a second. One probe is out at a time, so a store that
    /// hangs takes one thread.
    ///
    /// # Errors
    /// The reason.
    pub(crate) fn ask(&self) -> Result<(), Reason> {
        if self.draining.load(Ordering::SeqCst) {
            return Err("draining");
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, found)) = state.found
            && at.elapsed() < KEPT
        {
            return found;
        }
        let asked = state.out.take().map_or_else(|| self.send_out(), Ok);
        let found = asked.and_then(|out| match out.recv_timeout(PATIENCE) {
            Ok(found) => found,
            Err(RecvTimeoutError::Timeout) => {
                state.out = Some(out);
                Err("store_timeout")
            }
            Err(RecvTimeoutError::Disconnected) => Err("probe_failed"),
        });
        state.found = Some((Instant::now(), found));
        found
    }

    fn send_out(&self) -> Result<mpsc::Receiver<Result<(), Reason>>, Reason> {
        let (sender, out) = mpsc::sync_channel(1);
        let probe = Arc::clone(&self.probe);
        let thread = thread::Builder::new().name("grantor-probe".to_owned());
        let started = thread.spawn(move || {
            let _nobody_waits_any_more = sender.send(probe());
        });
        started.map(|_| out).map_err(|_| "no_thread")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    fn readiness(probe: impl Fn() -> Result<(), Reason> + Send + Sync + 'static) -> Readiness {
        Readiness::new(Arc::default(), Arc::new(probe))
    }

    #[test]
    fn the_reason_is_the_probes_and_it_is_asked_once_a_second_at_most() {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let readiness = readiness(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Err("no_signing_key")
        });
        let began = Instant::now();
        for _ in 0..100 {
            assert_eq!(readiness.ask(), Err("no_signing_key"));
        }
        let seconds = usize::try_from(began.elapsed().as_secs()).unwrap();
        assert!(asked.load(Ordering::SeqCst) <= 1 + seconds);
    }

    #[test]
    fn a_store_that_hangs_is_no_reason_to_hang() {
        let (release, released) = mpsc::channel::<()>();
        let released = Mutex::new(released);
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let readiness = readiness(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let _dropped = released.lock().unwrap().recv();
            Ok(())
        });
        assert_eq!(readiness.ask(), Err("store_timeout"));
        readiness.state.lock().unwrap().found = None;
        assert_eq!(readiness.ask(), Err("store_timeout"));
        assert_eq!(
            asked.load(Ordering::SeqCst),
            1,
            "one probe is out at a time"
        );
        drop(release);
        let ready = || {
            readiness.state.lock().unwrap().found = None;
            readiness.ask()
        };
        while ready().is_err() {}
    }

    #[test]
    fn a_probe_that_panics_is_no_answer() {
        assert_eq!(
            readiness(|| panic!("on purpose")).ask(),
            Err("probe_failed")
        );
    }

    #[test]
    fn who_drains_is_not_ready_whatever_was_known() {
        let readiness = readiness(|| Ok(()));
        assert_eq!(readiness.ask(), Ok(()));
        readiness.draining.store(true, Ordering::SeqCst);
        assert_eq!(readiness.ask(), Err("draining"));
    }
}
