//! What an operator sees of a server: metrics, health, one line for a request; and nobody else's secrets.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::actors::TOKEN;
use crate::support::{Call, Setup, Store, Tokens, World};

const PAGE: &str = include_str!("../../docs/reference/metrics.md");

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn scrape(world: &World) -> String {
    world.ops.send(Call::get("/metrics")).expect(200).text()
}

/// The metrics, as soon as they are as wanted. Live sessions are counted a moment after the start.
#[track_caller]
fn scrape_when(world: &World, wanted: impl Fn(&str) -> bool) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let metrics = scrape(world);
        if wanted(&metrics) {
            return metrics;
        }
        assert!(Instant::now() < deadline, "still\n{metrics}");
    }
}

/// The value of a series, labels included.
#[track_caller]
fn value(metrics: &str, series: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(series));
    let line = line.unwrap_or_else(|| panic!("no {series} in\n{metrics}"));
    line.trim().parse().unwrap()
}

/// Every series, without its value. Buckets and sums belong to one histogram.
fn series(metrics: &str) -> BTreeSet<String> {
    let lines = metrics
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| line.rsplit_once(' ').unwrap().0.to_owned())
        .collect()
}

/// Requests of every kind, by somebody who was never here before.
fn round(world: &World, number: u32) {
    let name = format!("somebody-{number}");
    let myapp = world.myapp();
    myapp.password(&name, "a wrong password").expect(400);
    myapp.password(&name, &"x".repeat(2000)).expect(400);
    world
        .client(&format!("client-{number}"), Some("a wrong secret"))
        .credentials()
        .expect(401);
    myapp.introspect(&format!("gat_{number}"));
    myapp.refresh(&format!("grt_{number}")).expect(400);
    myapp.revoke(&format!("grt_{number}")).expect(200);
    for method in ["GET", "PUT", "BREW", &format!("M{number}")] {
        for path in [
            "/User/",
            "/fhir/Client/",
            "/nowhere/",
            "/console/users/",
            "/docs/",
        ] {
            let call = Call::new(method, &format!("{path}{name}?_id={name}"));
            let call = call
                .header("User-Agent", &name)
                .header("X-Request-Id", &name)
                .header("X-Forwarded-For", &format!("203.0.113.{number}"))
                .header("Origin", &format!("https://{name}.test"));
            world.send(call);
        }
    }
}

#[test]
fn who_asks_for_what_makes_no_series() {
    let setup = Setup::on(Store::Sqlite).set("throttle.enabled", "false");
    let setup = setup.set("sessions.reap_interval", "1");
    let world = setup.set("server.trusted_proxies", "127.0.0.1").start();
    world.myapp().log_in("user");
    round(&world, 0);
    scrape_when(&world, |metrics| metrics.contains("grantor_sessions_live"));
    let before = series(&scrape(&world));
    for number in 1..40 {
        round(&world, number);
    }
    let after = series(&scrape(&world));
    let new: Vec<_> = after.difference(&before).collect();
    assert_eq!(new, Vec::<&String>::new());
    assert!(before.len() > 50, "{before:?}");
}

#[test]
fn every_metric_of_the_reference_is_there_and_no_other() {
    let world = Setup::on(Store::Sqlite)
        .set("sessions.reap_interval", "1")
        .start();
    let tokens = world.myapp().log_in("user");
    world.myapp().sees_active(&tokens.access);
    let listed: BTreeSet<String> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect();
    let metrics = scrape_when(&world, |metrics| metrics.contains("grantor_sessions_live"));
    let types = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    let there: BTreeSet<String> = types
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(there, listed);
}

on_every_store!(what_happens_is_counted_as_what_it_is, |setup: Setup| {
    let world = setup.set("throttle.account.burst", "1").start();
    let myapp = world.myapp();
    let first = myapp.log_in("user");
    let lost = Tokens::of(&myapp.refresh(&first.refresh));
    let second = Tokens::of(&myapp.refresh(&first.refresh));
    myapp.sees_active(&second.access);
    myapp.refresh(&lost.refresh).expect(400);
    let revoked = myapp.log_in("user");
    myapp.revoke(&revoked.access).expect(200);
    world.admin().delete("/User/user").expect(200);
    myapp.password("nobody", "a wrong password").expect(400);
    myapp.password("nobody", "a wrong password").expect(429);
    let metrics = scrape(&world);
    for (series, count) in [
        ("grantor_refresh_total{result=\"ok\"}", 1.0),
        ("grantor_refresh_total{result=\"replay_recovered\"}", 1.0),
        ("grantor_refresh_total{result=\"reuse\"}", 1.0),
        ("grantor_refresh_total{result=\"expired\"}", 0.0),
        ("grantor_revocations_total{kind=\"reuse\"}", 1.0),
        ("grantor_revocations_total{kind=\"token\"}", 1.0),
        ("grantor_revocations_total{kind=\"session\"}", 1.0),
        ("grantor_revocations_total{kind=\"user\"}", 1.0),
        ("grantor_throttled_total{scope=\"account\"}", 1.0),
        ("grantor_throttled_total{scope=\"network\"}", 0.0),
        ("grantor_login_total{result=\"ok\"}", 2.0),
        ("grantor_login_total{result=\"throttled\"}", 1.0),
        ("grantor_events_total{event=\"login.ok\"}", 2.0),
        ("grantor_signing_keys{state=\"signing\"}", 1.0),
        ("grantor_panics_total", 0.0),
        ("grantor_audit_write_failures_total", 0.0),
    ] {
        let off = value(&metrics, series) - count;
        assert!(off.abs() < f64::EPSILON, "{series}\n{metrics}");
    }
    assert!(value(&metrics, "grantor_hash_seconds_count") >= 3.0);
    assert!(value(&metrics, "grantor_hash_wait_seconds_count") >= 3.0);
    assert!(value(&metrics, "grantor_db_pool{state=\"limit\"}") >= 6.0);
    assert!(value(&metrics, "process_resident_memory_bytes") > 1e6);
});

/// The lines about requests with this path's route, as objects.
fn lines(setup: &Setup, route: &str) -> Vec<Value> {
    let log = setup.log();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["route"] == route).collect()
}

#[test]
fn a_trace_goes_through_the_log_and_back_and_a_malformed_one_does_not() {
    let world = Setup::on(Store::Sqlite).set("log.level", "debug").start();
    let call = |parent: &str| Call::get("/auth/userinfo").header("traceparent", parent);
    let told = world.send(call(PARENT)).expect(401);
    let told = told.header("traceresponse").unwrap().to_owned();
    for wrong in [
        "x",
        &PARENT.to_uppercase(),
        &format!("{PARENT}-x"),
        &PARENT.replace("4b", "zz"),
    ] {
        let answer = world.send(call(wrong)).expect(401);
        assert_eq!(answer.header("traceresponse"), None, "{wrong}");
    }
    let (_, setup) = world.terminate();
    let lines = lines(&setup, "/auth/userinfo");
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["trace_id"], TRACE);
    let span = lines[0]["span_id"].as_str().unwrap();
    assert_eq!(told, format!("00-{TRACE}-{span}-01"));
    assert!(lines[1..].iter().all(|line| line.get("trace_id").is_none()));
}

#[test]
fn a_name_forges_no_line_and_is_not_in_the_log() {
    let hostile =
        "amy\r\n{\"level\":\"INFO\",\"message\":\"forged\"}\n\u{1b}[2J\u{202e}\u{2028}\u{9b}31mx";
    let world = Setup::on(Store::Sqlite).set("log.level", "trace").start();
    world
        .myapp()
        .password(hostile, "a wrong password")
        .expect(400);
    let form = [
        ("grant_type", hostile),
        ("client_id", hostile),
        ("scope", hostile),
    ];
    world.send(Call::post(TOKEN).form(&form));
    world.send(Call::get("/User/x%0d%0aforged%1b%5b2J").bearer("a-wrong-token"));
    let (_, setup) = world.terminate();
    let log = setup.log();
    assert!(log.contains("refused"), "{log}");
    for trace in [
        "forged", "amy", "\u{1b}", "\u{202e}", "\u{2028}", "\u{9b}", "\r",
    ] {
        assert!(!log.contains(trace), "{trace:?} in {log}");
    }
    let is_object =
        |line: &str| serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object());
    assert!(log.lines().all(is_object), "{log}");
}

#[test]
fn no_core_dump_can_be_made_of_it() {
    let mut world = Setup::on(Store::Sqlite).start();
    let limits = fs::read_to_string(format!("/proc/{}/limits", world.process().id())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let words: Vec<&str> = line.unwrap().split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{limits}");
}

/// The reason, as soon as there is one.
#[track_caller]
fn unready(world: &World) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = world.ops.send(Call::get("/health/ready"));
        if answer.status == 503 {
            return answer.json()["reason"].as_str().unwrap().to_owned();
        }
        assert!(Instant::now() < deadline, "it stays ready");
    }
}

#[track_caller]
fn becomes_ready(world: &World) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while world.ops.send(Call::get("/health/ready")).status != 200 {
        assert!(Instant::now() < deadline, "it does not become ready");
    }
}

#[test]
fn a_store_that_takes_no_writes_makes_it_unready_and_says_so() {
    let world = Setup::on(Store::Postgres).start();
    becomes_ready(&world);
    let database = &world.setup.database;
    let name = database.sql("SELECT current_database()");
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.sql(&format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on"
    ));
    database.sql(end);
    assert_eq!(unready(&world), "store_not_writable");
    world.ops.send(Call::get("/health/live")).expect(200);
    let metadata = "/.well-known/oauth-authorization-server";
    world.send(Call::get(metadata)).expect(200);
    database.sql(&format!(
        "BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT"
    ));
    database.sql(end);
    becomes_ready(&world);
    world.register("again", &json!({ "grant_types": ["password"] }));
}
