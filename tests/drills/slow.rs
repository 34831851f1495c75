//! P13: clients that send slowly, say nothing, or come in floods. Others do not notice.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::crowd::unthrottled;
use crate::door::Door;
use crate::size;
use crate::support::{Setup, Store, World};

/// Heads have five seconds and bodies ten.
const HEAD: Duration = Duration::from_secs(5);
const BODY: Duration = Duration::from_secs(10);
/// What a busy machine may add.
const MORE: Duration = Duration::from_secs(3);
/// Longer than any limit.
const PATIENCE: Duration = Duration::from_secs(60);

const PART_OF_A_HEAD: &[u8] = b"POST /auth/token HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
const PART_OF_A_BODY: &[u8] = b"POST /auth/token HTTP/1.1\r\nHost: localhost\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ngrant_type=";

/// What a slow client has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slow {
    /// Nothing.
    Silent,
    /// A byte of its head now and then.
    Head,
    /// Its head, and a byte of its body now and then.
    Body,
    /// Part of a head, and then it will never send again.
    HalfOpen,
}

const KINDS: [Slow; 4] = [Slow::Silent, Slow::Head, Slow::Body, Slow::HalfOpen];

fn connect(authority: &str, kind: Slow) -> TcpStream {
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    match kind {
        Slow::Silent => {}
        Slow::Head => stream.write_all(PART_OF_A_HEAD).unwrap(),
        Slow::Body => stream.write_all(PART_OF_A_BODY).unwrap(),
        Slow::HalfOpen => {
            stream.write_all(PART_OF_A_HEAD).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
        }
    }
    stream
}

/// Sends a byte every so often until the server ends the connection; answers how long it took.
fn dribble(mut stream: TcpStream) -> Duration {
    let started = Instant::now();
    let mut reading = stream.try_clone().unwrap();
    let ended = std::thread::spawn(move || {
        let mut rest = Vec::new();
        let _reset_or_closed = reading.read_to_end(&mut rest);
        Instant::now()
    });
    while !ended.is_finished() && started.elapsed() < PATIENCE {
        let _it_may_be_closed = stream.write_all(b"x");
        size::pass(Duration::from_millis(200));
    }
    ended.join().unwrap() - started
}

/// The latencies of a client that is not slow.
fn latencies(door: &Door, token: &str, lasts: Duration) -> Vec<Duration> {
    let (started, mut latencies) = (Instant::now(), Vec::new());
    while started.elapsed() < lasts {
        let asked = Instant::now();
        let heard = door.send(door.introspect(token));
        assert_eq!(heard.status(), 200, "{heard:?}");
        latencies.push(asked.elapsed());
    }
    latencies
}

/// Answers the p99 without and with so many slow clients, and how long each kind of them was borne.
fn crowd_of_slow(world: &World, count: u32) -> (Duration, Duration, Vec<(Slow, Duration)>) {
    let door = Door::to(&world.http);
    let token = world.myapp().log_in("user").access;
    let lasts = size::seconds(1);
    let alone = size::percentile(&mut latencies(&door, &token, lasts), 99);
    let authority = world.http.authority();
    let mut streams = Vec::new();
    for number in 0..count {
        let kind = KINDS[number as usize % KINDS.len()];
        streams.push((kind, connect(authority, kind)));
    }
    std::thread::scope(|scope| {
        // One of each kind keeps sending; the others are as slow as can be.
        let keen: Vec<_> = streams.split_off(streams.len() - KINDS.len());
        let keen: Vec<_> = keen
            .into_iter()
            .map(|(kind, stream)| (kind, scope.spawn(move || dribble(stream))))
            .collect();
        let among = size::percentile(&mut latencies(&door, &token, lasts), 99);
        let borne = keen.into_iter();
        let borne = borne
            .map(|(kind, borne)| (kind, borne.join().unwrap()))
            .collect();
        drop(streams);
        (alone, among, borne)
    })
}

#[test]
fn slow_clients_are_cut_and_others_do_not_notice() {
    let world = unthrottled(Setup::on(Store::Sqlite)).start();
    let count = size::count(64).max(4);
    let (alone, among, borne) = crowd_of_slow(&world, count);
    size::say("slow sockets", count);
    size::say("p99 of others without them", alone);
    // Twice of very little is less than a scheduler's turn.
    let allowed = (alone * 2).max(Duration::from_millis(5));
    size::at_most("p99 of others among them", among, allowed);
    for (kind, time) in borne {
        let limit = if kind == Slow::Body { BODY } else { HEAD };
        assert!(time < PATIENCE, "{kind:?} is borne for ever");
        size::at_most(&format!("{kind:?} is borne"), time, limit + MORE);
    }
    // And a flood of connections that say nothing leaves room for one that speaks.
    let flood: Vec<_> = (0..count)
        .map(|_| connect(world.http.authority(), Slow::Silent))
        .collect();
    world.myapp().password("user", "password").expect(200);
    drop(flood);
}
