//! P8: ten times more logins than can be hashed. The rest is told so, and nothing else waits behind them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::crowd::unthrottled;
use crate::door::{Door, Heard};
use crate::size;
use crate::support::World;
use crate::support::http::{Answer, Call, Http};

/// Threads of the flood: enough that it does not wait for answers.
const FLOODERS: u32 = 200;
/// Probes of each kind in a second.
const PROBES: f64 = 50.0;
const PROBE_P99: Duration = Duration::from_millis(50);
/// How soon a login that is not served is told.
const TOLD: Duration = Duration::from_secs(2);

/// Calls `send` at a fixed rate, whether or not earlier calls have ended, and answers how late each of them was done.
fn open_loop(rate: f64, lasts: Duration, threads: u32, send: impl Fn() + Sync) -> Vec<Duration> {
    let (start, next) = (Instant::now(), AtomicU32::new(0));
    let latencies = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let due = Duration::from_secs_f64(f64::from(number) / rate);
                    if due >= lasts {
                        return;
                    }
                    size::pass(due.saturating_sub(start.elapsed()));
                    send();
                    let late = start.elapsed().saturating_sub(due);
                    latencies.lock().unwrap().push(late);
                }
            });
        }
    });
    latencies.into_inner().unwrap()
}

/// How many logins a second succeed when nobody floods.
fn unloaded_rate(door: &Door, lasts: Duration) -> f64 {
    let (start, served) = (Instant::now(), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while start.elapsed() < lasts {
                    let answer = door.insist(&door.login("user", "password"));
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    served.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    f64::from(served.into_inner()) / start.elapsed().as_secs_f64()
}

/// What a login in the flood was told.
fn told(http: &Http, call: Call, served: &AtomicU32, shed: &AtomicU32) {
    let answer: Answer = http.send(call);
    match answer.status {
        200 => served.fetch_add(1, Ordering::SeqCst),
        429 | 503 => {
            let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!(wait >= 1);
            shed.fetch_add(1, Ordering::SeqCst)
        }
        _ => panic!("{} {}", answer.status, answer.text()),
    };
}

fn probe(name: &str, lasts: Duration, send: impl Fn() -> Heard + Sync) {
    let mut latencies = open_loop(PROBES, lasts, 8, || {
        let heard = send();
        // A machine that other tests keep busy may have no thread free in time, and says so.
        let is_told = heard.status() == 503 && !size::is_long();
        assert!(heard.status() == 200 || is_told, "{name}: {heard:?}");
    });
    let p99 = size::percentile(&mut latencies, 99);
    size::say(&format!("{name}, probes"), latencies.len());
    size::at_most(&format!("{name}, p99"), p99, PROBE_P99);
}

fn flood(world: &World, capacity: f64, lasts: Duration) -> (f64, u32, Duration) {
    let door = Door::to(&world.http);
    let tokens = world.myapp().log_in("user");
    let (served, shed) = (AtomicU32::new(0), AtomicU32::new(0));
    let slowest = std::thread::scope(|scope| {
        let flood = scope.spawn(|| {
            let login = door.login("user", "password");
            open_loop(capacity * 10.0, lasts, FLOODERS, || {
                told(&world.http, login.clone(), &served, &shed);
            })
        });
        scope.spawn(|| {
            probe("introspection", lasts, || {
                door.send(door.introspect(&tokens.access))
            });
        });
        scope.spawn(|| {
            probe("JWKS", lasts, || {
                door.send(Call::get("/.well-known/jwks.json"))
            });
        });
        flood.join().unwrap().into_iter().max().unwrap()
    });
    let rate = f64::from(served.into_inner()) / lasts.as_secs_f64();
    (rate, shed.into_inner(), slowest)
}

on_every_store!(
    logins_that_cannot_be_hashed_are_told_and_nothing_else_waits,
    |setup: Setup| {
        let setup = unthrottled(setup)
            .set("passwords.argon2_m_cost", "19456")
            .set("passwords.argon2_t_cost", "2")
            .set("passwords.queue", "16")
            .set("passwords.max_wait_ms", "1000");
        let world = setup.start();
        let lasts = size::seconds(2);
        let capacity = unloaded_rate(&Door::to(&world.http), lasts / 2);
        size::say("logins a second without a flood", capacity);
        let (rate, shed, slowest) = flood(&world, capacity, lasts);
        size::say("logins a second served in the flood", rate);
        size::say("logins shed", shed);
        assert!(shed > 0, "ten times the capacity fits");
        assert!(rate > 0.0, "nobody is served");
        size::at_most("slowest login of the flood", slowest, TOLD);
        size::at_most("share of right logins lost", 1.0 - rate / capacity, 0.2);
        world.myapp().password("user", "password").expect(200);
    }
);
