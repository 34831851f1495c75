//! A whole server that sends to a collector, and what arrives there.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use crate::config::{Config, Sources};
use crate::serving::Serving;
use crate::wiring::Machine;

const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// A collector that keeps everything it is sent, path and body.
fn collector() -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keeping = Arc::clone(&kept);
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let keeping = Arc::clone(&keeping);
            thread::spawn(move || while keep_one(&mut stream, &keeping).is_some() {});
        }
    });
    (address, kept)
}

fn keep_one(stream: &mut TcpStream, kept: &Mutex<Vec<u8>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    kept.lock().unwrap().extend([head, body].concat());
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        .ok()
}

fn config(folder: &std::path::Path, collector: SocketAddr) -> Config {
    let bundle = folder.join("bundle.yaml");
    let text = "resourceType: Bundle\ntype: transaction\nentry:\n\
        \x20 - resource: {resourceType: Client, id: app, secret: verysecret, grant_types: [password]}\n\
        \x20 - resource: {resourceType: User, id: amy, password: Tr0ub4dor-and-3}\n";
    std::fs::write(&bundle, text).unwrap();
    let variables = [
        ("SERVER__BIND", "127.0.0.1:0".to_owned()),
        ("SERVER__OPS_BIND", "127.0.0.1:0".to_owned()),
        (
            "DATABASE__URL",
            format!("sqlite:{}", folder.join("g.db").display()),
        ),
        ("PASSWORDS__ALLOW_WEAK_PARAMETERS", "true".to_owned()),
        ("PASSWORDS__ARGON2_M_COST", "64".to_owned()),
        ("PASSWORDS__ARGON2_T_COST", "1".to_owned()),
        ("BOOTSTRAP__BUNDLE", bundle.display().to_string()),
        ("TELEMETRY__OTLP_ENDPOINT", format!("http://{collector}/")),
    ];
    let variables = variables.map(|(name, value)| (format!("GRANTOR__{name}"), value));
    Config::load(Sources {
        file: None,
        variables: Some(variables.into()),
    })
    .unwrap()
}

/// A login, and what the server answers.
fn log_in(address: SocketAddr) -> String {
    let body = "grant_type=password&client_id=app&client_secret=verysecret&username=amy&password=Tr0ub4dor-and-3";
    let request = format!(
        "POST /auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\ntraceparent: {TRACEPARENT}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn holds(place: &[u8], what: &[u8]) -> bool {
    place.windows(what.len()).any(|window| window == what)
}

#[test]
fn a_collector_is_sent_spans_and_metrics_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (collector, kept) = collector();
    let config = config(folder.path(), collector);
    let (sender, started) = mpsc::channel();
    let server = thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let serving = Serving::start(&config, &Machine::default()).unwrap();
            sender
                .send((serving.addresses[0], serving.stopper()))
                .unwrap();
            serving.run().await.unwrap();
        });
    });
    let (address, stop) = started.recv().unwrap();
    let answer = log_in(address);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let token = answer.split("\"access_token\":\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    actix_web::rt::System::new().block_on(async move { stop.stop().await });
    server.join().unwrap();
    let kept = kept.lock().unwrap().clone();
    let trace = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.to_be_bytes();
    let parent = 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes();
    let told: [&[u8]; 7] = [
        b"POST /v1/traces",
        b"POST /v1/metrics",
        b"POST /auth/token",
        b"grantor_login_total",
        b"grantor_db_wait_seconds_bucket",
        &trace,
        &parent,
    ];
    for what in told {
        assert!(holds(&kept, what), "{}", String::from_utf8_lossy(what));
    }
    for secret in ["Tr0ub4dor", "verysecret", token, "amy"] {
        assert!(!holds(&kept, secret.as_bytes()), "{secret}");
    }
}
