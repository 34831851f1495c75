//! What is done beside requests: linking events, clearing away what is over, and keeping up with other
//! replicas.

mod clearing;
mod clocks;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use grantor_crypto::KeyRing;
use grantor_domain::AuthorizationServer;
use grantor_domain::audit::Chain;
use grantor_domain::hour::Hour;
use grantor_domain::time::Lifetime;
use grantor_persistence::Persistence;
use metrics_exporter_prometheus::PrometheusHandle;

use clearing::Clearing;
use clocks::Clocks;

pub(crate) use clearing::Janitor;

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
    /// Told when everything is cleared away.
    pub janitor: Arc<Janitor>,
    /// How often rows are cleared away and keys read again.
    pub interval: Duration,
    /// How long events are kept.
    pub event_retention: Lifetime,
}

/// The threads that do the chores. Dropping it ends them.
#[derive(Default)]
pub struct Running(Vec<Chore>);

/// One thread.
struct Chore {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let (stops, threads): (Vec<_>, Vec<_>) =
            self.0.drain(..).map(|one| (one.stop, one.thread)).unzip();
        drop(stops);
        for thread in threads {
            let _it_logged_why = thread.join();
        }
    }
}

impl Running {
    fn start(
        &mut self,
        name: &str,
        chore: impl FnOnce(&Receiver<()>) + Send + 'static,
    ) -> std::io::Result<()> {
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || chore(&stopped))?;
        self.0.push(Chore { stop, thread });
        Ok(())
    }
}

impl Maintenance {
    /// Starts the threads. Clearing a month's sessions away can take long, and nothing else waits for it.
    ///
    /// # Errors
    /// When the machine has no thread left.
    pub fn start(self) -> std::io::Result<Running> {
        let mut running = Running::default();
        let clearing = Clearing {
            server: self.server.clone(),
            persistence: self.persistence.clone(),
            event_retention: self.event_retention,
            janitor: Arc::clone(&self.janitor),
        };
        let interval = self.interval;
        running.start("grantor-clearing", move |stopped| {
            while goes_on_after(interval, stopped) {
                clearing.clear(stopped);
            }
        })?;
        running.start("grantor-chores", move |stopped| self.keep_up(stopped))?;
        Ok(running)
    }

    fn keep_up(&self, stopped: &Receiver<()>) {
        let round = UPKEEP.min(self.interval);
        let mut waited = Duration::ZERO;
        let mut counted = None;
        let mut clocks = Clocks::read(&*self.server.ports().clock);
        while goes_on_after(round, stopped) {
            self.metrics.run_upkeep();
            clocks = clocks.compared(Clocks::read(&*self.server.ports().clock));
            self.seal_events(stopped);
            counted = self.count_sessions(counted);
            waited += round;
            if waited >= self.interval {
                waited = Duration::ZERO;
                self.keep_keys();
            }
        }
        // What the last requests left behind.
        self.seal_events(stopped);
    }

    /// Links new events in batches until none is left or the program stops.
    fn seal_events(&self, stopped: &Receiver<()>) {
        loop {
            match self.chain.seal(SEALED) {
                Ok(SEALED) if goes_on(stopped) => {}
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
            Ok(census) => {
                #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 sessions")]
                metrics::gauge!("grantor_sessions_live").set(census.live as f64);
                Some(census.hour)
            }
            Err(error) => {
                tracing::warn!(%error, "the live sessions could not be counted");
                counted
            }
        }
    }

    fn keep_keys(&self) {
        if let Err(error) = self.keys.reload() {
            tracing::warn!(%error, "the signing keys could not be read again");
        }
        if let Err(error) = self.keys.forget_ended() {
            tracing::warn!(%error, "ended signing keys could not be cleared away");
        }
    }
}

/// Waits, and says whether the program has not been told to stop meanwhile.
fn goes_on_after(wait: Duration, stopped: &Receiver<()>) -> bool {
    stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout)
}

fn goes_on(stopped: &Receiver<()>) -> bool {
    stopped.try_recv() != Err(TryRecvError::Disconnected)
}
