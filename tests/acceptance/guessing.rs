//! Whoever guesses gets few tries, from however many places at once; owners and right passwords get in.

use std::sync::Barrier;

use serde_json::json;

use crate::support::actors::TOKEN;
use crate::support::server::Replica;
use crate::support::{Answer, Call, Setup, Store, World};

const DAY: u32 = 24 * 3600;

/// The default budgets, behind a proxy that names addresses.
fn behind_a_proxy(setup: Setup) -> Setup {
    setup.set("server.trusted_proxies", "127.0.0.1")
}

fn login(address: &str, username: &str, password: &str) -> Call {
    let form = [
        ("grant_type", "password"),
        ("username", username),
        ("password", password),
    ];
    let call = Call::post(TOKEN).basic("myapp", "verysecret");
    call.header("X-Forwarded-For", address).form(&form)
}

#[track_caller]
fn log_in(world: &World, address: &str, username: &str, password: &str) -> Answer {
    world.send(login(address, username, password))
}

/// How many of so many guesses at a name, each from the next of 100 networks, were compared with its password.
fn compared(world: &World, username: &str, guesses: usize) -> usize {
    let guess = |number: usize| {
        let address = format!("203.0.113.{}", number % 100);
        log_in(world, &address, username, "wrong").status
    };
    (0..guesses)
        .map(guess)
        .filter(|status| *status == 400)
        .count()
}

const HOME: &str = "198.51.100.7";

on_every_store!(
    an_account_bears_a_hundred_guesses_a_day_and_its_owner_none_of_the_wait,
    |setup: Setup| {
        let world = behind_a_proxy(setup).start_in_process();
        log_in(&world, HOME, "user", "password").expect(200);
        let mut total = compared(&world, "user", 100);
        for _ in 0..12 {
            log_in(&world, HOME, "user", "password").expect(200);
            world.wait(DAY / 12);
            total += compared(&world, "user", 8);
        }
        assert!((90..=100).contains(&total), "{total} guesses in a day");
        log_in(&world, HOME, "user", "password").expect(200);
    }
);

on_every_store!(
    one_network_tries_thirty_accounts_a_minute,
    |setup: Setup| {
        let world = behind_a_proxy(setup).start_in_process();
        let spray = |from: usize, accounts: usize| {
            let names = (from..from + accounts).map(|number| format!("name{number}"));
            let statuses =
                names.map(|name| log_in(&world, "203.0.113.66", &name, "Summer2026").status);
            statuses.filter(|status| *status == 400).count()
        };
        let mut compared = spray(0, 100);
        for second in 1..=10 {
            world.wait(6);
            compared += spray(second * 100, 20);
        }
        assert!(
            (25..=30).contains(&compared),
            "{compared} tries in a minute"
        );
        log_in(&world, HOME, "user", "password").expect(200);
    }
);

on_every_store!(
    a_familiar_network_is_remembered_by_the_store,
    |setup: Setup| {
        let setup = behind_a_proxy(setup).set("throttle.account_total.burst", "3");
        let world = setup.start();
        log_in(&world, HOME, "user", "password").expect(200);
        assert_eq!(compared(&world, "user", 10), 3);
        let world = world.restart(|setup| setup);
        log_in(&world, "198.51.100.8", "user", "password").expect(429);
        log_in(&world, HOME, "user", "password").expect(200);
    }
);

on_every_store!(a_familiar_network_is_forgotten_in_time, |setup: Setup| {
    let setup = behind_a_proxy(setup).set("throttle.familiar_days", "10");
    let world = setup.start_in_process();
    log_in(&world, HOME, "user", "password").expect(200);
    world.wait(9 * DAY);
    compared(&world, "user", 100);
    log_in(&world, HOME, "user", "password").expect(200);
    world.wait(10 * DAY);
    compared(&world, "user", 100);
    log_in(&world, HOME, "user", "password").expect(429);
});

on_every_store!(
    the_back_end_of_a_client_is_not_stopped_by_what_its_users_mistype,
    |setup: Setup| {
        let world = setup.set("throttle.network.burst", "3").start();
        let unlisted = world.register_for_passwords("unlisted", &json!({}));
        let listed = json!({
            "secret": "s", "grant_types": ["password"],
            "allowed_ips": ["127.0.0.1"],
        });
        let listed = world.register("listed", &listed);
        for number in 0..6 {
            listed
                .password(&format!("name{number}"), "wrong")
                .refuse(400, "invalid_grant");
        }
        listed.password("user", "password").expect(200);
        for number in 0..3 {
            unlisted
                .password(&format!("name{number}"), "wrong")
                .refuse(400, "invalid_grant");
        }
        unlisted.password("name3", "wrong").refuse(429, "slow_down");
    }
);

/// Many at the same moment, half of them here and half of them there.
fn at_once(world: &World, there: Option<&Replica>, count: usize, call: &Call) -> Vec<u16> {
    let barrier = Barrier::new(count);
    let send = |number: usize| {
        barrier.wait();
        match there.filter(|_| number.is_multiple_of(2)) {
            Some(replica) => replica.http.send(call.clone()).status,
            None => world.send(call.clone()).status,
        }
    };
    let send = &send;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|n| scope.spawn(move || send(n))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

fn of(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|one| **one == status).count()
}

/// Of two hundred wrong guesses at once no more than the budget are compared, and none is a fault.
#[track_caller]
fn are_bounded(statuses: &[u16]) {
    let refused = of(statuses, 429) + of(statuses, 503);
    assert!(of(statuses, 400) <= 20, "{statuses:?}");
    assert_eq!(of(statuses, 400) + refused, 200, "{statuses:?}");
}

on_every_store!(
    two_hundred_guesses_at_once_are_no_more_than_the_budget,
    |setup: Setup| {
        let world = behind_a_proxy(setup).start();
        are_bounded(&at_once(&world, None, 200, &login(HOME, "user", "wrong")));
    }
);

on_every_store!(
    fifty_right_passwords_at_once_are_all_right,
    |setup: Setup| {
        let world = behind_a_proxy(setup).start();
        let statuses = at_once(&world, None, 50, &login(HOME, "user", "password"));
        assert_eq!(statuses, [200; 50]);
    }
);

on_every_store!(
    so_they_are_where_more_are_checked_at_once_than_may_fail,
    |setup: Setup| {
        // As on a machine of many cores.
        let setup = behind_a_proxy(setup).set("passwords.hash_threads", "30");
        let world = setup.start();
        let statuses = at_once(&world, None, 50, &login(HOME, "user", "password"));
        assert_eq!(statuses, [200; 50]);
        are_bounded(&at_once(&world, None, 200, &login(HOME, "user", "wrong")));
    }
);

#[test]
fn two_hundred_guesses_at_once_at_two_replicas_are_no_more_than_the_budget() {
    let world = behind_a_proxy(Setup::on(Store::Postgres)).start();
    let there = world.replica();
    let call = login(HOME, "user", "wrong");
    are_bounded(&at_once(&world, Some(&there), 200, &call));
}

#[test]
fn fifty_right_passwords_at_once_at_two_replicas_are_all_right() {
    // As with hashing on two cores, on however many this runs: what is in flight stays below the budget.
    let setup = behind_a_proxy(Setup::on(Store::Postgres)).set("passwords.hash_threads", "2");
    let world = setup.start();
    let there = world.replica();
    let call = login(HOME, "user", "password");
    assert_eq!(at_once(&world, Some(&there), 50, &call), [200; 50]);
}
