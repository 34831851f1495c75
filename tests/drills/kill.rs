//! P1: `kill -9` at random instants under load, also while the program recovers.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::crowd::{Crowd, unthrottled};
use crate::dice::Dice;
use crate::door::Door;
use crate::size;
use crate::support::Setup;

/// How soon the program serves again.
const READY: Duration = Duration::from_secs(2);

/// Kills the program while it starts, as often as the dice say.
fn kill_in_recovery(setup: &Setup, dice: &mut Dice) -> u32 {
    let mut kills = 0;
    while dice.below(3) == 0 {
        let mut command = setup.command(&["serve"]);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        size::pass(dice.time(Duration::from_millis(300)));
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    kills
}

on_every_store!(
    what_was_acknowledged_survives_a_kill_at_any_instant,
    |setup: Setup| {
        let mut dice = Dice::of(1000);
        let mut world = unthrottled(setup).start();
        let mut door = Door::to(&world.http);
        let mut crowd = Crowd::gather(6, &door);
        let (mut starts, mut in_recovery) = (Vec::new(), 0);
        for _ in 0..size::count(3) {
            let setup = crowd.work_while(&door, || {
                door.tally.more(40 + dice.below(160));
                size::pass(dice.time(Duration::from_millis(5)));
                world.crash()
            });
            in_recovery += kill_in_recovery(&setup, &mut dice);
            let started = Instant::now();
            world = setup.start();
            starts.push(started.elapsed());
            door = door.moved_to(&world.http);
            crowd.judge(&door);
        }
        crowd.judge_all(&door);
        size::say("kills under load", starts.len());
        size::say("kills in recovery", in_recovery);
        size::at_most("ready again, p99", size::percentile(&mut starts, 99), READY);
    }
);
