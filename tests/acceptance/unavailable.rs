//! When the store is away nobody knows anything, and the server says that and nothing else.

use std::net::ToSocketAddrs as _;
use std::time::{Duration, Instant};

use serde_json::json;
use url::Url;

use crate::support::proxy::Proxy;
use crate::support::{Answer, Call, Setup, Store, Tokens, World};

/// A server whose way to Postgres can be cut.
fn on_a_wire() -> (Proxy, World) {
    let setup = Setup::on(Store::Postgres).set("database.connection_timeout_ms", "300");
    let mut url = Url::parse(&setup.database.url()).unwrap();
    let host = url.host_str().unwrap().to_owned();
    let mut addresses = (host.as_str(), url.port().unwrap_or(5432))
        .to_socket_addrs()
        .unwrap();
    let proxy = Proxy::to(addresses.next().unwrap());
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(proxy.address.port())).unwrap();
    let world = setup.set("database.url", url.as_str()).start();
    (proxy, world)
}

/// A fault, and no answer to the question that was asked.
#[track_caller]
fn is_unavailable(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.text());
    assert!(answer.header("retry-after").is_some(), "{what}");
    assert!(
        !answer.text().contains("invalid_"),
        "{what}: {}",
        answer.text()
    );
    assert!(
        !answer.text().contains("active"),
        "{what}: {}",
        answer.text()
    );
    for detail in ["postgres", "127.0.0.1", "connection", "r2d2"] {
        assert!(
            !answer.text().to_lowercase().contains(detail),
            "{what}: {}",
            answer.text()
        );
    }
}

/// Every question about stored things, asked while a token of each form lives.
fn questions(world: &World, opaque: &Tokens, jwt: &Tokens) -> Vec<(&'static str, Answer)> {
    let myapp = world.myapp();
    let signed = world.client("signed", Some("s"));
    let user = world.bearer(&opaque.access);
    vec![
        ("password", myapp.password("user", "password")),
        ("wrong password", myapp.password("user", "wrong")),
        (
            "unknown client",
            world
                .client("nobody", Some("x"))
                .password("user", "password"),
        ),
        ("refresh", myapp.refresh(&opaque.refresh)),
        ("client credentials", myapp.credentials()),
        (
            "introspection",
            myapp.post("/auth/introspect", &[("token", &opaque.access)]),
        ),
        (
            "introspection of a JWT",
            signed.post("/auth/introspect", &[("token", &jwt.access)]),
        ),
        ("revocation", myapp.revoke(&opaque.refresh)),
        ("userinfo", user.get("/auth/userinfo")),
    ]
}

/// The same of resources.
fn resources(world: &World, opaque: &Tokens) -> Vec<(&'static str, Answer)> {
    let (user, admin) = (world.bearer(&opaque.access), world.admin());
    vec![
        ("own sessions", user.get("/Session")),
        ("closing", user.delete("/Session")),
        ("a client", admin.get("/Client/myapp")),
        ("an unknown user", admin.get("/User/nobody")),
        ("writing a user", admin.put("/User/new", &json!({}))),
        (
            "writing a client",
            admin.put("/Client/new", &json!({ "grant_types": ["password"] })),
        ),
    ]
}

/// Asks until the server is ready again; every question takes its time.
#[track_caller]
fn becomes_ready(world: &World) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while world.ops.send(Call::get("/health/ready")).status != 200 {
        assert!(Instant::now() < deadline, "the server does not recover");
    }
}

#[test]
fn a_store_that_is_away_is_never_an_answer_and_is_good_again_when_it_is_back() {
    let (proxy, world) = on_a_wire();
    world.register_for_passwords("signed", &json!({ "token_format": "jwt" }));
    let opaque = world.myapp().log_in("user");
    let jwt = world.client("signed", Some("s")).log_in("user");
    proxy.cut();
    for (what, answer) in questions(&world, &opaque, &jwt) {
        is_unavailable(&answer, what);
        assert_eq!(answer.json()["error"], "temporarily_unavailable", "{what}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    }
    for (what, answer) in resources(&world, &opaque) {
        is_unavailable(&answer, what);
        assert_eq!(answer.json()["resourceType"], "OperationOutcome", "{what}");
    }
    world.send(Call::get("/.well-known/jwks.json")).expect(200);
    world
        .send(Call::get("/.well-known/oauth-authorization-server"))
        .expect(200);
    world.ops.send(Call::get("/health/live")).expect(200);
    world.ops.send(Call::get("/health/ready")).expect(503);
    proxy.mend();
    becomes_ready(&world);
    assert!(
        world.myapp().sees_active(&opaque.access),
        "nothing was closed meanwhile"
    );
    Tokens::of(&world.myapp().refresh(&opaque.refresh));
    world.myapp().password("user", "password").expect(200);
    world.admin().get("/User/new").expect(404);
    let (_, setup) = world.terminate();
    let url = Url::parse(&setup.database.url()).unwrap();
    let log = setup.log();
    assert!(log.contains("could not answer"), "faults are logged");
    if let Some(password) = url.password() {
        assert!(!log.contains(password), "{log}");
    }
}

#[test]
fn broken_connections_are_replaced() {
    let (proxy, world) = on_a_wire();
    let tokens = world.myapp().log_in("user");
    proxy.cut();
    proxy.mend();
    becomes_ready(&world);
    for _ in 0..20 {
        assert!(world.myapp().sees_active(&tokens.access));
    }
}

#[test]
fn an_answer_is_never_late() {
    let (proxy, world) = on_a_wire();
    let tokens = world.myapp().log_in("user");
    proxy.cut();
    for _ in 0..3 {
        let started = Instant::now();
        is_unavailable(
            &world.bearer(&tokens.access).get("/auth/userinfo"),
            "userinfo",
        );
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{:?}",
            started.elapsed()
        );
    }
}

#[test]
fn a_store_that_hangs_makes_the_server_unready_within_a_second_and_not_dead() {
    let (proxy, world) = on_a_wire();
    becomes_ready(&world);
    proxy.turn(|weather| weather.held = true);
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let asked = Instant::now();
        let answer = world.ops.send(Call::get("/health/ready"));
        assert!(asked.elapsed() < Duration::from_secs(1));
        if answer.status == 503 {
            assert_eq!(answer.json()["reason"], "store_timeout");
            break;
        }
        assert!(Instant::now() < deadline, "it stays ready");
    }
    world.ops.send(Call::get("/health/live")).expect(200);
    proxy.turn(|weather| weather.held = false);
    becomes_ready(&world);
}

#[test]
fn a_store_that_is_away_at_the_start_refuses_to_start() {
    let setup = Setup::on(Store::Postgres).set("database.connection_timeout_ms", "300");
    // A port that nobody listens on any more.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("postgres://grantor:HOSTILEsecret@127.0.0.1:{port}/grantor");
    let ran = setup.set("database.url", &url).run(&["serve"]);
    let ran = ran.refused_saying(&["cannot be reached"]);
    assert!(!ran.stderr.contains("HOSTILEsecret"), "{ran:?}");
}
