//! Writing and removing users: conditions, names, invariants.

use grantor_domain::caller::Caller;
use grantor_domain::revision::{Condition, Version};
use grantor_domain::secret::Password;
use grantor_domain::users::{PasswordChange, User, UserDraft, UserSettings};
use grantor_domain::violation::{PutOutcome, RemoveOutcome};
use grantor_testkit::World;

use crate::ask::{events_since, user_id, world};

fn draft(user_name: &str) -> UserDraft {
    UserDraft {
        settings: UserSettings {
            user_name: Some(user_name.into()),
            ..UserSettings::default()
        },
        password: PasswordChange::Keep,
    }
}

fn put(world: &World, id: &str, draft: &UserDraft, condition: Condition) -> PutOutcome<User> {
    let outcome = world
        .server
        .put(&Caller::operator(), &user_id(id), draft, condition);
    outcome.unwrap().map(|written| written.resource)
}

fn remove(world: &World, id: &str, condition: Condition) -> RemoveOutcome<User> {
    world
        .server
        .remove(&Caller::operator(), &user_id(id), condition)
        .unwrap()
}

fn version(outcome: PutOutcome<User>) -> i64 {
    match outcome {
        PutOutcome::Created(user) | PutOutcome::Updated(user) => user.stamp.version.get(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_put_creates_then_updates_and_counts() {
    let world = world();
    let created = put(&world, "u1", &draft("one"), Condition::Any);
    assert!(matches!(created, PutOutcome::Created(_)));
    assert_eq!(version(created), 1);
    let updated = put(&world, "u1", &draft("two"), Condition::Any);
    assert!(matches!(updated, PutOutcome::Updated(_)));
    assert_eq!(version(updated), 2);
}

#[test]
fn a_put_that_changes_nothing_counts_nothing() {
    let world = world();
    put(&world, "u1", &draft("one"), Condition::Any);
    let seen = world.memory.events().len();
    assert_eq!(version(put(&world, "u1", &draft("one"), Condition::Any)), 1);
    assert!(events_since(&world, seen).is_empty());
}

#[test]
fn conditions_of_a_put_hold_or_nothing_is_written() {
    let world = world();
    let failed = PutOutcome::ConditionFailed;
    let at = |n| Condition::Version(Version::from_row(n));
    assert_eq!(put(&world, "u1", &draft("one"), Condition::Present), failed);
    assert_eq!(put(&world, "u1", &draft("one"), at(1)), failed);
    assert_eq!(
        version(put(&world, "u1", &draft("one"), Condition::Absent)),
        1
    );
    assert_eq!(put(&world, "u1", &draft("two"), Condition::Absent), failed);
    assert_eq!(put(&world, "u1", &draft("two"), at(2)), failed);
    assert_eq!(version(put(&world, "u1", &draft("two"), at(1))), 2);
    assert_eq!(
        version(put(&world, "u1", &draft("three"), Condition::Present)),
        3
    );
}

#[test]
fn conditions_of_a_removal_hold_or_nothing_is_removed() {
    let world = world();
    put(&world, "u1", &draft("one"), Condition::Any);
    let at = |n| Condition::Version(Version::from_row(n));
    assert_eq!(remove(&world, "u1", at(2)), RemoveOutcome::ConditionFailed);
    assert!(
        matches!(remove(&world, "u1", at(1)), RemoveOutcome::Removed(user) if user.id == user_id("u1"))
    );
    assert_eq!(remove(&world, "u1", Condition::Any), RemoveOutcome::Absent);
    assert_eq!(remove(&world, "u1", at(1)), RemoveOutcome::ConditionFailed);
}

#[test]
fn a_removed_id_goes_on_counting() {
    let world = world();
    put(&world, "u1", &draft("one"), Condition::Any);
    remove(&world, "u1", Condition::Any);
    assert_eq!(
        version(put(&world, "u1", &draft("one"), Condition::Absent)),
        3
    );
}

#[test]
fn a_name_belongs_to_one_user_in_all_its_spellings() {
    let world = world();
    put(&world, "u1", &draft("one"), Condition::Any);
    for (id, name) in [
        ("u2", "ONE"),
        ("u2", "u1"),
        ("u2", "user@MAIL.com"),
        ("one", "x"),
    ] {
        assert_eq!(
            put(&world, id, &draft(name), Condition::Any),
            PutOutcome::NameTaken,
            "{name}"
        );
    }
    remove(&world, "u1", Condition::Any);
    assert_eq!(version(put(&world, "u2", &draft("ONE"), Condition::Any)), 1);
}

#[test]
fn broken_invariants_are_named_and_nothing_is_written() {
    let world = world();
    let password = |text: String| UserDraft {
        settings: UserSettings::default(),
        password: PasswordChange::Set(Password::new(text)),
    };
    let email = UserSettings {
        email: Some("a b".into()),
        ..UserSettings::default()
    };
    let cases = [
        (draft("two words"), "userName"),
        (
            UserDraft {
                settings: email,
                password: PasswordChange::Keep,
            },
            "email",
        ),
        (password(String::new()), "password"),
        (password("x".repeat(Password::LONGEST + 1)), "password"),
    ];
    let seen = world.memory.events().len();
    for (draft, path) in cases {
        let PutOutcome::Invalid(violations) = put(&world, "u1", &draft, Condition::Any) else {
            panic!("{path} was taken");
        };
        assert_eq!(
            violations.iter().map(|v| v.path).collect::<Vec<_>>(),
            [path]
        );
    }
    assert!(events_since(&world, seen).is_empty());
}

#[test]
fn a_user_that_is_written_again_keeps_its_password() {
    let world = world();
    put(&world, "user", &draft("neo"), Condition::Any);
    assert!(world.log_in("neo", "password").is_ok());
}
