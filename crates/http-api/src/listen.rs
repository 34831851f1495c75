//! Listening: the public listener, and the one for operations.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, web};
use grantor_domain::AuthorizationServer;

use crate::blocking::Lanes;
use crate::frame::frame;
use crate::operations;
use crate::options::{HttpOptions, Operations};
use crate::resources::PageKey;
use crate::routes::{self, Doors};
use crate::state::State;

/// How long the head of a request for health or metrics may take to arrive.
const OPS_HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Most connections of the listener for them.
const OPS_CONNECTIONS: usize = 256;

/// Listeners that are bound. They serve once their futures are awaited; `handle().stop(true)`
/// lets requests in flight finish. Signals are left to the caller.
pub struct HttpServer {
    /// Where the public listener is bound.
    pub addresses: Vec<SocketAddr>,
    /// Where the operations listener is bound.
    pub ops_address: Option<SocketAddr>,
    /// The public listener.
    pub server: Server,
    /// The operations listener.
    pub ops_server: Option<Server>,
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer")
            .field("addresses", &self.addresses)
            .field("ops_address", &self.ops_address)
            .finish_non_exhaustive()
    }
}

/// Binds both listeners and starts the lanes. Must be called inside an actix `System`.
///
/// # Errors
/// When an address cannot be bound or a thread cannot be started.
pub fn start(
    server: Arc<AuthorizationServer>,
    options: HttpOptions,
    operations: Operations,
) -> io::Result<HttpServer> {
    let state = web::Data::new(State {
        server,
        lanes: Lanes::start(options.lanes)?,
        trusted_proxies: options.trusted_proxies.clone(),
        pages: PageKey::new(options.page_key.0),
        limits: options.limits,
        spans: options.spans.clone(),
    });
    let ops = options
        .ops_bind
        .map(|address| listen_for_operations(address, operations))
        .transpose()?;
    let (addresses, server) = listen(state, options)?;
    let (ops_address, ops_server) = ops.unzip();
    Ok(HttpServer {
        addresses,
        ops_address,
        server,
        ops_server,
    })
}

fn listen(state: web::Data<State>, options: HttpOptions) -> io::Result<(Vec<SocketAddr>, Server)> {
    let doors = Doors {
        token_alias: options.token_alias,
        console: options.console,
    };
    let app = move || {
        App::new()
            .app_data(state.clone())
            .configure(|app| routes::mount(app, doors))
            .wrap(from_fn(frame))
    };
    let (workers, limits) = (options.workers.max(1), options.limits);
    let mut server = actix_web::HttpServer::new(app)
        .workers(workers)
        .max_connections(options.connections.div_ceil(workers).max(1))
        .tls_handshake_timeout(limits.handshake)
        .client_request_timeout(limits.head)
        .keep_alive(limits.keep_alive)
        .shutdown_timeout(options.shutdown_timeout.as_secs())
        .disable_signals();
    for address in options.bind {
        server = match &options.tls {
            Some(tls) => server.bind_rustls_0_23(address, tls.clone())?,
            None => server.bind(address)?,
        };
    }
    Ok((server.addrs(), server.run()))
}

fn listen_for_operations(
    address: SocketAddr,
    operations: Operations,
) -> io::Result<(SocketAddr, Server)> {
    let app = move || {
        let operations = operations.clone();
        App::new().configure(|app| operations::mount(app, operations))
    };
    let server = actix_web::HttpServer::new(app)
        .workers(1)
        .max_connections(OPS_CONNECTIONS)
        .client_request_timeout(OPS_HEAD_TIMEOUT)
        .shutdown_timeout(1)
        .disable_signals()
        .bind(address)?;
    let bound = server.addrs().first().copied().unwrap_or(address);
    Ok((bound, server.run()))
}
