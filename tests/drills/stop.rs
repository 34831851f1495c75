//! P14: SIGTERM under load, and a rolling restart of two replicas behind a balancer that retries.

use std::process::ExitStatus;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use crate::crowd::{Crowd, unthrottled};
use crate::dice::Dice;
use crate::door::{Balancer, Door};
use crate::size;
use crate::support::http::Http;
use crate::support::server::Process;
use crate::support::{Setup, Store};

/// How long requests in flight may take to end.
const LONGEST: Duration = Duration::from_secs(10);

/// Asks the program to end; answers how it did, and how long it took.
fn terminate(process: &mut Process) -> (ExitStatus, Duration) {
    let started = Instant::now();
    process.signal("TERM");
    let status = process.wait();
    (status, started.elapsed())
}

on_every_store!(
    a_program_that_is_told_to_stop_ends_well_under_load,
    |setup: Setup| {
        let mut dice = Dice::of(8000);
        let mut world = unthrottled(setup).start();
        let mut door = Door::to(&world.http);
        let mut crowd = Crowd::gather(8, &door);
        let (mut longest, rounds) = (Duration::ZERO, size::count(2));
        for _ in 0..rounds {
            let setup = crowd.work_while(&door, || {
                door.tally.more(40 + dice.below(100));
                let started = Instant::now();
                let (status, setup) = world.terminate();
                assert!(status.success(), "{status}");
                longest = longest.max(started.elapsed());
                setup
            });
            world = setup.start();
            door = door.moved_to(&world.http);
            crowd.judge(&door);
        }
        crowd.judge_all(&door);
        size::say("stops under load", rounds);
        size::at_most("longest stop", longest, LONGEST);
    }
);

#[test]
fn a_rolling_restart_fails_no_request() {
    let mut dice = Dice::of(8100);
    let setup = unthrottled(Setup::on(Store::Postgres));
    let mut replicas = [Process::start(&setup), Process::start(&setup)];
    let places = replicas
        .each_ref()
        .map(|replica| Http::to(&format!("http://{}", replica.addresses.0)));
    let balancer: Balancer = Arc::new(RwLock::new(places.to_vec()));
    let door = Door::to(&places[0]).behind(&balancer);
    let mut crowd = Crowd::gather(8, &door);
    let rounds = size::count(4);
    let before = door.tally.counts();
    let mut longest = Duration::ZERO;
    crowd.work_while(&door, || {
        for round in 0..rounds {
            let turn = round as usize % 2;
            door.tally.more(30 + dice.below(60));
            let (status, took) = terminate(&mut replicas[turn]);
            assert!(status.success(), "{status}");
            longest = longest.max(took);
            replicas[turn] = Process::start(&setup);
            let place = Http::to(&format!("http://{}", replicas[turn].addresses.0));
            balancer.write().unwrap()[turn] = place;
        }
    });
    let after = door.tally.counts();
    crowd.judge_all(&door);
    size::say("restarts", rounds);
    size::say("requests through them", after.answered - before.answered);
    assert_eq!(after.unavailable, before.unavailable, "no request fails");
    assert_eq!(after.nothing, before.nothing, "no request fails");
    size::at_most("longest stop", longest, LONGEST);
}
