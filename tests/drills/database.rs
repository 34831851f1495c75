//! P7 and P2: Postgres killed, restarted, lost, held and slowed. Its commits are asynchronous by default.

use std::time::{Duration, Instant};

use crate::cluster::Cluster;
use crate::crowd::{Crowd, unthrottled};
use crate::dice::Dice;
use crate::door::Door;
use crate::ledger::{Family, State};
use crate::size;
use crate::support::http::Call;
use crate::support::proxy::Proxy;
use crate::support::{Tokens, World};

/// No answer takes longer.
const LATEST: Duration = Duration::from_secs(3);
/// How soon all is well after the database accepts connections again.
const WELL: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// `kill -9`, then a start.
    Crash,
    /// A fast stop, then a start.
    Bounce,
    /// Every connection breaks, and none is accepted for a while.
    Cut,
    /// Connections are accepted and nothing comes through. What was sent arrives after all.
    Hold,
    /// The same, and then every connection breaks.
    HoldAndCut,
    /// Everything takes longer.
    Slow,
}

const FAULTS: [Fault; 6] = [
    Fault::Crash,
    Fault::Hold,
    Fault::Bounce,
    Fault::HoldAndCut,
    Fault::Cut,
    Fault::Slow,
];

impl Fault {
    /// Comes, lasts, and goes.
    fn happen(self, cluster: &mut Cluster, proxy: &Proxy, lasts: Duration) {
        match self {
            Self::Crash => {
                cluster.crash();
                cluster.start_again();
            }
            Self::Bounce => {
                cluster.stop();
                cluster.start_again();
            }
            Self::Cut => {
                proxy.cut();
                size::pass(lasts);
                proxy.mend();
            }
            Self::Hold => {
                proxy.turn(|weather| weather.held = true);
                size::pass(lasts);
                proxy.turn(|weather| weather.held = false);
            }
            Self::HoldAndCut => {
                proxy.turn(|weather| weather.held = true);
                size::pass(lasts);
                proxy.cut();
                proxy.turn(|weather| weather.held = false);
                proxy.mend();
            }
            Self::Slow => {
                proxy.turn(|weather| weather.late = Duration::from_millis(40));
                size::pass(lasts);
                proxy.turn(|weather| weather.late = Duration::ZERO);
            }
        }
    }
}

/// How long it takes until the server is ready and a login is answered.
fn until_well(world: &World, door: &Door) -> Duration {
    let started = Instant::now();
    door.moved_to(&world.ops)
        .insist(&Call::get("/health/ready"));
    let answer = door.insist(&door.login("user", "password"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    started.elapsed()
}

#[test]
fn no_fault_of_postgres_is_a_wrong_answer() {
    let mut dice = Dice::of(2000);
    let mut cluster = Cluster::start();
    let proxy = Proxy::to(cluster.address());
    let world = unthrottled(cluster.setup_through(proxy.address.port())).start();
    let door = Door::to(&world.http);
    let mut crowd = Crowd::gather(8, &door);
    let lasts = Duration::from_millis(if size::is_long() { 4000 } else { 700 });
    let mut recoveries = Vec::new();
    let rounds = size::count(6);
    for fault in FAULTS.iter().cycle().take(rounds as usize) {
        let well = crowd.work_while(&door, || {
            door.tally.more(40 + dice.below(100));
            fault.happen(&mut cluster, &proxy, lasts);
            until_well(&world, &door)
        });
        size::say(&format!("{fault:?}: well again"), well);
        recoveries.push(well);
        crowd.judge(&door);
        world.ops.send(Call::get("/health/live")).expect(200);
    }
    crowd.judge_all(&door);
    size::say("faults", rounds);
    size::at_most("slowest answer", door.tally.counts().slowest, LATEST);
    size::at_most("well again", recoveries.into_iter().max().unwrap(), WELL);
    let (status, _) = world.terminate();
    assert!(status.success(), "{status}");
}

/// Sessions whose refreshes are given up at once.
const GIVEN_UP: usize = 6;

#[test]
fn a_refresh_that_was_given_up_takes_nothing_back() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.address());
    let world = unthrottled(cluster.setup_through(proxy.address.port())).start();
    let door = Door::to(&world.http);
    for round in 0..size::count(1) {
        let open = |number| {
            let answer = door.insist(&door.login("user", "password"));
            let name = format!("round {round}, session {number}");
            Family::opened(name, Instant::now(), Tokens::of(&answer))
        };
        let mut families: Vec<Family> = (0..GIVEN_UP).map(open).collect();
        proxy.turn(|weather| weather.held = true);
        std::thread::scope(|scope| {
            for family in &mut families {
                scope.spawn(|| family.refresh(&door, 0).unwrap());
            }
        });
        let unknown = families.iter().filter(|one| one.state == State::Refreshing);
        assert_eq!(unknown.count(), GIVEN_UP, "a store that is silent is told");
        proxy.turn(|weather| weather.held = false);
        // What was given up goes on now, beside the next try of whoever was told that nobody knows.
        std::thread::scope(|scope| {
            for family in &mut families {
                scope.spawn(|| family.judge(&door).unwrap());
            }
        });
        until_well(&world, &door);
        for family in &mut families {
            family.judge(&door).unwrap();
        }
    }
    size::at_most("slowest answer", door.tally.counts().slowest, LATEST);
}
