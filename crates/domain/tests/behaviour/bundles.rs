//! Bundles: idempotent, atomic, and never a way around an invariant or a policy.

use grantor_domain::access::{Link, Rule};
use grantor_domain::bundle::{
    BundleEntry, BundleMode, BundleOutcome, Entry, EntryOutcome, EntryRefusal, Settled,
};
use grantor_domain::caller::{Caller, Subject};
use grantor_domain::clients::{
    Client, ClientDraft, ClientSettings, PasswordSettings, SecretChange,
};
use grantor_domain::event::EventKind;
use grantor_domain::grants::GrantType;
use grantor_domain::ports::Registry;
use grantor_domain::reason::Reason;
use grantor_domain::revision::{Condition, Stamp, Version};
use grantor_domain::secret::{ClientSecret, Password};
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{
    administers, administrator, caller, client_id, events_since, find_user, lives, policy,
    policy_id, put_policy, put_role, role, role_id, user_id, with_password, world,
};

fn client(id: &str, settings: ClientSettings, secret: SecretChange) -> BundleEntry {
    BundleEntry::Client(Box::new(Entry {
        id: client_id(id),
        draft: Some(ClientDraft::new(settings, secret)),
        condition: Condition::Any,
    }))
}

fn secret(text: &str) -> SecretChange {
    SecretChange::Set(ClientSecret::new(text.into()))
}

fn user(id: &str, user_name: &str, password: &str) -> BundleEntry {
    user_if(Condition::Any, id, user_name, password)
}

fn user_if(condition: Condition, id: &str, user_name: &str, password: &str) -> BundleEntry {
    let settings = UserSettings {
        user_name: Some(user_name.into()),
        ..UserSettings::default()
    };
    let password = PasswordChange::Set(Password::new(password.into()));
    BundleEntry::User(Box::new(Entry {
        id: user_id(id),
        draft: Some(UserDraft { settings, password }),
        condition,
    }))
}

fn without_user(id: &str, condition: Condition) -> BundleEntry {
    BundleEntry::User(Box::new(Entry {
        id: user_id(id),
        draft: None,
        condition,
    }))
}

fn apply_as(
    world: &World,
    caller: &Caller,
    entries: &[BundleEntry],
    mode: BundleMode,
) -> BundleOutcome {
    world.server.apply_bundle(caller, entries, mode).unwrap()
}

/// Brings about the state that is to be.
fn apply(world: &World, entries: &[BundleEntry]) -> BundleOutcome {
    apply_as(world, &Caller::operator(), entries, BundleMode::State)
}

fn transact(world: &World, entries: &[BundleEntry]) -> BundleOutcome {
    apply_as(world, &Caller::operator(), entries, BundleMode::Transaction)
}

/// How many resources a bundle wrote that was applied.
pub(crate) fn written(outcome: &BundleOutcome) -> usize {
    assert!(matches!(outcome, BundleOutcome::Applied(_)), "{outcome:?}");
    outcome.written()
}

/// What became of the entries of a bundle that was applied.
fn settled(outcome: BundleOutcome) -> Vec<EntryOutcome> {
    match outcome {
        BundleOutcome::Applied(entries) => entries,
        BundleOutcome::Refused(place, refusal) => panic!("entry {place}: {refusal:?}"),
    }
}

/// Why a bundle was refused, and for which entry.
fn refusal(outcome: BundleOutcome) -> (usize, EntryRefusal) {
    match outcome {
        BundleOutcome::Refused(place, refusal) => (place, refusal),
        BundleOutcome::Applied(entries) => panic!("applied: {entries:?}"),
    }
}

fn knows_user(world: &World, id: &str) -> bool {
    find_user(world, id).is_some()
}

/// The stamp an entry about a user was answered with.
fn stamp_of(outcome: &EntryOutcome) -> Stamp {
    match outcome {
        EntryOutcome::User(settled) => match &**settled {
            Settled::Created(user) | Settled::Updated(user) | Settled::Unchanged(user) => {
                user.resource.stamp
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn applying_a_bundle_again_changes_nothing() {
    let world = World::empty(grantor_domain::policy::Policy::new("https://auth.example"));
    let bundle = [
        client("myapp", password_client(), secret("verysecret")),
        user("u1", "one", "pass"),
    ];
    assert_eq!(written(&apply(&world, &bundle)), 2);
    let answer = world.log_in("one", "pass").unwrap();
    let seen = world.memory.events().len();
    assert_eq!(written(&apply(&world, &bundle)), 0);
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
    assert_eq!(written(&apply(&world, &bundle)), 2);
    let kinds = events_since(&world, seen);
    let expected = [
        EventKind::UserChanged,
        EventKind::UserPasswordChanged,
        EventKind::UserCreated,
    ];
    assert_eq!(kinds, expected);
    assert!(world.log_in("amelia", "newpass").is_ok());
    assert!(world.log_in("bob", "bobpass").is_ok());
}

#[test]
fn an_invalid_entry_leaves_the_whole_bundle_unwritten() {
    let world = world();
    let bundle = [user("u1", "one", "pass"), user("u2", "two words", "pass")];
    let outcome = apply(&world, &bundle);
    assert!(
        matches!(refusal(outcome), (1, EntryRefusal::Invalid(violations)) if violations[0].path == "userName")
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
    let outcome = apply(&world, &bundle);
    assert_eq!(refusal(outcome), (2, EntryRefusal::NameTaken));
    assert!(!knows_user(&world, "u1"));
    assert!(events_since(&world, seen).is_empty());
    assert!(world.log_in("amy", "amypass").is_ok());
}

#[test]
fn an_entry_whose_condition_does_not_hold_is_left_out() {
    let world = world();
    let entry = user_if(Condition::Absent, "amy", "amelia", "newpass");
    let bundle = [entry, user("bob", "bob", "bobpass")];
    let outcome = apply(&world, &bundle);
    assert_eq!(written(&outcome), 1);
    let entries = settled(outcome);
    assert!(
        matches!(&entries[0], EntryOutcome::User(settled) if matches!(**settled, Settled::LeftOut))
    );
    assert!(world.log_in("amy", "amypass").is_ok());
    assert!(knows_user(&world, "bob"));
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
        refusal(apply(&world, &bundle)),
        (2, EntryRefusal::Invalid(_))
    ));
    assert!(!knows_user(&world, "u1"));
}

#[test]
fn one_id_of_two_types_is_two_resources() {
    let world = world();
    let bundle = [
        user("x1", "one", "pass"),
        client("x1", password_client(), secret("s")),
    ];
    assert_eq!(written(&transact(&world, &bundle)), 2);
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
            matches!(refusal(outcome), (0, EntryRefusal::Invalid(violations)) if violations[0].path == "secret")
        );
    }
    assert_eq!(
        Registry::<Client>::find(&world.memory, &client_id("c1")),
        Ok(None)
    );
}

#[test]
fn a_transaction_shows_a_generated_secret_once() {
    let world = world();
    let batch = ClientSettings {
        grant_types: vec![GrantType::ClientCredentials],
        ..ClientSettings::default()
    };
    let entry = client("c1", batch, SecretChange::Keep);
    let shown = |outcome| match &settled(outcome)[0] {
        EntryOutcome::Client(settled) => match &**settled {
            Settled::Created(written) | Settled::Unchanged(written) => {
                written.generated_secret.is_some()
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let bundle = [entry];
    assert!(shown(transact(&world, &bundle)));
    assert!(!shown(transact(&world, &bundle)));
}

/// A link of the administrators' policy to one more user.
fn promotion(id: &str) -> BundleEntry {
    BundleEntry::Policy(Box::new(Entry {
        id: policy_id("allow"),
        draft: Some(policy(vec![Link::User(user_id(id))], None, Rule::Allow)),
        condition: Condition::Any,
    }))
}

#[test]
fn becoming_an_administrator_is_a_new_version() {
    let world = world();
    let before = put_policy(
        &world,
        "allow",
        &policy(vec![Link::User(user_id("user"))], None, Rule::Allow),
    );
    let amy = caller(&world, "amy", "amypass");
    let epoch = find_user(&world, "amy").unwrap().stamp.epoch;
    assert!(!administers(&world, &amy));
    let outcome = apply(&world, &[promotion("amy")]);
    assert_eq!(written(&outcome), 1);
    assert!(
        matches!(&settled(outcome)[0], EntryOutcome::Policy(settled) if matches!(&**settled, Settled::Updated(policy) if policy.resource.stamp.version == before.version.next()))
    );
    assert!(administers(&world, &amy));
    assert_eq!(find_user(&world, "amy").unwrap().stamp.epoch, epoch);
    assert_eq!(written(&apply(&world, &[promotion("amy")])), 0);
}

#[test]
fn an_entry_without_the_right_leaves_an_administrator_one() {
    let world = world();
    let admin = administrator(&world);
    let settings = UserSettings::default();
    let entry = BundleEntry::User(Box::new(Entry {
        id: user_id("admin"),
        draft: Some(UserDraft {
            settings,
            password: PasswordChange::Keep,
        }),
        condition: Condition::Any,
    }));
    apply(&world, &[entry]);
    assert!(administers(&world, &admin));
}

#[test]
fn a_condition_that_does_not_hold_refuses_the_whole_transaction() {
    let world = world();
    let seen = world.memory.events().len();
    let stale = Condition::Version(Version::from_row(99));
    for bad in [
        user_if(Condition::Absent, "amy", "amelia", "newpass"),
        user_if(Condition::Present, "nobody", "nobody", "pass"),
        user_if(stale, "amy", "amelia", "newpass"),
        without_user("amy", stale),
        without_user("nobody", Condition::Present),
    ] {
        let bundle = [user("u1", "one", "pass"), bad];
        let outcome = transact(&world, &bundle);
        assert_eq!(refusal(outcome), (1, EntryRefusal::ConditionFailed));
    }
    assert!(!knows_user(&world, "u1"));
    assert!(events_since(&world, seen).is_empty());
}

#[test]
fn an_entry_that_is_not_allowed_refuses_the_whole_bundle() {
    let world = world();
    let amy = caller(&world, "amy", "amypass");
    let bundle = [user("u1", "one", "pass")];
    for mode in [BundleMode::Transaction, BundleMode::State] {
        let outcome = apply_as(&world, &amy, &bundle, mode);
        assert_eq!(refusal(outcome), (0, EntryRefusal::NotAllowed));
    }
    assert!(!knows_user(&world, "u1"));
}

#[test]
fn an_entry_that_is_not_allowed_is_remembered_with_who_wanted_it() {
    let world = world();
    let amy = caller(&world, "amy", "amypass");
    let seen = world.memory.events().len();
    let outcome = apply_as(&world, &amy, &[promotion("amy")], BundleMode::Transaction);
    assert_eq!(refusal(outcome), (0, EntryRefusal::NotAllowed));
    let events = world.memory.events().split_off(seen);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, EventKind::AuthorizationDenied);
    assert_eq!(events[0].reason, Some(Reason::NotAllowed));
    assert_eq!(events[0].actor, Some(Subject::User(user_id("amy"))));
    let (_, target) = events[0].target.clone().unwrap();
    assert_eq!(target, "allow");
}

#[test]
fn a_policy_of_a_bundle_permits_nothing_in_the_same_bundle() {
    let world = world();
    let amy = caller(&world, "amy", "amypass");
    let bundle = [promotion("amy"), user("u1", "one", "pass")];
    let outcome = apply_as(&world, &amy, &bundle, BundleMode::Transaction);
    assert_eq!(refusal(outcome), (0, EntryRefusal::NotAllowed));
    assert!(!administers(&world, &amy));
}

#[test]
fn a_bundle_removes_what_has_no_draft() {
    let world = world();
    let answer = world.log_in("amy", "amypass").unwrap();
    put_role(&world, "r1", &role("nurse", "user"));
    let seen = world.memory.events().len();
    let bundle = [
        without_user("amy", Condition::Present),
        BundleEntry::Role(Box::new(Entry {
            id: role_id("r1"),
            draft: None,
            condition: Condition::Any,
        })),
    ];
    let outcome = transact(&world, &bundle);
    assert_eq!(written(&outcome), 2);
    let entries = settled(outcome);
    assert!(
        matches!(&entries[0], EntryOutcome::User(settled) if matches!(&**settled, Settled::Removed(user) if user.id == user_id("amy")))
    );
    assert_eq!(
        events_since(&world, seen),
        [EventKind::UserRemoved, EventKind::RoleRemoved]
    );
    assert!(!knows_user(&world, "amy") && !lives(&world, &answer));
}

#[test]
fn removing_what_is_not_there_is_no_change() {
    let world = world();
    let seen = world.memory.events().len();
    let outcome = transact(&world, &[without_user("nobody", Condition::Any)]);
    assert_eq!(written(&outcome), 0);
    assert!(
        matches!(&settled(outcome)[0], EntryOutcome::User(settled) if matches!(**settled, Settled::Absent))
    );
    assert!(events_since(&world, seen).is_empty());
}

#[test]
fn a_removed_user_leaves_its_name_to_the_same_transaction() {
    let world = world();
    transact(&world, &[user("u1", "one", "pass")]);
    let bundle = [
        without_user("u1", Condition::Any),
        user("u2", "one", "otherpass"),
    ];
    assert_eq!(written(&transact(&world, &bundle)), 2);
    assert!(world.log_in("one", "otherpass").is_ok());
}

#[test]
fn an_id_that_is_used_again_is_answered_with_the_stamp_that_was_stored() {
    let world = world();
    let first = settled(transact(&world, &[user("u1", "one", "pass")]));
    transact(&world, &[without_user("u1", Condition::Any)]);
    // An entry without a change comes first: stamps belong to entries, not to changes.
    let bundle = [
        without_user("nobody", Condition::Any),
        user("u1", "one", "pass"),
    ];
    let again = settled(transact(&world, &bundle));
    let (first, again) = (stamp_of(&first[0]), stamp_of(&again[1]));
    assert_eq!(again.version.get(), 3);
    assert!(again.epoch > first.epoch);
    assert_eq!(find_user(&world, "u1").unwrap().stamp, again);
}

#[test]
fn every_event_of_a_bundle_names_who_applied_it() {
    let world = world();
    let admin = administrator(&world);
    let seen = world.memory.events().len();
    let bundle = [
        user("u1", "one", "pass"),
        without_user("amy", Condition::Any),
    ];
    apply_as(&world, &admin, &bundle, BundleMode::Transaction);
    let events = world.memory.events().split_off(seen);
    assert_eq!(events.len(), 2);
    for event in events {
        assert_eq!(event.actor, Some(Subject::User(user_id("admin"))));
    }
}
