//! What the HTTP interface is told at its start.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ipnet::IpNet;

/// How the server listens and works.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Addresses of the public listener. Port 0 takes any free port.
    pub bind: Vec<SocketAddr>,
    /// Address of the listener for health and metrics; `None` leaves it out.
    pub ops_bind: Option<SocketAddr>,
    /// Event loops.
    pub workers: usize,
    /// TLS for the public listener; `None` speaks plain HTTP, for use behind a proxy.
    pub tls: Option<rustls::ServerConfig>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Threads and queues for workflows.
    pub lanes: LaneOptions,
    /// Whether `POST /token` answers like `POST /auth/token`.
    pub token_alias: bool,
    /// Whether there is a console, and signing in to it.
    pub console: bool,
    /// Signs the links between pages of a search. The same on every replica, and kept.
    pub page_key: PageLinkKey,
    /// How long requests in flight may take to finish once the server is told to stop.
    pub shutdown_timeout: Duration,
}

/// A key for the links between pages. It does not print.
#[derive(Clone)]
pub struct PageLinkKey(pub [u8; 32]);

impl fmt::Debug for PageLinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageLinkKey([redacted])")
    }
}

/// The lanes that workflows run in. Password checks have their own, so that a flood of logins
/// delays nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneOptions {
    /// Threads for everything but password checks.
    pub fast_threads: usize,
    /// How many such requests may wait.
    pub fast_queue: usize,
    /// Threads for requests that hash a password.
    pub login_threads: usize,
    /// How many such requests may wait.
    pub login_queue: usize,
    /// How long a request may wait before it is answered with 503.
    pub max_wait: Duration,
}

/// What the operations listener asks the program.
#[derive(Clone)]
pub struct Operations {
    /// Whether requests can be served; the error is a reason code.
    pub ready: Arc<dyn Fn() -> Result<(), &'static str> + Send + Sync>,
    /// Whether the start is complete.
    pub started: Arc<AtomicBool>,
    /// All metrics, as Prometheus text.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations")
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}
