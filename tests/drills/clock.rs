//! P11: the clock steps by an hour or a day, forth and back, under load.

use grantor_domain::time::Timestamp;

use crate::crowd::{Crowd, unthrottled};
use crate::dice::Dice;
use crate::door::Door;
use crate::size;
use crate::support::{Tokens, World};
use grantor_domain::ports::Clock as _;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// Steps end this far from where they began: no token of the actors is as short-lived.
const FARTHEST: i64 = 20 * DAY;

/// Where the next step ends, counted from where the first began.
fn step(from: i64, dice: &mut Dice) -> i64 {
    let by = [HOUR, -HOUR, DAY, -DAY][dice.index(4)];
    if (from + by).abs() > FARTHEST {
        from - by
    } else {
        from + by
    }
}

fn put_to(world: &World, start: Timestamp, seconds: i64) {
    let seconds = start.as_seconds() + seconds;
    world.clock().set(Timestamp::from_seconds(seconds));
}

/// A login right after a step has tokens of a full life.
fn is_new(world: &World, door: &Door) {
    let tokens = Tokens::of(&door.insist(&door.login("user", "password")));
    let told = &tokens.json["expires_in"];
    let life = door.insist(&door.introspect(&tokens.access)).json();
    assert_eq!(life["active"], true, "it is not issued expired");
    let now = world.clock().now().as_seconds();
    assert_eq!(life["exp"].as_i64().unwrap() - now, told.as_i64().unwrap());
    let closed = door.insist(&door.revoke(&tokens.refresh));
    assert_eq!(closed.status, 200);
    assert!(!door.sees_active(&tokens.access));
}

on_every_store!(nothing_revives_when_the_clock_steps, |setup: Setup| {
    let world = &unthrottled(setup).start_in_process();
    let mut dice = Dice::of(5000);
    let door = Door::to(&world.http);
    let mut crowd = Crowd::gather(4, &door);
    let (start, mut at) = (world.clock().now(), 0);
    let count = size::count(4);
    for _ in 0..count {
        crowd.work_while(&door, || {
            door.tally.more(30);
            at = step(at, &mut dice);
            put_to(world, start, at);
            door.tally.more(30);
        });
        is_new(world, &door);
        // Whatever was dead, and whatever lives, as the clock stands now.
        crowd.judge(&door);
    }
    crowd.judge_all(&door);
    size::say("steps of the clock", count);
});
