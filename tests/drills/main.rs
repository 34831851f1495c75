//! Faults injected into the running program, judged by a ledger of what it acknowledged. One file a drill. What each
//! injects and what a pass means is in `docs/how-to/drills.md`.

#![cfg(test)]

#[expect(
    dead_code,
    unused_imports,
    reason = "drills take what they need of what the acceptance suite has"
)]
#[macro_use]
#[path = "../acceptance/support/mod.rs"]
mod support;

mod actor;
mod cluster;
mod crowd;
mod dice;
mod door;
mod ledger;
mod size;

mod clock;
mod database;
mod disk;
mod keys;
mod kill;
mod lost_replies;
mod memory;
mod overload;
mod pool;
mod refresh;
mod slow;
mod stop;
