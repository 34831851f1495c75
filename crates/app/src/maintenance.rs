//! What is done beside requests: clearing away what is over, and keeping up with other replicas.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use grantor_crypto::KeyRing;
use grantor_domain::AuthorizationServer;
use grantor_domain::audit::Chain;
use grantor_domain::hour::Hour;
use grantor_domain::time::Lifetime;
use grantor_persistence::Persistence;
use metrics_exporter_prometheus::PrometheusHandle;

/// Rows cleared away at once: small enough that nobody waits behind them.
const BATCH: u32 = 500;
/// Events linked at once.
const SEALED: u32 = 1000;
/// Histograms grow until they are drained, and events wait for their links.
const UPKEEP: Duration = Duration::from_secs(5);

/// The chores and what they need.
pub struct Maintenance {
    /// The server whose sessions are cleared away.
    pub server: AuthorizationServer,
    /// The store whose events are cleared away.
    pub persistence: Persistence,
    /// The chain that new events are linked into.
    pub chain: Chain,
    /// The keys that other replicas may have changed.
    pub keys: Arc<KeyRing>,
    /// The metrics to drain.
    pub metrics: PrometheusHandle,
    /// How often rows are cleared away and keys read again.
    pub interval: Duration,
    /// How long events are kept.
    pub event_retention: Lifetime,
}

/// The thread that does the chores. Dropping it ends it.
pub struct Running {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _it_logged_why = thread.join();
        }
    }
}

impl Maintenance {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the machine has no thread left.
    pub fn start(self) -> std::io::Result<Running> {
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = std::thread::Builder::new()
            .name("grantor-chores".to_owned())
            .spawn(move || {
                let mut waited = Duration::ZERO;
                let mut counted = None;
                while stopped.recv_timeout(UPKEEP.min(self.interval))
                    == Err(RecvTimeoutError::Timeout)
                {
                    self.metrics.run_upkeep();
                    self.seal_events(&stopped);
                    counted = self.count_sessions(counted);
                    waited += UPKEEP.min(self.interval);
                    if waited >= self.interval {
                        waited = Duration::ZERO;
                        self.do_chores(&stopped);
                    }
                }
                // What the last requests left behind.
                self.seal_events(&stopped);
            })?;
        Ok(Running {
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Links new events in batches until none is left or the program stops.
    fn seal_events(&self, stopped: &mpsc::Receiver<()>) {
        loop {
            match self.chain.seal(SEALED) {
                Ok(SEALED) if stopped.try_recv() != Err(mpsc::TryRecvError::Disconnected) => {}
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "events could not be linked");
                    return;
                }
            }
        }
    }

    /// Counts live sessions in every hour that was not counted yet; answers the last that was.
    fn count_sessions(&self, counted: Option<Hour>) -> Option<Hour> {
        if counted == Some(Hour::of(self.server.ports().clock.now())) {
            return counted;
        }
        match self.server.take_census() {
            Ok(hour) => Some(hour),
            Err(error) => {
                tracing::warn!(%error, "the live sessions could not be counted");
                counted
            }
        }
    }

    fn do_chores(&self, stopped: &mpsc::Receiver<()>) {
        if let Err(error) = self.keys.reload() {
            tracing::warn!(%error, "the signing keys could not be read again");
        }
        if let Err(error) = self.keys.forget_ended() {
            tracing::warn!(%error, "ended signing keys could not be cleared away");
        }
        let events_before = self.server.ports().clock.now().minus(self.event_retention);
        clear("sessions", stopped, || {
            self.server
                .reap_sessions(BATCH)
                .map_err(|error| error.to_string())
        });
        clear("events", stopped, || {
            self.persistence
                .reap(events_before, BATCH)
                .map_err(|error| error.to_string())
        });
    }
}

/// Clears rows away in batches until none is left or the program stops.
fn clear(
    what: &'static str,
    stopped: &mpsc::Receiver<()>,
    batch: impl Fn() -> Result<u32, String>,
) {
    loop {
        match batch() {
            Ok(rows) => {
                metrics::counter!("grantor_janitor_deleted_total", "table" => what)
                    .increment(rows.into());
                let is_done = rows < BATCH;
                if is_done || stopped.try_recv() == Err(mpsc::TryRecvError::Disconnected) {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, what, "rows that are over could not be cleared away");
                return;
            }
        }
    }
}
