//! Budgets for guesses: failures spend them, successes do not, and nobody else pays.

use std::net::{IpAddr, Ipv4Addr};

use grantor_domain::policy::{Budget, BudgetScope, Budgets, Policy};
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::users::UserSettings;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use grantor_domain::error::Error;
use grantor_domain::grants::TokenRequest;
use grantor_testkit::world::credentials;

use crate::ask::{advance, login, password_grant, refused};

fn throttled_world(budgets: Option<Budgets>) -> World {
    let mut policy = Policy::new("https://auth.example");
    policy.throttle = budgets;
    let world = World::empty(policy);
    world.put_client("myapp", Some("verysecret"), password_client());
    world.put_user("user", "password", UserSettings::default());
    world
}

fn three_per_account() -> World {
    let roomy = Budget::per_minute(1000, 1000);
    throttled_world(Some(Budgets {
        account: Budget::per_minute(3, 6),
        ..Budgets::alike(roomy)
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
    let Reason::Throttled { retry_after, scope } = refused(world.log_in("user", "password")) else {
        panic!("not throttled");
    };
    assert_eq!(retry_after.as_seconds(), 10);
    assert_eq!(
        Reason::Throttled { retry_after, scope }.code(),
        ErrorCode::SlowDown
    );
    assert_eq!(scope, BudgetScope::Account);
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
    let roomy = Budget::per_minute(1000, 1000);
    let world = throttled_world(Some(Budgets {
        network: Budget::per_minute(5, 1),
        ..Budgets::alike(roomy)
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

/// What user `user` or whoever says so is answered, from one of many networks.
fn from(world: &World, network: u8, username: &str, password: &str) -> Result<(), Reason> {
    let mut request = World::request(password_grant(username, password));
    request.origin.address = Some(IpAddr::V4(Ipv4Addr::new(198, 51, 100, network)));
    answered(world, &request)
}

fn answered(world: &World, request: &TokenRequest) -> Result<(), Reason> {
    match world.server.token(request) {
        Ok(_) => Ok(()),
        Err(Error::Refused(reason)) => Err(reason),
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

/// How many of the guesses that many networks make in turn are compared with the password.
fn compared(world: &World, username: &str, networks: u8, guesses: usize) -> usize {
    let guess = |number: usize| {
        let network = u8::try_from(number % usize::from(networks)).unwrap();
        from(world, network, username, "wrong")
    };
    (0..guesses)
        .filter(|number| !matches!(guess(*number), Err(Reason::Throttled { .. })))
        .count()
}

#[test]
fn an_account_bears_a_hundred_guesses_a_day_from_a_hundred_networks() {
    let world = throttled_world(Some(Budgets::default()));
    let mut total = compared(&world, "user", 100, 200);
    for _ in 0..24 * 4 {
        advance(&world, 15 * 60);
        total += compared(&world, "user", 100, 10);
    }
    assert!((90..=100).contains(&total), "{total}");
}

#[test]
fn all_names_of_an_account_share_what_strangers_may_try() {
    let world = throttled_world(Some(Budgets::default()));
    let settings = UserSettings {
        email: Some("amy@example.org".into()),
        ..UserSettings::default()
    };
    world.put_user("amy", "password", settings);
    let total = compared(&world, "amy", 100, 100) + compared(&world, "amy@example.org", 100, 100);
    assert_eq!(total, 50);
}

#[test]
fn the_owner_logs_in_where_they_did_before_while_many_networks_guess() {
    let world = throttled_world(Some(Budgets::default()));
    from(&world, 200, "user", "password").unwrap();
    compared(&world, "user", 100, 200);
    assert_eq!(compared(&world, "user", 100, 10), 0);
    let stranger = from(&world, 201, "user", "password");
    assert!(matches!(
        stranger,
        Err(Reason::Throttled {
            scope: BudgetScope::Account,
            ..
        })
    ));
    for _ in 0..10 {
        from(&world, 200, "user", "password").unwrap();
    }
    advance(&world, 80 * 24 * 3600);
    compared(&world, "user", 100, 200);
    from(&world, 200, "user", "password").unwrap();
}

#[test]
fn two_networks_do_not_use_up_what_strangers_have() {
    let world = throttled_world(Some(Budgets::default()));
    compared(&world, "user", 2, 100);
    for stranger in 200..204 {
        from(&world, stranger, "user", "password").unwrap();
        for _ in 0..24 {
            advance(&world, 3600);
            compared(&world, "user", 2, 8);
        }
    }
}

#[test]
fn what_all_networks_spend_together_is_bounded_and_spares_owners() {
    let roomy = Budget::per_minute(1000, 1000);
    let world = throttled_world(Some(Budgets {
        global: Budget::per_minute(5, 1),
        ..Budgets::alike(roomy)
    }));
    from(&world, 200, "user", "password").unwrap();
    for network in 0..5 {
        let name = format!("name{network}");
        assert_eq!(from(&world, network, &name, "x"), Err(Reason::UnknownUser));
    }
    assert!(matches!(
        from(&world, 6, "name6", "x"),
        Err(Reason::Throttled {
            scope: BudgetScope::Global,
            ..
        })
    ));
    from(&world, 200, "user", "password").unwrap();
}

#[test]
fn the_networks_of_an_ipv6_site_are_bounded_together() {
    let roomy = Budget::per_minute(1000, 1000);
    let world = throttled_world(Some(Budgets {
        site: Budget::per_minute(5, 1),
        ..Budgets::alike(roomy)
    }));
    let guess = |subnet: u16| {
        let mut request = World::request(password_grant(&format!("name{subnet}"), "x"));
        let address = std::net::Ipv6Addr::new(0x2001, 0xdb8, 1, subnet, 0, 0, 0, 1);
        request.origin.address = Some(IpAddr::V6(address));
        answered(&world, &request)
    };
    for subnet in 0..5 {
        assert_eq!(guess(subnet), Err(Reason::UnknownUser));
    }
    assert!(matches!(
        guess(6),
        Err(Reason::Throttled {
            scope: BudgetScope::Network,
            ..
        })
    ));
}

/// The answers to wrong passwords that a client's own back end sends for many users.
fn through_a_back_end(secret: Option<&str>) -> Vec<Reason> {
    let roomy = Budget::per_minute(1000, 1000);
    let world = throttled_world(Some(Budgets {
        network: Budget::per_minute(3, 1),
        client: Budget::per_minute(6, 1),
        ..Budgets::alike(roomy)
    }));
    let mut settings = password_client();
    settings.allowed_ips = vec!["192.0.2.7/32".parse().unwrap()];
    world.put_client("backend", secret, settings);
    let guess = |number: u8| {
        let mut request = World::request(password_grant(&format!("name{number}"), "x"));
        request.client = Some(credentials("backend", secret));
        request.origin.address = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)));
        answered(&world, &request).unwrap_err()
    };
    (0..8).map(guess).collect()
}

fn scopes(answers: &[Reason]) -> Vec<Option<BudgetScope>> {
    let scope = |reason: &Reason| match reason {
        Reason::Throttled { scope, .. } => Some(*scope),
        _ => None,
    };
    answers.iter().map(scope).collect()
}

#[test]
fn the_back_end_of_a_client_is_bounded_as_a_client_and_not_as_a_network() {
    let scopes = scopes(&through_a_back_end(Some("verysecret")));
    assert_eq!(scopes[..6], [None; 6]);
    assert_eq!(scopes[6..], [Some(BudgetScope::Client); 2]);
}

#[test]
fn who_only_says_to_be_a_client_is_bounded_as_a_network() {
    let scopes = scopes(&through_a_back_end(None));
    assert_eq!(scopes[..3], [None; 3]);
    assert_eq!(scopes[3..], [Some(BudgetScope::Network); 5]);
}
