//! Bundles: idempotent, atomic, and never a way around an invariant.

use grantor_domain::bundle::{BundleEntry, BundleOutcome};
use grantor_domain::caller::Caller;
use grantor_domain::clients::{ClientDraft, ClientSettings, PasswordSettings, SecretChange};
use grantor_domain::event::EventKind;
use grantor_domain::grants::GrantType;
use grantor_domain::ports::{ClientRegistry, UserDirectory};
use grantor_domain::revision::Condition;
use grantor_domain::secret::{ClientSecret, Password};
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{client_id, events_since, lives, user_id, with_password, world};

fn client(id: &str, settings: ClientSettings, secret: SecretChange) -> BundleEntry {
    BundleEntry::Client {
        id: client_id(id),
        draft: Box::new(ClientDraft { settings, secret }),
        condition: Condition::Any,
        administrator: false,
    }
}

fn secret(text: &str) -> SecretChange {
    SecretChange::Set(ClientSecret::new(text.into()))
}

fn user(id: &str, user_name: &str, password: &str) -> BundleEntry {
    let settings = UserSettings {
        user_name: Some(user_name.into()),
        ..UserSettings::default()
    };
    let password = PasswordChange::Set(Password::new(password.into()));
    BundleEntry::User {
        id: user_id(id),
        draft: Box::new(UserDraft { settings, password }),
        condition: Condition::Any,
        administrator: false,
    }
}

fn apply(world: &World, entries: &[BundleEntry]) -> BundleOutcome {
    world
        .server
        .apply_bundle(&Caller::operator(), entries)
        .unwrap()
}

fn knows_user(world: &World, id: &str) -> bool {
    UserDirectory::find(&world.memory, &user_id(id))
        .unwrap()
        .is_some()
}

#[test]
fn applying_a_bundle_again_changes_nothing() {
    let world = World::empty(grantor_domain::policy::Policy::new("https://auth.example"));
    let bundle = [
        client("myapp", password_client(), secret("verysecret")),
        user("u1", "one", "pass"),
    ];
    assert_eq!(apply(&world, &bundle), BundleOutcome::Applied(2));
    let answer = world.log_in("one", "pass").unwrap();
    let seen = world.memory.events().len();
    assert_eq!(apply(&world, &bundle), BundleOutcome::Applied(0));
    assert!(events_since(&world, seen).is_empty());
    assert!(lives(&world, &answer), "an idle bundle ended a session");
}

#[test]
fn a_bundle_brings_resources_into_the_state_it_describes() {
    let world = world();
    let seen = world.memory.events().len();
    let bundle = [
        user("amy", "amelia", "newpass"),
        user("bob", "bob", "bobpass"),
    ];
    assert_eq!(apply(&world, &bundle), BundleOutcome::Applied(2));
    let kinds = events_since(&world, seen);
    assert_eq!(kinds, [EventKind::UserChanged, EventKind::UserCreated]);
    assert!(world.log_in("amelia", "newpass").is_ok());
    assert!(world.log_in("bob", "bobpass").is_ok());
}

#[test]
fn an_invalid_entry_leaves_the_whole_bundle_unwritten() {
    let world = world();
    let bundle = [user("u1", "one", "pass"), user("u2", "two words", "pass")];
    let outcome = apply(&world, &bundle);
    assert!(
        matches!(outcome, BundleOutcome::Invalid(1, violations) if violations[0].path == "userName")
    );
    assert!(!knows_user(&world, "u1"));
}

#[test]
fn a_name_of_another_leaves_the_whole_bundle_unwritten() {
    let world = world();
    let seen = world.memory.events().len();
    let bundle = [
        user("amy", "amy", "amypass"),
        user("u1", "one", "pass"),
        user("u2", "ONE", "pass"),
    ];
    assert_eq!(apply(&world, &bundle), BundleOutcome::NameTaken(2));
    assert!(!knows_user(&world, "u1"));
    assert!(events_since(&world, seen).is_empty());
    assert!(world.log_in("amy", "amypass").is_ok());
}

#[test]
fn an_entry_whose_condition_does_not_hold_is_left_out() {
    let world = world();
    let mut entry = user("amy", "amelia", "newpass");
    if let BundleEntry::User { condition, .. } = &mut entry {
        *condition = Condition::Absent;
    }
    assert_eq!(apply(&world, &[entry]), BundleOutcome::Applied(0));
    assert!(world.log_in("amy", "amypass").is_ok());
}

#[test]
fn a_resource_that_stands_twice_is_refused() {
    let world = world();
    let bundle = [
        user("u1", "one", "pass"),
        user("u2", "two", "pass"),
        user("u1", "x", "pass"),
    ];
    assert!(matches!(
        apply(&world, &bundle),
        BundleOutcome::Invalid(2, _)
    ));
    assert!(!knows_user(&world, "u1"));
}

#[test]
fn a_secret_that_nobody_would_see_is_not_generated() {
    let world = world();
    let strict = with_password(PasswordSettings {
        secret_required: Some(true),
        ..PasswordSettings::default()
    });
    let batch = ClientSettings {
        grant_types: vec![GrantType::ClientCredentials],
        ..ClientSettings::default()
    };
    for settings in [strict, batch] {
        let outcome = apply(&world, &[client("c1", settings, SecretChange::Keep)]);
        assert!(
            matches!(outcome, BundleOutcome::Invalid(0, violations) if violations[0].path == "secret")
        );
    }
    assert_eq!(
        ClientRegistry::find(&world.memory, &client_id("c1")),
        Ok(None)
    );
}

#[test]
fn becoming_an_administrator_is_a_new_version() {
    let world = world();
    let find = || {
        UserDirectory::find(&world.memory, &user_id("amy"))
            .unwrap()
            .unwrap()
    };
    let before = find();
    let entry = BundleEntry::User {
        id: user_id("amy"),
        draft: Box::new(UserDraft {
            settings: before.settings.clone(),
            password: PasswordChange::Keep,
        }),
        condition: Condition::Any,
        administrator: true,
    };
    assert_eq!(
        apply(&world, std::slice::from_ref(&entry)),
        BundleOutcome::Applied(1)
    );
    let after = find();
    assert!(after.administrator);
    assert_eq!(after.stamp.version, before.stamp.version.next());
    assert_eq!(after.stamp.epoch, before.stamp.epoch);
    assert_eq!(apply(&world, &[entry]), BundleOutcome::Applied(0));
}

#[test]
fn an_entry_without_the_right_leaves_an_administrator_one() {
    let world = world();
    crate::ask::administrator(&world);
    let settings = UserSettings::default();
    let entry = BundleEntry::User {
        id: user_id("admin"),
        draft: Box::new(UserDraft {
            settings,
            password: PasswordChange::Keep,
        }),
        condition: Condition::Any,
        administrator: false,
    };
    apply(&world, &[entry]);
    let admin = UserDirectory::find(&world.memory, &user_id("admin"))
        .unwrap()
        .unwrap();
    assert!(admin.administrator);
}
