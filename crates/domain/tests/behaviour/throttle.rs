//! Budgets for guesses: failures spend them, successes do not, and nobody else pays.

use std::net::{IpAddr, Ipv4Addr};

use grantor_domain::policy::{Budget, Budgets, Policy};
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::users::UserSettings;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{advance, login, refused};

fn throttled_world(budgets: Option<Budgets>) -> World {
    let mut policy = Policy::new("https://auth.example");
    policy.throttle = budgets;
    let world = World::empty(policy);
    world.put_client("myapp", Some("verysecret"), password_client());
    world.put_user("user", "password", UserSettings::default());
    world
}

fn three_per_account() -> World {
    let roomy = Budget {
        burst: 1000,
        per_minute: 1000,
    };
    throttled_world(Some(Budgets {
        account: Budget {
            burst: 3,
            per_minute: 6,
        },
        network: roomy,
        client: roomy,
    }))
}

fn spend(world: &World, name: &str) {
    for _ in 0..3 {
        assert!(!matches!(
            refused(world.log_in(name, "wrong")),
            Reason::Throttled { .. }
        ));
    }
}

#[test]
fn a_guesser_is_stopped_and_told_when_to_come_back() {
    let world = three_per_account();
    spend(&world, "user");
    let Reason::Throttled { retry_after } = refused(world.log_in("user", "password")) else {
        panic!("not throttled");
    };
    assert_eq!(retry_after.as_seconds(), 10);
    assert_eq!(
        Reason::Throttled { retry_after }.code(),
        ErrorCode::SlowDown
    );
    advance(&world, 9);
    assert!(matches!(
        refused(world.log_in("user", "password")),
        Reason::Throttled { .. }
    ));
    advance(&world, 1);
    assert!(world.log_in("user", "password").is_ok());
}

#[test]
fn unknown_names_are_stopped_alike() {
    let world = three_per_account();
    spend(&world, "nobody");
    assert!(matches!(
        refused(world.log_in("nobody", "x")),
        Reason::Throttled { .. }
    ));
    spend(&world, "two words");
    assert!(matches!(
        refused(world.log_in("two words", "x")),
        Reason::Throttled { .. }
    ));
}

#[test]
fn all_spellings_of_a_name_share_a_budget() {
    let world = three_per_account();
    spend(&world, "USER");
    assert!(matches!(
        refused(world.log_in("user", "password")),
        Reason::Throttled { .. }
    ));
}

#[test]
fn right_passwords_spend_nothing() {
    let world = three_per_account();
    for _ in 0..20 {
        assert!(world.log_in("user", "password").is_ok());
    }
}

#[test]
fn the_owner_logs_in_from_elsewhere_during_an_attack() {
    let world = three_per_account();
    spend(&world, "user");
    let mut elsewhere = login();
    elsewhere.origin.address = Some(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)));
    assert!(world.server.token(&elsewhere).is_ok());
}

#[test]
fn a_sprayer_is_stopped_by_its_network() {
    let roomy = Budget {
        burst: 1000,
        per_minute: 1000,
    };
    let world = throttled_world(Some(Budgets {
        account: roomy,
        network: Budget {
            burst: 5,
            per_minute: 1,
        },
        client: roomy,
    }));
    for n in 0..5 {
        assert_eq!(
            refused(world.log_in(&format!("name{n}"), "x")),
            Reason::UnknownUser
        );
    }
    assert!(matches!(
        refused(world.log_in("name6", "x")),
        Reason::Throttled { .. }
    ));
}

#[test]
fn without_budgets_nobody_is_stopped() {
    let world = throttled_world(None);
    for _ in 0..200 {
        assert_eq!(
            refused(world.log_in("user", "wrong")),
            Reason::WrongPassword
        );
    }
}
