//! Clearing away sessions, networks and events whose retention is over, without anybody noticing.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use grantor_domain::AuthorizationServer;
use grantor_domain::time::Lifetime;
use grantor_persistence::Persistence;

use super::goes_on_after;

/// Rows cleared away at once: whoever writes to `SQLite` meanwhile waits for them.
const BATCH: u32 = 100;
/// How many times as long as a batch took nothing is cleared away: others have nine tenths of the store.
const REST: u32 = 9;
/// A store that was slow once is not left alone for longer.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// When everything that was over had last been cleared away.
#[derive(Debug)]
pub struct Janitor(Mutex<Instant>);

impl Default for Janitor {
    fn default() -> Self {
        Self(Mutex::new(Instant::now()))
    }
}

impl Janitor {
    /// How long ago that was.
    pub(crate) fn lag(&self) -> Duration {
        let done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        done.elapsed()
    }

    fn done(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

/// What is cleared away, and where.
pub(super) struct Clearing {
    pub(super) server: AuthorizationServer,
    pub(super) persistence: Persistence,
    pub(super) event_retention: Lifetime,
    pub(super) janitor: Arc<Janitor>,
}

impl Clearing {
    /// Clears everything away that is over, or until the program stops.
    pub(super) fn clear(&self, stopped: &Receiver<()>) {
        let sessions = clear("sessions", stopped, || {
            self.server
                .reap_sessions(BATCH)
                .map_err(|error| error.to_string())
        });
        let networks = self.server.policy().throttle.is_none_or(|budgets| {
            let ports = self.server.ports();
            let before = ports.clock.now().minus(budgets.familiar_for);
            clear("familiar_networks", stopped, || {
                let forgotten = ports.familiar.forget(before, BATCH);
                forgotten.map_err(|error| error.to_string())
            })
        });
        let events_before = self.server.ports().clock.now().minus(self.event_retention);
        let events = clear("events", stopped, || {
            self.persistence
                .reap(events_before, BATCH)
                .map_err(|error| error.to_string())
        });
        if sessions && networks && events {
            self.janitor.done();
        }
    }
}

/// Clears rows away until none is left, the store fails or the program stops. Whether none is left.
fn clear(
    what: &'static str,
    stopped: &Receiver<()>,
    batch: impl Fn() -> Result<u32, String>,
) -> bool {
    loop {
        let began = Instant::now();
        match batch() {
            Ok(rows) => {
                metrics::counter!("grantor_janitor_deleted_total", "table" => what)
                    .increment(rows.into());
                if rows < BATCH {
                    return true;
                }
            }
            Err(error) => {
                tracing::warn!(%error, what, "rows that are over could not be cleared away");
                return false;
            }
        }
        if !goes_on_after((began.elapsed() * REST).min(LONGEST_REST), stopped) {
            return false;
        }
    }
}
