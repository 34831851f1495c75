//! Actors at work while something happens to the server, and their judgement.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::actor::{Actor, PLAIN, SIGNED};
use crate::door::{Door, as_root, client_of};
use crate::size;
use crate::support::Setup;
use crate::support::http::Call;

/// A bounded number of actors.
pub(crate) struct Crowd {
    pub(crate) actors: Vec<Actor>,
}

/// Settings under which actors are not throttled.
pub(crate) fn unthrottled(setup: Setup) -> Setup {
    setup
        .set("throttle.enabled", "false")
        .set("server.shutdown_timeout", "10")
}

impl Crowd {
    /// Writes the clients and users.
    #[track_caller]
    pub(crate) fn gather(size: u64, door: &Door) -> Self {
        for ((id, secret), format) in [(PLAIN, "opaque"), (SIGNED, "jwt")] {
            let client = client_of(secret, format);
            let call = as_root(Call::put(&format!("/Client/{id}")).json(&client));
            let answer = door.insist(&call);
            assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
        }
        let began = Instant::now();
        let actors: Vec<Actor> = (0..size).map(|number| Actor::new(number, began)).collect();
        for actor in &actors {
            actor.enrol(door);
        }
        Self { actors }
    }

    /// Lets all of them work at a door while something happens.
    pub(crate) fn work_while<T>(&mut self, door: &Door, happens: impl FnOnce() -> T) -> T {
        let doors = vec![door.clone(); self.actors.len()];
        self.work_at(&doors, happens)
    }

    /// The same with a door for each.
    pub(crate) fn work_at<T>(&mut self, doors: &[Door], happens: impl FnOnce() -> T) -> T {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for (actor, door) in self.actors.iter_mut().zip(doors) {
                let over = &over;
                scope.spawn(move || {
                    while !over.load(Ordering::SeqCst) {
                        actor.act(door);
                    }
                });
            }
            let _ends = Ends(&over);
            happens()
        })
    }

    /// Nothing that was acknowledged was lost or came back. The door must be to a server that is well.
    #[track_caller]
    pub(crate) fn judge(&mut self, door: &Door) {
        self.each(door, |actor, door| {
            actor.settle(door);
            actor.judge(door);
        });
    }

    /// The same of everything there ever was.
    #[track_caller]
    pub(crate) fn judge_all(&mut self, door: &Door) {
        self.each(door, |actor, door| {
            actor.settle(door);
            actor.judge_all(door);
        });
        let opened: u32 = self.actors.iter().map(Actor::opened).sum();
        size::say("sessions opened and judged", opened);
        size::say("requests", door.tally.counts());
    }

    #[track_caller]
    fn each(&mut self, door: &Door, judge: impl Fn(&mut Actor, &Door) + Sync) {
        std::thread::scope(|scope| {
            for actor in &mut self.actors {
                scope.spawn(|| judge(actor, door));
            }
        });
        let violations = self.actors.iter().flat_map(|actor| &actor.violations);
        let violations: Vec<&str> = violations.map(String::as_str).collect();
        let count = violations.len();
        // The first ones say most; a broken store would print a million.
        let shown = violations[..count.min(5)].join("\n");
        assert!(count == 0, "{count} violations, of which\n{shown}");
    }
}

/// Ends the actors' work also when what happens panics.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
