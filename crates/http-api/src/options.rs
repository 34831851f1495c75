//! What the HTTP interface is told at its start.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use grantor_domain::time::Timestamp;
use ipnet::IpNet;

use crate::trace::Trace;

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
    /// How long clients may take.
    pub limits: TimeLimits,
    /// Connections held open at once, shared out to the event loops; who comes then waits to be accepted.
    pub connections: usize,
    /// Told of every request that was answered; `None`: nobody is.
    pub spans: Option<SpanSink>,
}

/// How long a client may take, and how long an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// A TLS handshake.
    pub handshake: Duration,
    /// The head of a connection's first request.
    pub head: Duration,
    /// A body.
    pub body: Duration,
    /// A request in all, from its head to its answer.
    pub request: Duration,
    /// A connection without a request.
    pub keep_alive: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(3),
            head: Duration::from_secs(5),
            body: Duration::from_secs(10),
            request: Duration::from_secs(60),
            keep_alive: Duration::from_secs(75),
        }
    }
}

/// Takes what is known of a request that was answered.
#[derive(Clone)]
pub struct SpanSink(pub Arc<dyn Fn(&RequestSpan<'_>) + Send + Sync>);

impl fmt::Debug for SpanSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpanSink")
    }
}

/// A request that was answered, as a span of a trace. Nothing of what was sent is in it but its method,
/// its id and its place in a trace.
#[derive(Clone, Copy, Debug)]
pub struct RequestSpan<'a> {
    /// Its place in a trace.
    pub trace: &'a Trace,
    /// The id it has in the log.
    pub request_id: &'a str,
    /// Its method, one of a closed list.
    pub method: &'static str,
    /// The pattern of its path.
    pub route: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// Why it was refused, or could not be answered: a name of a closed list.
    pub reason: Option<&'static str>,
    /// When its head had arrived.
    pub began: Timestamp,
    /// When it was answered.
    pub ended: Timestamp,
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
