//! P6: the answer to a refresh is lost on its way, once or several times.

use std::net::SocketAddr;

use crate::crowd::unthrottled;
use crate::dice::Dice;
use crate::door::{Door, Heard};
use crate::size;
use crate::support::Tokens;
use crate::support::http::Http;
use crate::support::proxy::Proxy;

const THREADS: u32 = 4;

/// Loses replies of one session, then asks once more where nothing is lost.
fn lose_replies(door: &Door, lossy: &Door, dice: &mut Dice) {
    let mut pairs = vec![Tokens::of(&door.insist(&door.login("user", "password")))];
    let losses = 1 + dice.below(3);
    for _ in 0..losses {
        let shown = &pairs[0].refresh;
        assert!(matches!(lossy.send(lossy.refresh(shown)), Heard::Nothing));
    }
    let again = door.insist(&door.refresh(&pairs[0].refresh));
    assert_eq!(again.status, 200, "the retry succeeds: {}", again.text());
    pairs.push(Tokens::of(&again));
    for (pair, lives) in pairs.iter().zip([false, true]) {
        assert_eq!(door.sees_active(&pair.refresh), lives, "one branch");
        assert_eq!(door.sees_active(&pair.access), lives, "one branch");
    }
    // Now that the successor was used, whoever shows the old one is a thief, and both are out.
    let stolen = door.insist(&door.refresh(&pairs[0].refresh));
    assert_eq!(stolen.status, 400, "{}", stolen.text());
    assert!(!door.sees_active(&pairs[1].refresh), "the family is closed");
    assert!(!door.sees_active(&pairs[1].access), "the family is closed");
}

on_every_store!(
    a_lost_reply_is_recovered_and_leaves_no_second_branch,
    |setup: Setup| {
        let world = unthrottled(setup).start();
        let address: SocketAddr = world.http.authority().parse().unwrap();
        let proxy = Proxy::to(address);
        proxy.turn(|weather| weather.swallowed = true);
        let door = Door::to(&world.http);
        let lossy = door.moved_to(&Http::to(&format!("http://{}", proxy.address)));
        let count = size::count(24);
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let (door, lossy) = (&door, &lossy);
                scope.spawn(move || {
                    let mut dice = Dice::of(4000 + u64::from(thread));
                    for _ in (thread..count).step_by(THREADS as usize) {
                        lose_replies(door, lossy, &mut dice);
                    }
                });
            }
        });
        size::say("sessions whose replies were lost, all recovered", count);
        size::say("replies lost", door.tally.counts().nothing);
    }
);
