//! The first administrators: by the operator's secrets, or by a one-time setup token.

use grantor_domain::AuthorizationServer;
use grantor_domain::bundle::BundleOutcome;
use grantor_domain::policy::Policy;
use grantor_domain::reason::Reason;
use grantor_domain::secret::{ClientSecret, Password, TokenValue};
use grantor_domain::setup::SetUp;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{advance, refused};

fn new_world() -> World {
    let world = World::empty(Policy::new("https://auth.example"));
    world.put_client("myapp", Some("verysecret"), password_client());
    world
}

fn password(text: &str) -> Password {
    Password::new(text.into())
}

/// A server that waits to be set up, and the token that was printed.
fn waiting(world: &World) -> (AuthorizationServer, TokenValue) {
    let (shown, token) = world.server.make_setup_token().unwrap();
    (world.server.clone().with_setup_token(token), shown)
}

#[test]
fn the_token_makes_an_administrator_once() {
    let world = new_world();
    let (server, token) = waiting(&world);
    assert_eq!(server.has_administrator(), Ok(false));
    let SetUp::Done(user) = server.set_up(&token, &password("first")).unwrap() else {
        panic!("not set up");
    };
    assert!(user.administrator);
    assert_eq!(server.has_administrator(), Ok(true));
    assert_eq!(
        server.set_up(&token, &password("second")),
        Ok(SetUp::AlreadyDone)
    );
    assert!(world.log_in("admin", "first").is_ok());
    assert_eq!(
        refused(world.log_in("admin", "second")),
        Reason::WrongPassword
    );
}

#[test]
fn a_wrong_or_a_late_token_makes_nobody() {
    let world = new_world();
    let (server, token) = waiting(&world);
    let guess = TokenValue::new(format!("{}x", token.expose()));
    let wrong = refused(server.set_up(&guess, &password("x")));
    assert_eq!(wrong, Reason::InvalidBearerToken);
    advance(&world, 15 * 60);
    let late = refused(server.set_up(&token, &password("x")));
    assert_eq!(late, Reason::InvalidBearerToken);
    assert_eq!(server.has_administrator(), Ok(false));
}

#[test]
fn a_server_without_a_token_cannot_be_set_up() {
    let world = new_world();
    let (_, token) = waiting(&world);
    let answer = refused(world.server.set_up(&token, &password("x")));
    assert_eq!(answer, Reason::InvalidBearerToken);
}

#[test]
fn a_password_nobody_could_log_in_with_is_refused() {
    let world = new_world();
    let (server, token) = waiting(&world);
    let long = password(&"x".repeat(Password::LONGEST + 1));
    assert_eq!(
        refused(server.set_up(&token, &long)),
        Reason::PasswordTooLong
    );
    assert_eq!(server.has_administrator(), Ok(false));
}

#[test]
fn a_server_that_has_an_administrator_is_set_up_already() {
    let world = new_world();
    let (server, token) = waiting(&world);
    world
        .server
        .bootstrap(None, Some(password("operators")))
        .unwrap();
    assert_eq!(
        server.set_up(&token, &password("x")),
        Ok(SetUp::AlreadyDone)
    );
    assert!(world.log_in("admin", "operators").is_ok());
}

#[test]
fn bootstrap_with_the_same_secrets_changes_nothing() {
    let world = new_world();
    let secret = || Some(ClientSecret::new("rootsecret".into()));
    let bootstrap = |text| {
        world
            .server
            .bootstrap(secret(), Some(password(text)))
            .unwrap()
    };
    assert_eq!(bootstrap("one"), BundleOutcome::Applied(2));
    assert_eq!(bootstrap("one"), BundleOutcome::Applied(0));
    assert_eq!(bootstrap("two"), BundleOutcome::Applied(1));
    assert!(world.log_in("admin", "two").is_ok());
}

#[test]
fn bootstrap_without_secrets_makes_nobody() {
    let world = new_world();
    assert_eq!(
        world.server.bootstrap(None, None),
        Ok(BundleOutcome::Applied(0))
    );
    assert_eq!(world.server.has_administrator(), Ok(false));
}
