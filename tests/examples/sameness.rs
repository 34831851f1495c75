//! Whether the time of a failed login tells which names exist: `cargo run -p acceptance --example sameness [tries]`.
//!
//! A server of its own on SQLite, hashes at their usual cost, one connection, so many tries of each kind in random
//! order (500 unless told). For each kind: the median, its distance from that of unknown names, and the p-value of the
//! two-sided Mann-Whitney test against them, with the normal approximation. It fails when a median is farther away than
//! 5 ms and 3 %, or p is not above 0.01.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measurement prints what it found and ends when it cannot measure"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Instant;

use actix_web::rt::System;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_app::config::{Config, Sources};
use grantor_app::serving::Serving;
use grantor_app::wiring::Machine;

const BUNDLE: &str = r#"{ "resourceType": "Bundle", "type": "transaction", "entry": [
    { "resource": { "resourceType": "Client", "id": "myapp", "secret": "verysecret", "grant_types": ["password"] } },
    { "resource": { "resourceType": "User", "id": "user", "password": "a long password" } },
    { "resource": { "resourceType": "User", "id": "inactive", "password": "a long password", "inactive": true } },
    { "resource": { "resourceType": "User", "id": "nopassword" } } ] }"#;

/// What is tried: its name here, a username, a password. Each is compared with an unknown name and the same password.
const KINDS: [(&str, &str, &str); 6] = [
    ("unknown", "nobody", "a wrong password"),
    ("wrong", "user", "a wrong password"),
    ("inactive", "inactive", "a wrong password"),
    ("no password", "nopassword", "a wrong password"),
    ("empty, unknown", "nobody", ""),
    ("empty, known", "user", ""),
];

/// Tries that are made first and not counted.
const WARM_UP: usize = 20;

fn start(folder: &std::path::Path) -> SocketAddr {
    let file = |name: &str| folder.join(name).display().to_string();
    std::fs::write(file("bundle.json"), BUNDLE).unwrap();
    let roomy = [
        "account",
        "account_day",
        "account_total",
        "network",
        "client",
        "global",
    ]
    .map(|budget| (format!("throttle.{budget}.burst"), "1000000".to_owned()));
    let settings = [
        ("server.bind", "127.0.0.1:0".to_owned()),
        ("server.ops_bind", String::new()),
        ("database.url", format!("sqlite:{}", file("grantor.db"))),
        ("bootstrap.bundle", file("bundle.json")),
        ("log.level", "error".to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value));
    let variables = settings.into_iter().chain(roomy).map(|(key, value)| {
        let name = key.replace('.', "__").to_uppercase();
        (format!("GRANTOR__{name}"), value)
    });
    let config = Config::load(Sources {
        file: None,
        variables: Some(variables.collect()),
    })
    .unwrap();
    let (sender, started) = mpsc::channel();
    std::thread::spawn(move || {
        System::new().block_on(async move {
            let serving = Serving::start(&config, &Machine::default()).unwrap();
            sender.send(serving.addresses[0]).unwrap();
            serving.run().await.unwrap();
        });
    });
    started.recv().unwrap()
}

/// One connection that is kept.
struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Milliseconds until the whole answer is there, which must be a 400.
    fn try_out(&mut self, username: &str, password: &str) -> f64 {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs([
            ("grant_type", "password"),
            ("username", username),
            ("password", password),
        ]);
        let body = body.finish();
        let credentials = STANDARD.encode("myapp:verysecret");
        let request = format!(
            "POST /auth/token HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let began = Instant::now();
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let mut length = 0;
        let mut status = String::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            if status.is_empty() {
                status.clone_from(&line);
            }
            let lower = line.to_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut rest = vec![0; length];
        self.0.read_exact(&mut rest).unwrap();
        let took = began.elapsed();
        assert!(status.contains(" 400 "), "{status}");
        took.as_secs_f64() * 1000.0
    }
}

fn median(sample: &[f64]) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The two-sided p-value of the Mann-Whitney test.
fn p_value(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one.iter().map(|time| (*time, true)).collect();
    all.extend(other.iter().map(|time| (*time, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks = all.iter().enumerate().filter(|(_, (_, is_one))| *is_one);
    let sum: f64 = ranks.map(|(index, _)| index as f64 + 1.0).sum();
    let (first, second) = (one.len() as f64, other.len() as f64);
    let statistic = sum - first * (first + 1.0) / 2.0;
    let deviation = (first * second * (first + second + 1.0) / 12.0).sqrt();
    let distance = ((statistic - first * second / 2.0) / deviation).abs();
    // The complementary error function: Abramowitz and Stegun, 7.1.26.
    let scaled = distance / std::f64::consts::SQRT_2;
    let term = 1.0 / (1.0 + 0.327_591_1 * scaled);
    let coefficients = [
        1.061_405_429,
        -1.453_152_027,
        1.421_413_741,
        -0.284_496_736,
        0.254_829_592,
    ];
    let polynomial = coefficients
        .into_iter()
        .fold(0.0, |sum, coefficient| sum * term + coefficient);
    polynomial * term * (-scaled * scaled).exp()
}

/// The kinds so many times, in random order.
fn order(tries: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..tries * KINDS.len()).map(|n| n % KINDS.len()).collect();
    for last in (1..order.len()).rev() {
        let mut bytes = [0; 8];
        Machine::default().randomness.fill(&mut bytes).unwrap();
        let bound = u64::try_from(last + 1).unwrap();
        order.swap(
            last,
            usize::try_from(u64::from_le_bytes(bytes) % bound).unwrap(),
        );
    }
    order
}

fn main() -> ExitCode {
    let tries = std::env::args()
        .nth(1)
        .map_or(500, |tries| tries.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let stream = TcpStream::connect(start(folder.path())).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut connection = Connection(BufReader::new(stream));
    for number in 0..WARM_UP {
        let (_, username, password) = KINDS[number % KINDS.len()];
        connection.try_out(username, password);
    }
    let mut samples = vec![Vec::with_capacity(tries); KINDS.len()];
    for kind in order(tries) {
        let (_, username, password) = KINDS[kind];
        samples[kind].push(connection.try_out(username, password));
    }
    let mut all_alike = true;
    println!(
        "{:<16} {:>6} {:>11} {:>10} {:>8}",
        "kind", "tries", "median", "apart", "p"
    );
    for (sample, (kind, _, password)) in samples.iter().zip(KINDS) {
        let same = KINDS.iter().position(|(_, _, other)| *other == password);
        let nobody = &samples[same.unwrap_or_default()];
        let unknown = median(nobody);
        let apart = (median(sample) - unknown).abs();
        let p = p_value(sample, nobody);
        let is_alike = (apart <= 5.0 || apart <= unknown * 0.03) && p > 0.01;
        all_alike &= is_alike;
        let verdict = if is_alike { "" } else { "  TELLS" };
        println!(
            "{kind:<16} {:>6} {:>8.3} ms {apart:>7.3} ms {p:>8.3}{verdict}",
            sample.len(),
            median(sample)
        );
    }
    if all_alike {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
