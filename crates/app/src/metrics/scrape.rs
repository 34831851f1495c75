//! What is read when somebody scrapes.

use std::sync::Arc;

use grantor_crypto::{HashPool, KeyRing};
use grantor_domain::keys::{KeyState, key_state, signing_key};
use grantor_domain::ports::Clock;
use grantor_domain::time::Timestamp;
use grantor_persistence::Persistence;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::exporting::Render;
use crate::maintenance::Janitor;

use super::process;

const KEY_STATES: [KeyState; 4] = [
    KeyState::Next,
    KeyState::Signing,
    KeyState::Retiring,
    KeyState::Ended,
];

/// The states that become metrics.
pub(crate) struct Scrape {
    pub(crate) metrics: PrometheusHandle,
    pub(crate) persistence: Persistence,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) hashes: Arc<HashPool>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) janitor: Arc<Janitor>,
}

impl Scrape {
    /// What renders everything, whenever it is asked.
    pub(crate) fn into_render(self) -> Render {
        Arc::new(move || self.render())
    }

    /// Everything, as Prometheus text.
    fn render(&self) -> String {
        #[expect(clippy::cast_precision_loss, reason = "a queue is short")]
        metrics::gauge!("grantor_hash_queue_depth").set(self.hashes.queue_depth() as f64);
        metrics::gauge!("grantor_janitor_lag_seconds").set(self.janitor.lag().as_secs_f64());
        let version = env!("CARGO_PKG_VERSION");
        metrics::gauge!("grantor_build_info", "version" => version).set(1.0);
        self.read_pool();
        self.read_keys(self.clock.now());
        // A machine without /proc has no such metrics.
        let _left_out = process::read();
        self.metrics.render()
    }

    fn read_pool(&self) {
        let connections = self.persistence.connections();
        let states = [
            ("busy", connections.busy),
            ("idle", connections.idle),
            ("limit", connections.most),
        ];
        for (state, count) in states {
            metrics::gauge!("grantor_db_pool", "state" => state).set(count);
        }
    }

    fn read_keys(&self, now: Timestamp) {
        let lives = self.keys.lives();
        for state in KEY_STATES {
            let are = lives
                .iter()
                .filter(|life| key_state(life, &lives, now) == state);
            let count = u32::try_from(are.count()).unwrap_or(u32::MAX);
            metrics::gauge!("grantor_signing_keys", "state" => state.as_str()).set(count);
        }
        if let Some(signing) = signing_key(&lives, now) {
            let age = now.since(signing.sign_from).as_seconds();
            metrics::gauge!("grantor_signing_key_age_seconds").set(age);
        }
    }
}
