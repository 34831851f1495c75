//! The first administrators: by the operator's secrets, or by a one-time setup token.

use grantor_domain::AuthorizationServer;
use grantor_domain::access::{AccessPolicy, Link, Rule};
use grantor_domain::bundle::{BundleOutcome, EntryRefusal};
use grantor_domain::policy::Policy;
use grantor_domain::ports::Registry;
use grantor_domain::reason::Reason;
use grantor_domain::secret::{ClientSecret, Password, TokenValue};
use grantor_domain::setup::{ADMINISTRATORS, ROOT_CLIENT, SetUp};
use grantor_domain::users::UserSettings;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{
    administers, advance, caller, client_id, policy, policy_id, put_policy, refused, user_id,
};
use crate::bundles::written;

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
    assert_eq!(user.id, user_id("admin"));
    assert_eq!(server.has_administrator(), Ok(true));
    assert_eq!(
        server.set_up(&token, &password("second")),
        Ok(SetUp::AlreadyDone)
    );
    assert!(administers(&world, &caller(&world, "admin", "first")));
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
fn a_password_that_cannot_be_one_is_told_apart_from_being_too_late() {
    let world = new_world();
    let (server, token) = waiting(&world);
    for text in ["", "plain:1:imported", "plain:1:"] {
        match server.set_up(&token, &password(text)) {
            Ok(SetUp::Invalid(violations)) => assert_eq!(violations[0].path, "password"),
            other => panic!("{text:?}: {other:?}"),
        }
        assert_eq!(server.has_administrator(), Ok(false));
    }
    let done = server.set_up(&token, &password("first"));
    assert!(matches!(done, Ok(SetUp::Done(_))), "{done:?}");
}

#[test]
fn bootstrap_takes_no_hash_for_a_password() {
    let world = new_world();
    let outcome = world
        .server
        .bootstrap(None, Some(password("plain:1:imported")))
        .unwrap();
    assert!(
        matches!(
            &outcome,
            BundleOutcome::Refused(_, EntryRefusal::Invalid(_))
        ),
        "{outcome:?}"
    );
    assert_eq!(world.server.has_administrator(), Ok(false));
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
    // The client, the user and the policy that is linked to both.
    assert_eq!(written(&bootstrap("one")), 3);
    assert_eq!(written(&bootstrap("one")), 0);
    assert_eq!(written(&bootstrap("two")), 1);
    assert!(world.log_in("admin", "two").is_ok());
}

#[test]
fn bootstrap_without_secrets_makes_nobody() {
    let world = new_world();
    world.put_user("user", "password", UserSettings::default());
    let outcome = world.server.bootstrap(None, None).unwrap();
    assert_eq!(written(&outcome), 0);
    assert_eq!(world.server.has_administrator(), Ok(false));
    assert!(!administers(&world, &caller(&world, "user", "password")));
}

#[test]
fn bootstrap_adds_to_the_administrators_and_takes_none_away() {
    let world = new_world();
    let secret = ClientSecret::new("rootsecret".into());
    world.put_user("user", "password", UserSettings::default());
    let draft = policy(vec![Link::User(user_id("user"))], None, Rule::Allow);
    put_policy(&world, ADMINISTRATORS, &draft);
    world.server.bootstrap(Some(secret), None).unwrap();
    let policy = Registry::<AccessPolicy>::find(&world.memory, &policy_id(ADMINISTRATORS));
    assert_eq!(
        policy.unwrap().unwrap().settings.links,
        [
            Link::User(user_id("user")),
            Link::Client(client_id(ROOT_CLIENT))
        ]
    );
}

#[test]
fn a_policy_of_nobody_who_is_there_is_no_administrator() {
    let world = new_world();
    let draft = policy(vec![Link::User(user_id("gone"))], None, Rule::Allow);
    put_policy(&world, ADMINISTRATORS, &draft);
    assert_eq!(world.server.has_administrator(), Ok(false));
    let (server, token) = waiting(&world);
    let done = server.set_up(&token, &password("first"));
    assert!(matches!(done, Ok(SetUp::Done(_))), "{done:?}");
    assert_eq!(server.has_administrator(), Ok(true));
}
