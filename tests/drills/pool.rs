//! P12: every connection of the pool waits for a lock that somebody holds.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::crowd::unthrottled;
use crate::door::Door;
use crate::ledger::{Family, State};
use crate::size;
use crate::support::http::Call;
use crate::support::{Setup, Store, World};

const POOL: u64 = 2;
/// Requests while the pool is held.
const ASKERS: usize = 24;
/// A lock is waited for two seconds, a connection for one.
const LATEST: Duration = Duration::from_secs(3);

/// Somebody at `psql` who forgot to end a transaction.
struct Holder {
    shell: Child,
    says: Option<ChildStdin>,
    hears: BufReader<ChildStdout>,
}

impl Holder {
    fn at(url: &str) -> Self {
        let mut command = Command::new("psql");
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", url]);
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut shell = streams.spawn().unwrap();
        let says = shell.stdin.take();
        let hears = BufReader::new(shell.stdout.take().unwrap());
        Self { shell, says, hears }
    }

    /// Says this, and waits until it was done.
    fn says(&mut self, statement: &str) {
        let said = format!("{statement};\n\\echo done\n");
        self.says
            .as_mut()
            .unwrap()
            .write_all(said.as_bytes())
            .unwrap();
        let mut line = String::new();
        while line.trim() != "done" {
            line.clear();
            assert!(self.hears.read_line(&mut line).unwrap() > 0, "psql ended");
        }
    }

    fn take(&mut self) {
        self.says("BEGIN");
        self.says("LOCK TABLE session IN ACCESS EXCLUSIVE MODE");
    }

    fn let_go(&mut self) {
        self.says("ROLLBACK");
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.says.take());
        let _it_ends_with_its_input = self.shell.wait();
    }
}

fn waiting_for_locks(world: &World) -> u64 {
    let statement =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'session'::regclass";
    world.setup.database.sql(statement).parse().unwrap()
}

/// Asks for readiness while all connections wait. A question that came when one of them had just given up is asked
/// again with the next requests.
fn is_not_ready(world: &World) -> bool {
    let ready = world.ops.send(Call::get("/health/ready")).status == 503;
    world.ops.send(Call::get("/health/live")).expect(200);
    ready
}

/// Sends many requests while the pool is held. Answers how long the slowest took, and whether readiness was off.
fn hold(world: &World, holder: &mut Holder, family: &mut Family) -> (Duration, bool) {
    let door = Door::to(&world.http);
    let tokens = family.current().clone();
    // Nobody knows what becomes of the refreshes.
    family.state = State::Refreshing;
    holder.take();
    let ready = std::thread::scope(|scope| {
        for number in 0..ASKERS {
            let (door, tokens) = (&door, &tokens);
            scope.spawn(move || {
                let heard = match number % 3 {
                    0 => door.send(door.introspect(&tokens.access)),
                    1 => door.send(door.refresh(&tokens.refresh)),
                    _ => door.send(door.login("user", "password")),
                };
                assert_eq!(heard.status(), 503, "{heard:?}");
            });
        }
        let deadline = Instant::now() + LATEST;
        let mut held = false;
        while !held && Instant::now() < deadline {
            held = waiting_for_locks(world) == POOL;
        }
        held && is_not_ready(world)
    });
    world.send(Call::get("/.well-known/jwks.json")).expect(200);
    holder.let_go();
    (door.tally.counts().slowest, ready)
}

#[test]
fn a_pool_that_is_held_is_said_in_time_and_none_is_stuck() {
    let setup = unthrottled(Setup::on(Store::Postgres));
    let world = setup.set("database.pool_size", &POOL.to_string()).start();
    let (name, tokens) = ("the session".to_owned(), world.myapp().log_in("user"));
    let mut family = Family::opened(name, Instant::now(), tokens);
    let mut holder = Holder::at(&world.setup.database.url());
    let (mut slowest, mut times_unready, rounds) = (Duration::ZERO, 0, size::count(2));
    let mut round = 0;
    while round < rounds || (times_unready == 0 && round < rounds + 10) {
        let (took, unready) = hold(&world, &mut holder, &mut family);
        slowest = slowest.max(took);
        times_unready += u32::from(unready);
        round += 1;
        // Nothing is stuck: all is well at once, and the session goes on.
        let door = Door::to(&world.http);
        family.judge(&door).unwrap();
        assert_eq!(door.insist(&door.login("user", "password")).status, 200);
        door.moved_to(&world.ops)
            .insist(&Call::get("/health/ready"));
    }
    size::say(
        "times the pool was held, and readiness was off",
        (round, times_unready),
    );
    assert!(
        times_unready > 0,
        "readiness stays on while the pool is held"
    );
    size::at_most("slowest answer", slowest, LATEST);
}
