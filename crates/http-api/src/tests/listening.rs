//! The listeners themselves, over a socket.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use grantor_testkit::World;

use super::LANES;
use crate::{HttpOptions, Operations, PageLinkKey, TimeLimits, start};

fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

fn options() -> HttpOptions {
    HttpOptions {
        bind: vec![loopback()],
        ops_bind: Some(loopback()),
        workers: 1,
        tls: None,
        trusted_proxies: Vec::new(),
        lanes: LANES,
        token_alias: false,
        console: false,
        page_key: PageLinkKey([7; 32]),
        shutdown_timeout: Duration::from_secs(1),
        limits: TimeLimits::default(),
        connections: 64,
        spans: None,
    }
}

fn get(address: SocketAddr, path: &str) -> String {
    send(
        address,
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes(),
    )
}

/// Everything that comes back until the connection is closed.
fn send(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(2)))
        .unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let _closed_reset_or_kept = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A server, its public address, and what stops it.
fn serve() -> (SocketAddr, actix_web::dev::ServerHandle) {
    let operations = Operations {
        ready: Arc::new(|| Ok(())),
        started: Arc::new(AtomicBool::new(true)),
        metrics: Arc::new(String::new),
    };
    let options = HttpOptions {
        ops_bind: None,
        ..options()
    };
    let http = start(Arc::new(World::default().server), options, operations).unwrap();
    let handle = http.server.handle();
    actix_web::rt::spawn(http.server);
    (http.addresses[0], handle)
}

#[actix_web::test]
async fn a_request_of_two_minds_about_its_length_is_answered_once_and_refused() {
    let (address, handle) = serve();
    let head = "POST /auth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    let smuggled = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";
    let ways = [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "content-length: 5\r\ncontent-length: 6\r\n\r\naaaaa",
        "content-length: +5\r\n\r\naaaaa",
        "content-length: -1\r\n\r\n",
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        "x: a\rb\r\ncontent-length: 0\r\n\r\n",
        "x: a\0b\r\ncontent-length: 0\r\n\r\n",
    ];
    let answers = actix_web::web::block(move || {
        ways.map(|way| {
            (
                way,
                send(address, format!("{head}{way}{smuggled}").as_bytes()),
            )
        })
    });
    for (way, answer) in answers.await.unwrap() {
        assert!(answer.starts_with("HTTP/1.1 400"), "{way:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{way:?}: {answer}");
    }
    handle.stop(true).await;
}

#[actix_web::test]
async fn both_listeners_answer_and_drain() {
    let operations = Operations {
        ready: Arc::new(|| Err("migrations_pending")),
        started: Arc::new(AtomicBool::new(true)),
        metrics: Arc::new(|| "grantor_up 1\n".to_owned()),
    };
    let http = start(Arc::new(World::default().server), options(), operations).unwrap();
    let (public, ops) = (http.addresses[0], http.ops_address.unwrap());
    let handles = [
        http.server.handle(),
        http.ops_server.as_ref().unwrap().handle(),
    ];
    let serving = actix_web::rt::spawn(http.server);
    let watching = actix_web::rt::spawn(http.ops_server.unwrap());
    let answers = actix_web::web::block(move || {
        [
            get(public, "/.well-known/jwks.json"),
            get(public, "/health/live"),
            get(public, "/token"),
            get(ops, "/health/live"),
            get(ops, "/health/ready"),
            get(ops, "/metrics"),
        ]
    });
    let answers = answers.await.unwrap();
    let statuses = answers
        .each_ref()
        .map(|answer| answer.get(9..12).unwrap().to_owned());
    assert_eq!(statuses, ["200", "404", "404", "200", "503", "200"]);
    assert!(answers[4].contains(r#"{"status":"unavailable","reason":"migrations_pending"}"#));
    assert!(answers[5].ends_with("grantor_up 1\n"));
    for handle in handles {
        handle.stop(true).await;
    }
    serving.await.unwrap().unwrap();
    watching.await.unwrap().unwrap();
}
