//! P9: memory at rest, under a flood of logins, and after it.

use std::fs;
use std::time::Instant;

use crate::crowd::unthrottled;
use crate::door::Door;
use crate::size;
use crate::support::World;

const MIB: u64 = 1024;
/// Of one hash, in KiB.
const M_COST: u64 = 19_456;
const THREADS: u64 = 64;

/// What the program has taken for itself, in KiB (`proc(5)`: `RssAnon`). Of its own file, which the system can always
/// read again, a debug build maps more than all the rest.
fn resident(world: &mut World) -> u64 {
    let path = format!("/proc/{}/status", world.process().id());
    let status = fs::read_to_string(path).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let number = line.unwrap().split_whitespace().nth(1).unwrap();
    number.parse().unwrap()
}

/// Logs in from many threads for a while; answers the most memory that was seen.
fn flood(world: &mut World) -> u64 {
    let door = Door::to(&world.http);
    let (started, lasts) = (Instant::now(), size::seconds(1));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let door = door.clone();
            scope.spawn(move || {
                while started.elapsed() < lasts {
                    let heard = door.send(door.login("user", "password"));
                    assert!(matches!(heard.status(), 200 | 503), "{heard:?}");
                }
            });
        }
        let mut most = 0;
        while started.elapsed() < lasts {
            most = most.max(resident(world));
            size::pass(std::time::Duration::from_millis(20));
        }
        most
    })
}

on_every_store!(
    memory_is_bounded_in_a_flood_and_comes_back,
    |setup: Setup| {
        let setup = unthrottled(setup)
            .set("passwords.argon2_m_cost", &M_COST.to_string())
            .set("passwords.hash_threads", "2");
        let mut world = setup.start();
        size::at_most("KiB at rest", resident(&mut world), 64 * MIB);
        // The first flood fills caches, pools and the allocator's arenas.
        flood(&mut world);
        let before = resident(&mut world);
        let most = flood(&mut world);
        let after = resident(&mut world);
        let allowed = 256 * MIB + 2 * M_COST;
        size::say("KiB between floods", before);
        size::at_most("KiB in a flood", most, allowed);
        size::at_most("KiB after it", after, before + before / 10);
        assert!(most < 2 * allowed, "{most} KiB in a flood of {THREADS}");
    }
);
