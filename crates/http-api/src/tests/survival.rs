//! Handlers that panic or take too long, and clients that take too long: somebody else is served.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, web};
use grantor_testkit::World;
use serde_json::Value;

use super::Site;
use crate::TimeLimits;
use crate::frame::frame;
use crate::routes;

/// Longer than anything is waited for in a test that passes.
const PATIENCE: Duration = Duration::from_secs(30);

async fn panics() -> HttpResponse {
    panic!("on purpose, in a handler")
}

/// A server with two handlers no product has, its address, and what stops it.
fn serve(limits: TimeLimits) -> (SocketAddr, ServerHandle) {
    let site = Site::limited(World::default(), limits, None);
    let state = site.state;
    let app = move || {
        App::new()
            .app_data(state.clone())
            .route("/auth/panics", web::get().to(panics))
            .route("/panics", web::get().to(panics))
            .route("/console/panics", web::get().to(panics))
            .route(
                "/hangs",
                web::get().to(std::future::pending::<HttpResponse>),
            )
            .configure(|app| routes::mount(app, super::DOORS))
            .wrap(from_fn(frame))
    };
    let server = actix_web::HttpServer::new(app)
        .workers(1)
        .client_request_timeout(limits.head)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (address, handle)
}

/// One connection.
struct Line(BufReader<TcpStream>);

impl Line {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// Asks, and reads one answer: its head and its body.
    fn get(&mut self, path: &str) -> (String, String) {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nX-Request-Id: r-1\r\n\r\n"
        ));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(self.0.read_line(&mut head).unwrap() > 0, "closed: {head}");
        }
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).unwrap();
        (head, String::from_utf8(body).unwrap())
    }

    /// Everything that comes until the server closes the connection.
    fn rest(mut self) -> String {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        String::from_utf8_lossy(&rest).into_owned()
    }
}

/// Does something that waits for sockets beside the event loop.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    web::block(work).await.unwrap()
}

#[actix_web::test]
async fn a_handler_that_panics_is_a_500_with_its_requests_id_and_the_connection_goes_on() {
    let (address, handle) = serve(TimeLimits::default());
    beside(move || {
        let mut line = Line::to(address);
        let (head, body) = line.get("/auth/panics");
        assert!(head.starts_with("HTTP/1.1 500"), "{head}");
        for header in ["x-request-id: r-1", "cache-control: no-store"] {
            assert!(head.to_ascii_lowercase().contains(header), "{head}");
        }
        let said: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(said["error"], "server_error");
        assert!(!body.contains("on purpose"), "{body}");
        let (_, body) = line.get("/panics");
        let said: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(said["resourceType"], "OperationOutcome");
        let (head, body) = line.get("/console/panics");
        assert!(head.starts_with("HTTP/1.1 500"), "{head}");
        assert!(body.contains("<html") && body.contains("r-1"), "{body}");
        let (head, _) = line.get("/.well-known/jwks.json");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    })
    .await;
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_request_that_takes_too_long_is_a_503() {
    let (address, handle) = serve(TimeLimits {
        request: Duration::from_millis(50),
        ..TimeLimits::default()
    });
    beside(move || {
        let (head, body) = Line::to(address).get("/hangs");
        assert!(head.starts_with("HTTP/1.1 503"), "{head}");
        assert!(head.contains("retry-after: "), "{head}");
        assert!(body.contains("transient"), "{body}");
    })
    .await;
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let (address, handle) = serve(TimeLimits {
        head: Duration::from_millis(100),
        ..TimeLimits::default()
    });
    beside(move || {
        for begun in ["", "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\nX: "] {
            let mut line = Line::to(address);
            line.send(begun);
            let rest = line.rest();
            assert!(rest.starts_with("HTTP/1.1 408"), "{begun:?}: {rest:?}");
        }
    })
    .await;
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let (address, handle) = serve(TimeLimits {
        body: Duration::from_millis(100),
        ..TimeLimits::default()
    });
    beside(move || {
        let mut line = Line::to(address);
        line.send(
            "POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant_type=",
        );
        let mut status = String::new();
        line.0.read_line(&mut status).unwrap();
        assert!(status.starts_with("HTTP/1.1 408"), "{status}");
    })
    .await;
    handle.stop(false).await;
}
