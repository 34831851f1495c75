//! A server that runs: from configuration to open sockets, and down again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use grantor_crypto::KeyRing;
use grantor_domain::AuthorizationServer;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::keys::signing_key;
use grantor_domain::ports::Clock;
use grantor_domain::secret::TokenValue;
use grantor_http_api::{HttpOptions, LaneOptions, Operations, PageLinkKey, TimeLimits};
use grantor_persistence::Persistence;

use crate::bootstrap;
use crate::config::Config;
use crate::exporting::Exporting;
use crate::failure::Failure;
use crate::maintenance::{Janitor, Maintenance, Running};
use crate::metrics::{self, Scrape};
use crate::readiness::{Probe, Readiness};
use crate::schema;
use crate::tls::{self, Certificate};
use crate::wiring::{self, Machine, Wired};

/// Open sockets, and what answers on them.
pub struct Serving {
    /// Where OAuth endpoints and resources answer.
    pub addresses: Vec<SocketAddr>,
    /// Where health and metrics answer.
    pub ops_address: Option<SocketAddr>,
    /// The token to set the server up with, when it has no administrator.
    pub setup_token: Option<TokenValue>,
    /// The certificate it shows, where it speaks TLS.
    pub certificate: Option<Arc<Certificate>>,
    server: Server,
    ops_server: Option<Server>,
    draining: Arc<AtomicBool>,
    _maintenance: Running,
    _exporting: Exporting,
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
        let tls_files = config.server.tls.as_ref();
        let certificate = tls_files.map(Certificate::read).transpose()?;
        let metrics = metrics::start()?;
        let persistence = wiring::connect(&config.database)?;
        bring_up_to_date(&persistence, config.database.migrate_on_start, machine)?;
        let Wired {
            server,
            chain,
            persistence,
            keys,
            hashes,
            page_key,
        } = wiring::wire(config, persistence, machine)?;
        record_start(&persistence, machine)?;
        let (server, setup_token) = with_administrators(server, config)?;
        let draining = Arc::new(AtomicBool::new(false));
        let janitor = Arc::new(Janitor::default());
        let clock = Arc::clone(&machine.clock);
        let probe = probe(persistence.clone(), Arc::clone(&keys), clock);
        let readiness = Readiness::new(Arc::clone(&draining), probe);
        let render = Scrape {
            metrics: metrics.clone(),
            persistence: persistence.clone(),
            keys: Arc::clone(&keys),
            hashes,
            clock: Arc::clone(&machine.clock),
            janitor: Arc::clone(&janitor),
        }
        .into_render();
        let exporting = Exporting::start(&config.telemetry, &render)?;
        let operations = Operations {
            ready: Arc::new(move || readiness.ask()),
            started: Arc::new(AtomicBool::new(true)),
            metrics: render,
        };
        let http = grantor_http_api::start(
            Arc::new(server.clone()),
            HttpOptions {
                spans: exporting.spans(),
                ..options(config, page_key, certificate.clone())
            },
            operations,
        )
        .map_err(|error| Failure::new("cannot open the listening sockets", error))?;
        let maintenance = Maintenance {
            server,
            persistence,
            chain,
            keys,
            metrics,
            janitor,
            interval: config.sessions.reap_interval,
            event_retention: config.events.retention,
        };
        Ok(Self {
            addresses: http.addresses,
            ops_address: http.ops_address,
            setup_token,
            certificate,
            server: http.server,
            ops_server: http.ops_server,
            draining,
            _maintenance: maintenance
                .start()
                .map_err(|error| Failure::new("cannot start the maintenance thread", error))?,
            _exporting: exporting,
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

/// Makes the administrators that are configured, or offers a token to make the first with.
fn with_administrators(
    server: AuthorizationServer,
    config: &Config,
) -> Result<(AuthorizationServer, Option<TokenValue>), Failure> {
    if bootstrap::prepare(&server, &config.bootstrap)? {
        return Ok((server, None));
    }
    let (server, token) = bootstrap::offer_setup(server)?;
    Ok((server, Some(token)))
}

/// Migrates when told to; refuses a schema that is older or newer than this program.
fn bring_up_to_date(
    persistence: &Persistence,
    migrate: bool,
    machine: &Machine,
) -> Result<(), Failure> {
    let unreadable = |error| Failure::new("cannot read the schema", error);
    let status = persistence.schema().map_err(unreadable)?;
    if let Some(obstacle) = schema::beyond_mending(&status) {
        return Err(obstacle.into());
    }
    if !status.ahead.is_empty() {
        tracing::warn!(
            migrations = status.ahead.join(", "),
            "the schema is newer than this program, and only added to: serving"
        );
    }
    if status.pending.is_empty() {
        return Ok(());
    }
    if let Some(obstacle) = schema::obstacle(&status).filter(|_| !migrate) {
        return Err(obstacle.into());
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

/// What requests need: a key that signs, and a store that reads and writes. The schema was checked at the
/// start, and the one of the next release is served too.
fn probe(persistence: Persistence, keys: Arc<KeyRing>, clock: Arc<dyn Clock>) -> Probe {
    Arc::new(move || {
        if signing_key(&keys.lives(), clock.now()).is_none() {
            return Err("no_signing_key");
        }
        persistence.probe().map_err(|error| {
            tracing::warn!(%error, "the store does not answer");
            "store_unavailable"
        })?;
        persistence.probe_writing().map_err(|error| {
            tracing::warn!(%error, "the store takes no writes");
            "store_not_writable"
        })
    })
}

fn options(
    config: &Config,
    page_key: PageLinkKey,
    certificate: Option<Arc<Certificate>>,
) -> HttpOptions {
    let passwords = &config.passwords;
    HttpOptions {
        bind: vec![config.server.bind],
        ops_bind: config.server.ops_bind,
        workers: config.server.workers,
        tls: certificate.map(tls::server_config),
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
        connections: config.server.connections,
        spans: None,
    }
}
