//! Resources that are kept with their versions: history, secrets and events.

use grantor_domain::access::{AccessPolicy, Link, Rule};
use grantor_domain::caller::{Caller, Subject};
use grantor_domain::clients::{ClientDraft, SecretChange};
use grantor_domain::event::{Event, EventKind};
use grantor_domain::id::RoleId;
use grantor_domain::ports::Page;
use grantor_domain::resources::{
    Filter, HistoryQuery, Identifier, Lifecycle, Read, Resource, ResourceQuery, Revision, Test,
};
use grantor_domain::revision::{Condition, Version};
use grantor_domain::roles::RoleSettings;
use grantor_domain::secret::{ClientSecret, Password};
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_domain::violation::{PutOutcome, RemoveOutcome};
use grantor_domain::window::Window;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{
    advance, caller, client_id, events_since, find_user, policy, policy_id, put_policy, put_role,
    role, role_id, user_id, world,
};

fn remove<I: Identifier>(world: &World, id: &I) {
    let removed = world
        .server
        .remove(&Caller::operator(), id, Condition::Present);
    assert!(
        matches!(removed, Ok(RemoveOutcome::Removed(_))),
        "{removed:?}"
    );
}

fn read<I: Identifier>(world: &World, id: &I) -> Read<I::Resource> {
    world.server.read(&Caller::operator(), id).unwrap()
}

/// Every version of a resource, or of all of its type.
fn history<I: Identifier>(world: &World, id: Option<&I>) -> Vec<Revision<I::Resource>> {
    let query = HistoryQuery {
        id: id.cloned(),
        version: None,
        since: None,
        window: Window::first(100),
    };
    let page: Page<_> = world.server.history(&Caller::operator(), &query).unwrap();
    page.items
}

fn written_since(world: &World, seen: usize) -> Vec<Event> {
    world.memory.events().split_off(seen)
}

fn is_gone_after_it_was_found<I: Identifier>(world: &World, id: &I) {
    assert!(matches!(read(world, id), Read::Found(_)), "{id}");
    remove(world, id);
    assert!(matches!(read(world, id), Read::Gone), "{id}");
}

#[test]
fn what_was_removed_is_gone_and_what_never_was_is_absent() {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    world.allow(vec![Link::User(user_id("amy"))]);
    is_gone_after_it_was_found(&world, &client_id("other"));
    is_gone_after_it_was_found(&world, &user_id("amy"));
    is_gone_after_it_was_found(&world, &role_id("r1"));
    is_gone_after_it_was_found(&world, &policy_id("allow"));
    assert_eq!(read(&world, &client_id("nobody")), Read::Absent);
    assert_eq!(read(&world, &user_id("nobody")), Read::Absent);
    assert_eq!(read(&world, &role_id("nobody")), Read::Absent);
    assert_eq!(read(&world, &policy_id("nobody")), Read::Absent);
}

#[test]
fn an_id_that_is_used_again_is_found_again_and_goes_on_counting() {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    remove(&world, &role_id("r1"));
    let stamp = put_role(&world, "r1", &role("porter", "amy"));
    assert_eq!(stamp.version.get(), 3);
    let found = read(&world, &role_id("r1")).found().unwrap();
    assert_eq!(
        (found.stamp, found.settings.name.as_str()),
        (stamp, "porter")
    );
}

#[test]
fn somebody_elses_removed_id_is_answered_like_an_unknown_one() {
    let world = world();
    let user = caller(&world, "user", "password");
    remove(&world, &user_id("amy"));
    assert_eq!(world.server.read(&user, &user_id("amy")), Ok(Read::Absent));
}

/// A role that was given, changed a minute later, and taken away a minute after that.
fn with_a_short_lived_role() -> World {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    advance(&world, 60);
    put_role(&world, "r1", &role("porter", "amy"));
    advance(&world, 60);
    remove(&world, &role_id("r1"));
    world
}

#[test]
fn a_history_shows_every_version_the_latest_first() {
    let world = with_a_short_lived_role();
    let versions = history(&world, Some(&role_id("r1")));
    let told: Vec<_> = versions
        .iter()
        .map(|v| (v.stamp.version.get(), v.lifecycle))
        .collect();
    assert_eq!(
        told,
        [
            (3, Lifecycle::Removed),
            (2, Lifecycle::Changed),
            (1, Lifecycle::Created)
        ]
    );
    let names: Vec<_> = versions
        .into_iter()
        .map(|version| version.resource.map(|role| role.settings.name))
        .collect();
    assert_eq!(names, [None, Some("porter".into()), Some("nurse".into())]);
}

#[test]
fn a_history_can_begin_at_an_instant() {
    let world = with_a_short_lived_role();
    let all = history(&world, Some(&role_id("r1")));
    let query = HistoryQuery {
        since: Some(all[1].stamp.updated),
        window: Window::first(100),
        ..HistoryQuery::latest(&role_id("r1"))
    };
    let page = world.server.history(&Caller::operator(), &query).unwrap();
    assert_eq!(page.items, all[..2]);
}

#[test]
fn a_history_of_a_type_holds_all_of_it_and_nothing_else() {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    put_policy(&world, "p1", &policy(Vec::new(), None, Rule::Allow));
    put_role(&world, "r2", &role("nurse", "user"));
    put_role(&world, "r1", &role("porter", "amy"));
    let ids: Vec<_> = history(&world, None::<&RoleId>)
        .into_iter()
        .map(|version| version.id)
        .collect();
    assert_eq!(ids, [role_id("r1"), role_id("r2"), role_id("r1")]);
}

#[test]
fn a_version_is_read_as_it_was() {
    let world = with_a_short_lived_role();
    let read = |version| {
        let (operator, id) = (Caller::operator(), role_id("r1"));
        let version = Version::from_row(version);
        world.server.read_version(&operator, &id, version).unwrap()
    };
    let name = |version| Some(read(version)?.resource?.settings.name);
    assert_eq!(name(1).as_deref(), Some("nurse"));
    assert_eq!(name(2).as_deref(), Some("porter"));
    let removed = read(3).unwrap();
    assert_eq!(
        (removed.lifecycle, removed.resource),
        (Lifecycle::Removed, None)
    );
    assert!(read(4).is_none());
}

#[test]
fn a_write_that_changes_nothing_is_no_version_and_no_event() {
    let world = world();
    let first = put_role(&world, "r1", &role("nurse", "amy"));
    let links = || vec![Link::Role(role_id("r1"))];
    let policy = || policy(links(), Some("nurse"), Rule::Allow);
    let first_policy = put_policy(&world, "p1", &policy());
    let seen = world.memory.events().len();
    advance(&world, 60);
    assert_eq!(put_role(&world, "r1", &role("nurse", "amy")), first);
    assert_eq!(put_policy(&world, "p1", &policy()), first_policy);
    assert_eq!(history(&world, Some(&role_id("r1"))).len(), 1);
    assert!(events_since(&world, seen).is_empty());
}

#[test]
fn versions_of_users_never_hold_a_password() {
    let world = world();
    world.put_user("amy", "newpass", UserSettings::default());
    let versions = history(&world, Some(&user_id("amy")));
    assert_eq!(versions.len(), 2);
    for version in versions {
        let user = version.resource.unwrap();
        assert!(user.password.is_none() && user.reset.is_none());
    }
    assert!(find_user(&world, "amy").unwrap().password.is_some());
}

#[test]
fn versions_of_clients_never_hold_a_secret() {
    let world = world();
    world.put_client("other", Some("newsecret"), password_client());
    let versions = history(&world, Some(&client_id("other")));
    assert_eq!(versions.len(), 2);
    for version in versions {
        assert!(version.resource.unwrap().secret.is_none());
    }
    let now = read(&world, &client_id("other")).found().unwrap();
    assert!(now.secret.is_some());
}

/// Writes it twice and removes it, and looks at the three events: who, what, and the members that
/// were changed.
fn is_remembered<I: Identifier>(
    id: &I,
    drafts: [&<I::Resource as Resource>::Draft; 2],
    kinds: [EventKind; 3],
    changes: &[&str],
) {
    let world = world();
    let caller = caller(&world, "user", "password");
    world.allow(vec![Link::User(user_id("user"))]);
    let seen = world.memory.events().len();
    for draft in drafts {
        let put = world.server.put(&caller, id, draft, Condition::Any);
        assert!(
            matches!(put, Ok(PutOutcome::Created(_) | PutOutcome::Updated(_))),
            "{put:?}"
        );
    }
    world.server.remove(&caller, id, Condition::Any).unwrap();
    let events = written_since(&world, seen);
    assert_eq!(events.iter().map(|e| e.kind).collect::<Vec<_>>(), kinds);
    for event in &events {
        assert_eq!(event.actor, Some(Subject::User(user_id("user"))));
        let target = Some((I::Resource::KIND, id.text().to_owned()));
        assert_eq!(event.target, target);
    }
    let named: Vec<_> = events.into_iter().map(|event| event.changes).collect();
    assert_eq!(named, [&[], changes, &[]]);
}

#[test]
fn giving_changing_and_taking_a_role_away_is_remembered() {
    let mut second = role("porter", "user");
    second.description = Some("Carries".into());
    is_remembered(
        &role_id("r1"),
        [&role("nurse", "amy"), &second],
        [
            EventKind::RoleCreated,
            EventKind::RoleChanged,
            EventKind::RoleRemoved,
        ],
        &["name", "description", "user"],
    );
}

#[test]
fn writing_changing_and_removing_a_policy_is_remembered() {
    let amy = vec![Link::User(user_id("amy"))];
    let first = policy(amy.clone(), None, Rule::Cedar("permit sign".into()));
    let second = policy(amy, Some("nurse"), Rule::Allow);
    is_remembered(
        &policy_id("p1"),
        [&first, &second],
        [
            EventKind::PolicyCreated,
            EventKind::PolicyChanged,
            EventKind::PolicyRemoved,
        ],
        &["roleName", "rule"],
    );
}

#[test]
fn changes_of_a_user_are_named_and_those_that_matter_are_events_of_their_own() {
    let world = world();
    let draft = UserDraft {
        settings: UserSettings {
            email: Some("amy@mail.com".into()),
            inactive: true,
            ..UserSettings::default()
        },
        password: PasswordChange::Set(Password::new("newpass".into())),
    };
    let seen = world.memory.events().len();
    let (operator, id) = (Caller::operator(), user_id("amy"));
    world
        .server
        .put(&operator, &id, &draft, Condition::Any)
        .unwrap();
    let events = written_since(&world, seen);
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.kind, event.changes.as_slice()))
        .collect();
    let expected: [(EventKind, &[&str]); 3] = [
        (EventKind::UserChanged, &["password", "email", "inactive"]),
        (EventKind::UserDisabled, &[]),
        (EventKind::UserPasswordChanged, &[]),
    ];
    assert_eq!(told, expected);
    assert!(events.iter().all(|event| event.user == Some(id.clone())));
}

#[test]
fn changes_of_a_client_are_named_and_those_that_matter_are_events_of_their_own() {
    let world = world();
    let mut settings = password_client();
    settings.active = false;
    settings.password.userinfo = false;
    let secret = SecretChange::Set(ClientSecret::new("newsecret".into()));
    let draft = ClientDraft::new(settings, secret);
    let seen = world.memory.events().len();
    let (operator, id) = (Caller::operator(), client_id("other"));
    world
        .server
        .put(&operator, &id, &draft, Condition::Any)
        .unwrap();
    let events = written_since(&world, seen);
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.kind, event.changes.as_slice()))
        .collect();
    let expected: [(EventKind, &[&str]); 3] = [
        (
            EventKind::ClientChanged,
            &["secret", "active", "auth.password"],
        ),
        (EventKind::ClientDisabled, &[]),
        (EventKind::ClientSecretRotated, &[]),
    ];
    assert_eq!(told, expected);
    assert!(events.iter().all(|event| event.client == Some(id.clone())));
}

#[test]
fn a_change_that_the_operator_makes_is_the_operators() {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    let event = world.memory.events().pop().unwrap();
    assert_eq!(event.actor, Some(Subject::Operator));
}

#[test]
fn conditions_hold_or_nothing_is_written() {
    let world = world();
    let put = |condition| {
        let (operator, id) = (Caller::operator(), role_id("r1"));
        let draft = role("porter", "amy");
        let outcome = world.server.put(&operator, &id, &draft, condition);
        outcome.unwrap().map(|written| written.resource)
    };
    let at = |n| Condition::Version(Version::from_row(n));
    assert_eq!(put(Condition::Present), PutOutcome::ConditionFailed);
    put_role(&world, "r1", &role("nurse", "amy"));
    let seen = world.memory.events().len();
    assert_eq!(put(Condition::Absent), PutOutcome::ConditionFailed);
    assert_eq!(put(at(2)), PutOutcome::ConditionFailed);
    assert!(events_since(&world, seen).is_empty());
    assert!(matches!(put(at(1)), PutOutcome::Updated(_)));
}

#[test]
fn a_role_has_a_name_of_a_sane_length() {
    let world = world();
    let put = |name: &str| {
        let (operator, id) = (Caller::operator(), role_id("r1"));
        let draft: RoleSettings = role(name, "amy");
        world
            .server
            .put(&operator, &id, &draft, Condition::Any)
            .unwrap()
    };
    for name in ["", &"x".repeat(257)] {
        let PutOutcome::Invalid(violations) = put(name) else {
            panic!("{name:?} was taken");
        };
        assert_eq!(violations[0].path, "name");
    }
    assert!(matches!(put(&"x".repeat(256)), PutOutcome::Created(_)));
}

#[test]
fn a_policy_is_found_by_whom_it_is_linked_to() {
    let world = world();
    let amy = vec![Link::User(user_id("amy"))];
    put_policy(&world, "p1", &policy(amy, None, Rule::Allow));
    put_policy(
        &world,
        "p2",
        &policy(Vec::new(), Some("nurse"), Rule::Allow),
    );
    let found = |parameter, value: &str| {
        let query = ResourceQuery {
            filters: vec![Filter {
                parameter,
                test: Test::Is(vec![value.into()]),
            }],
            ..ResourceQuery::all(Window::first(10))
        };
        let operator = Caller::operator();
        let page = world.server.search::<AccessPolicy>(&operator, &query);
        let policies = page.unwrap().items.into_iter();
        policies.map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(found("link", "User/amy"), [policy_id("p1")]);
    assert_eq!(found("roleName", "nurse"), [policy_id("p2")]);
}
