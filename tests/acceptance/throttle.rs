//! Guessing is limited; owners, right passwords and other addresses are not.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::support::actors::TOKEN;
use crate::support::{Answer, Call, Setup, Store, World};

/// A server behind a proxy, whose accounts bear three failures.
fn strict(setup: Setup) -> Setup {
    setup
        .set("server.trusted_proxies", "127.0.0.1")
        .set("throttle.account.burst", "3")
        .set("throttle.account.per_minute", "1")
}

/// A login from an address behind the proxy.
#[track_caller]
fn log_in_from(world: &World, address: &str, username: &str, password: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", username),
        ("password", password),
    ];
    let call = Call::post(TOKEN).basic("myapp", "verysecret");
    world.send(call.header("X-Forwarded-For", address).form(&form))
}

const GUESSER: &str = "203.0.113.66";

/// Uses up the budget of a name.
#[track_caller]
fn exhaust(world: &World, username: &str) -> Answer {
    for _ in 0..3 {
        log_in_from(world, GUESSER, username, "wrong").refuse(400, "invalid_grant");
    }
    log_in_from(world, GUESSER, username, "wrong").expect(429)
}

on_every_store!(
    known_and_unknown_names_are_throttled_alike,
    |setup: Setup| {
        let world = strict(setup).start();
        let known = exhaust(&world, "user");
        let unknown = exhaust(&world, "nobody");
        for answer in [&known, &unknown] {
            let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        assert_eq!(known.text(), unknown.text());
        assert_eq!(known.json()["error"], "slow_down");
    }
);

on_every_store!(
    the_right_password_waits_too_where_guesses_come_from,
    |setup: Setup| {
        let world = strict(setup).start();
        exhaust(&world, "user");
        log_in_from(&world, GUESSER, "user", "password").expect(429);
        log_in_from(&world, GUESSER, "USER", "password").expect(429);
    }
);

on_every_store!(the_owner_elsewhere_is_not_kept_out, |setup: Setup| {
    let world = strict(setup).start();
    exhaust(&world, "user");
    log_in_from(&world, "198.51.100.7", "user", "password").expect(200);
    log_in_from(&world, "2001:db8::7", "user", "password").expect(200);
});

on_every_store!(other_names_from_there_may_still_log_in, |setup: Setup| {
    let world = strict(setup).start();
    world.enrol("amy");
    exhaust(&world, "user");
    log_in_from(&world, GUESSER, "amy", "password").expect(200);
});

on_every_store!(successes_cost_nothing, |setup: Setup| {
    let world = strict(setup).start();
    for _ in 0..10 {
        log_in_from(&world, GUESSER, "user", "password").expect(200);
    }
    exhaust(&world, "user");
});

on_every_store!(waiting_forgives, |setup: Setup| {
    let world = strict(setup).start_in_process();
    let refused = exhaust(&world, "user");
    world.wait(refused.header("retry-after").unwrap().parse().unwrap());
    log_in_from(&world, GUESSER, "user", "password").expect(200);
});

on_every_store!(
    one_address_cannot_try_one_password_on_everybody,
    |setup: Setup| {
        let world = strict(setup).set("throttle.network.burst", "5").start();
        let tries =
            (0..8).map(|n| log_in_from(&world, GUESSER, &format!("user{n}"), "Summer2026").status);
        let statuses: Vec<u16> = tries.collect();
        assert_eq!(statuses, [400, 400, 400, 400, 400, 429, 429, 429]);
        log_in_from(&world, "198.51.100.7", "user", "password").expect(200);
    }
);

on_every_store!(guesses_in_parallel_count_too, |setup: Setup| {
    let world = strict(setup).start();
    let barrier = Barrier::new(12);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let guess = || {
            barrier.wait();
            log_in_from(&world, GUESSER, "user", "wrong").status
        };
        let threads: Vec<_> = (0..12).map(|_| scope.spawn(guess)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let judged = statuses.iter().filter(|status| **status == 400).count();
    assert!(judged <= 3, "{statuses:?}");
    assert!(
        statuses
            .iter()
            .all(|status| matches!(status, 400 | 429 | 503)),
        "{statuses:?}"
    );
});

on_every_store!(who_is_no_proxy_cannot_name_an_address, |setup: Setup| {
    let setup = strict(setup).unset("server.trusted_proxies");
    let world = setup.start();
    for n in 1..=3 {
        log_in_from(&world, &format!("198.51.100.{n}"), "user", "wrong")
            .refuse(400, "invalid_grant");
    }
    log_in_from(&world, "198.51.100.4", "user", "wrong").expect(429);
});

on_every_store!(a_throttle_that_is_off_counts_nothing, |setup: Setup| {
    let world = strict(setup).set("throttle.enabled", "false").start();
    for _ in 0..8 {
        log_in_from(&world, GUESSER, "user", "wrong").refuse(400, "invalid_grant");
    }
});

#[test]
fn nothing_is_hashed_for_who_is_throttled() {
    let setup = strict(Setup::on(Store::Sqlite));
    let setup = setup
        .set("passwords.argon2_m_cost", "19456")
        .set("passwords.argon2_t_cost", "24");
    let world = setup.start();
    let timed = || {
        let started = Instant::now();
        (
            log_in_from(&world, GUESSER, "user", "wrong").status,
            started.elapsed(),
        )
    };
    let hashed: Vec<(u16, Duration)> = (0..3).map(|_| timed()).collect();
    let throttled: Vec<(u16, Duration)> = (0..3).map(|_| timed()).collect();
    assert!(
        hashed.iter().all(|(status, _)| *status == 400),
        "{hashed:?}"
    );
    assert!(
        throttled.iter().all(|(status, _)| *status == 429),
        "{throttled:?}"
    );
    let fastest = |tries: &[(u16, Duration)]| tries.iter().map(|(_, took)| *took).min().unwrap();
    assert!(
        fastest(&throttled) * 4 < fastest(&hashed),
        "{throttled:?} {hashed:?}"
    );
}
