//! A server that runs: from configuration to open sockets, and down again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::secret::TokenValue;
use grantor_http_api::{HttpOptions, LaneOptions, Operations, PageLinkKey, TimeLimits};
use grantor_persistence::Persistence;

use crate::bootstrap;
use crate::config::Config;
use crate::failure::Failure;
use crate::maintenance::{Maintenance, Running};
use crate::telemetry;
use crate::tls;
use crate::wiring::{self, Machine, Wired};

/// Open sockets, and what answers on them.
pub struct Serving {
    /// Where OAuth endpoints and resources answer.
    pub addresses: Vec<SocketAddr>,
    /// Where health and metrics answer.
    pub ops_address: Option<SocketAddr>,
    /// The token to set the server up with, when it has no administrator.
    pub setup_token: Option<TokenValue>,
    server: Server,
    ops_server: Option<Server>,
    draining: Arc<AtomicBool>,
    _maintenance: Running,
}

/// Ends a server from elsewhere.
#[derive(Clone)]
pub struct Stop {
    draining: Arc<AtomicBool>,
    server: ServerHandle,
    ops_server: Option<ServerHandle>,
}

impl Stop {
    /// Turns readiness off, lets requests in flight end, then closes.
    pub async fn stop(&self) {
        self.draining.store(true, Ordering::SeqCst);
        self.server.stop(true).await;
        if let Some(ops_server) = &self.ops_server {
            ops_server.stop(false).await;
        }
    }
}

impl Serving {
    /// Opens everything. Must be called inside an actix system.
    ///
    /// # Errors
    /// [`Failure`] when a part cannot start; nothing is left running then.
    pub fn start(config: &Config, machine: &Machine) -> Result<Self, Failure> {
        tls::install_provider();
        let persistence = wiring::connect(&config.database)?;
        bring_up_to_date(&persistence, config.database.migrate_on_start, machine)?;
        let chain = wiring::chain(config, &persistence, machine)?;
        let Wired {
            server,
            persistence,
            keys,
            hashes,
            page_key,
        } = wiring::wire(config, persistence, machine)?;
        record_start(&persistence, machine)?;
        let (server, setup_token) = if bootstrap::prepare(&server, &config.bootstrap)? {
            (server, None)
        } else {
            let (server, token) = bootstrap::offer_setup(server)?;
            (server, Some(token))
        };
        let metrics = telemetry::start_metrics()?;
        let draining = Arc::new(AtomicBool::new(false));
        let operations = Operations {
            ready: readiness(persistence.clone(), Arc::clone(&draining)),
            started: Arc::new(AtomicBool::new(true)),
            metrics: {
                let metrics = metrics.clone();
                Arc::new(move || {
                    #[expect(clippy::cast_precision_loss, reason = "a queue is short")]
                    metrics::gauge!("grantor_hash_queue_depth").set(hashes.queue_depth() as f64);
                    metrics.render()
                })
            },
        };
        let http = grantor_http_api::start(
            Arc::new(server.clone()),
            options(config, page_key)?,
            operations,
        )
        .map_err(|error| Failure::new("cannot open the listening sockets", error))?;
        let maintenance = Maintenance {
            server,
            persistence,
            chain,
            keys,
            metrics,
            interval: config.sessions.reap_interval,
            event_retention: config.events.retention,
        };
        let maintenance = maintenance
            .start()
            .map_err(|error| Failure::new("cannot start the maintenance thread", error))?;
        Ok(Self {
            addresses: http.addresses,
            ops_address: http.ops_address,
            setup_token,
            server: http.server,
            ops_server: http.ops_server,
            draining,
            _maintenance: maintenance,
        })
    }

    /// What ends it.
    #[must_use]
    pub fn stopper(&self) -> Stop {
        Stop {
            draining: Arc::clone(&self.draining),
            server: self.server.handle(),
            ops_server: self.ops_server.as_ref().map(Server::handle),
        }
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// [`Failure`] when the server breaks down.
    pub async fn run(self) -> Result<(), Failure> {
        if let Some(ops_server) = self.ops_server {
            actix_web::rt::spawn(ops_server);
        }
        self.server
            .await
            .map_err(|error| Failure::new("the server broke down", error))
    }
}

/// Migrates when told to; refuses a schema that is older or newer than this program.
fn bring_up_to_date(
    persistence: &Persistence,
    migrate: bool,
    machine: &Machine,
) -> Result<(), Failure> {
    let unreadable = |error| Failure::new("cannot read the schema", error);
    let status = persistence.schema().map_err(unreadable)?;
    if !status.unknown.is_empty() {
        return Err(Failure::say(format!(
            "the schema is newer than this program (it has {}): run the program that made it, or newer",
            status.unknown.join(", ")
        )));
    }
    if status.pending.is_empty() {
        return Ok(());
    }
    if !migrate {
        return Err(Failure::say(format!(
            "the schema lacks {} migration(s): run `grantor migrate`",
            status.pending.len()
        )));
    }
    let applied = persistence
        .migrate(machine.clock.now())
        .map_err(|error| Failure::new("cannot migrate the schema", error))?;
    for migration in applied {
        tracing::info!(migration, "the schema was migrated");
    }
    Ok(())
}

/// Tells the audit trail that a configuration is in force, and in which program.
fn record_start(persistence: &Persistence, machine: &Machine) -> Result<(), Failure> {
    let version = concat!("grantor ", env!("CARGO_PKG_VERSION"));
    let event = Event::new(EventKind::ConfigLoaded, machine.clock.now())
        .detail(version)
        .by(&Caller::operator());
    let written = persistence.events().append(&[event]);
    written.map_err(|error| Failure::new("cannot write the audit trail", error))
}

fn readiness(
    persistence: Persistence,
    draining: Arc<AtomicBool>,
) -> Arc<dyn Fn() -> Result<(), &'static str> + Send + Sync> {
    Arc::new(move || {
        if draining.load(Ordering::SeqCst) {
            return Err("draining");
        }
        persistence.probe().map_err(|error| {
            tracing::warn!(%error, "the store does not answer");
            "store_unavailable"
        })
    })
}

fn options(config: &Config, page_key: PageLinkKey) -> Result<HttpOptions, Failure> {
    let tls = config
        .server
        .tls
        .as_ref()
        .map(tls::server_config)
        .transpose()?;
    let passwords = &config.passwords;
    Ok(HttpOptions {
        bind: vec![config.server.bind],
        ops_bind: config.server.ops_bind,
        workers: config.server.workers,
        tls,
        trusted_proxies: config.server.trusted_proxies.clone(),
        lanes: LaneOptions {
            fast_threads: config.server.threads,
            fast_queue: 1024,
            // Enough logins beyond the hashing ones that no hash waits for somebody's store.
            login_threads: passwords.hash_threads * 2 + 2,
            login_queue: passwords.queue,
            max_wait: passwords.max_wait.max(Duration::from_secs(1)),
        },
        token_alias: config.server.token_alias,
        console: config.console,
        page_key,
        shutdown_timeout: config.server.shutdown_timeout,
        limits: TimeLimits::default(),
        connections: 8192,
        spans: None,
    })
}
