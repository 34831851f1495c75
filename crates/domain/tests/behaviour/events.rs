//! Events are written for what happened, and never for what did not.

use grantor_domain::caller::{Caller, Subject};
use grantor_domain::clients::{ClientDraft, SecretChange};
use grantor_domain::event::EventKind as Kind;
use grantor_domain::origin::Origin;
use grantor_domain::reason::Reason;
use grantor_domain::revision::{Condition, Version};
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{
    administrator, client_id, events_since, from_client, is_active, login, myapp, other,
    refresh_grant, refresh_of, refused, session_of, user_id, world,
};

/// The kinds of the events that `act` writes.
fn written(world: &World, act: impl FnOnce()) -> Vec<Kind> {
    let seen = world.memory.events().len();
    act();
    events_since(world, seen)
}

#[test]
fn a_login_is_a_login_and_a_session() {
    let world = world();
    let kinds = written(&world, || drop(world.log_in("user", "password").unwrap()));
    assert_eq!(kinds, [Kind::LoginOk, Kind::SessionCreated]);
    let event = world.memory.events().pop().unwrap();
    assert_eq!(event.client, Some(client_id("myapp")));
    assert_eq!(event.user, Some(user_id("user")));
    assert!(event.session.is_some());
    assert_eq!(
        event.network.map(|n| n.to_string()).as_deref(),
        Some("192.0.2.1")
    );
}

#[test]
fn a_failed_login_is_written_once_with_its_reason() {
    let world = world();
    for (name, reason) in [
        ("user", Reason::WrongPassword),
        ("nobody", Reason::UnknownUser),
    ] {
        let kinds = written(&world, || {
            assert_eq!(refused(world.log_in(name, "wrong")), reason);
        });
        assert_eq!(kinds, [Kind::LoginFailed]);
        assert_eq!(world.memory.events().pop().unwrap().reason, Some(reason));
    }
}

#[test]
fn a_refused_token_request_is_written_once() {
    let world = world();
    let request = from_client(login(), "myapp", Some("wrong"));
    let kinds = written(&world, || drop(world.server.token(&request)));
    assert_eq!(kinds, [Kind::TokenRefused]);
}

#[test]
fn a_refresh_and_a_recovered_refresh_are_each_written() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    for _ in 0..2 {
        let kinds = written(&world, || drop(world.refresh(&refresh_of(&first)).unwrap()));
        assert_eq!(kinds, [Kind::TokenRefreshed]);
    }
}

#[test]
fn reuse_is_an_end_and_a_detection_and_no_refusal_besides() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    assert!(is_active(&world, &second.access_token));
    let kinds = written(&world, || drop(world.refresh(&refresh_of(&first))));
    assert_eq!(kinds, [Kind::SessionEnded, Kind::TokenReuseDetected]);
}

#[test]
fn introspection_writes_no_event() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    let kinds = written(&world, || {
        is_active(&world, &second.access_token);
        is_active(&world, &first.access_token);
    });
    assert!(kinds.is_empty());
}

#[test]
fn a_session_ends_once_however_often_it_is_closed() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let id = session_of(&world, &answer.access_token);
    let kinds = written(&world, || {
        world
            .server
            .revoke(Some(&myapp()), &refresh_of(&answer), &Origin::default())
            .unwrap();
        world
            .server
            .revoke(Some(&myapp()), &refresh_of(&answer), &Origin::default())
            .unwrap();
        world
            .server
            .close_session(&Caller::operator(), &id)
            .unwrap();
        refused(world.server.close_own_session(&answer.access_token));
    });
    assert_eq!(kinds, [Kind::TokenRevoked]);
}

#[test]
fn a_session_closed_by_another_names_who_closed_it() {
    let world = world();
    let admin = administrator(&world);
    let answer = world.log_in("amy", "amypass").unwrap();
    let id = session_of(&world, &answer.access_token);
    let kinds = written(&world, || {
        world.server.close_session(&admin, &id).unwrap();
    });
    assert_eq!(kinds, [Kind::SessionEnded]);
    let event = world.memory.events().pop().unwrap();
    assert_eq!(event.actor, Some(Subject::User(user_id("admin"))));
    assert_eq!(event.user, Some(user_id("amy")));
    assert_eq!(event.session, Some(id));
}

#[test]
fn a_session_closed_with_its_own_token_is_its_users_doing() {
    let world = world();
    let answer = world.log_in("amy", "amypass").unwrap();
    let kinds = written(&world, || {
        world
            .server
            .close_own_session(&answer.access_token)
            .unwrap();
    });
    assert_eq!(kinds, [Kind::SessionEnded]);
    let event = world.memory.events().pop().unwrap();
    assert_eq!((event.actor, event.user), (None, Some(user_id("amy"))));
}

#[test]
fn a_revocation_names_client_user_and_session() {
    let world = world();
    let answer = world.log_in("amy", "amypass").unwrap();
    let id = session_of(&world, &answer.access_token);
    let kinds = written(&world, || {
        world
            .server
            .revoke(Some(&myapp()), &answer.access_token, &Origin::default())
            .unwrap();
    });
    assert_eq!(kinds, [Kind::TokenRevoked]);
    let event = world.memory.events().pop().unwrap();
    assert_eq!(event.client, Some(client_id("myapp")));
    assert_eq!(event.user, Some(user_id("amy")));
    assert_eq!(event.session, Some(id));
}

#[test]
fn ending_all_sessions_names_who_ended_them() {
    let world = world();
    let admin = administrator(&world);
    let server = &world.server;
    let kinds = written(&world, || {
        let user = server.close_sessions_of(&admin, &user_id("amy"));
        let client = server.close_sessions_of(&admin, &client_id("other"));
        assert!(matches!((user, client), (Ok(Some(_)), Ok(Some(_)))));
    });
    assert_eq!(kinds, [Kind::UserSessionsEnded, Kind::ClientSessionsEnded]);
    for event in world.memory.events().iter().rev().take(2) {
        assert_eq!(event.actor, Some(Subject::User(user_id("admin"))));
    }
}

#[test]
fn what_a_stranger_did_not_achieve_is_no_end() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let kinds = written(&world, || {
        refused(
            world
                .server
                .revoke(Some(&other()), &refresh_of(&answer), &Origin::default()),
        );
    });
    assert!(kinds.is_empty());
    let stolen = World::request(refresh_grant(&refresh_of(&answer)));
    let stolen = from_client(stolen, "other", Some("othersecret"));
    let kinds = written(&world, || drop(world.server.token(&stolen)));
    assert_eq!(kinds, [Kind::TokenRefused]);
}

#[test]
fn changes_of_users_are_written_with_them() {
    let world = world();
    let (operator, id) = (Caller::operator(), user_id("bob"));
    let draft = |name: &str| UserDraft {
        settings: UserSettings {
            user_name: Some(name.into()),
            ..UserSettings::default()
        },
        password: PasswordChange::Keep,
    };
    let stale = Condition::Version(Version::from_row(99));
    let kinds = written(&world, || {
        world
            .server
            .put(&operator, &id, &draft("bob"), Condition::Any)
            .unwrap();
        world
            .server
            .put(&operator, &id, &draft("bob"), Condition::Any)
            .unwrap();
        world
            .server
            .put(&operator, &id, &draft("rob"), Condition::Any)
            .unwrap();
        world
            .server
            .put(&operator, &id, &draft("tom"), stale)
            .unwrap();
        world
            .server
            .put(&operator, &id, &draft("amy"), Condition::Any)
            .unwrap();
        world.server.close_sessions_of(&operator, &id).unwrap();
        world.server.remove(&operator, &id, stale).unwrap();
        world.server.remove(&operator, &id, Condition::Any).unwrap();
        world.server.remove(&operator, &id, Condition::Any).unwrap();
    });
    let expected = [
        Kind::UserCreated,
        Kind::UserChanged,
        Kind::UserSessionsEnded,
        Kind::UserRemoved,
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn changes_of_clients_are_written_with_them() {
    let world = world();
    let (operator, id) = (Caller::operator(), client_id("app"));
    let draft = |name: &str| {
        let settings = grantor_domain::clients::ClientSettings {
            name: Some(name.into()),
            ..password_client()
        };
        ClientDraft::new(settings, SecretChange::Keep)
    };
    let stale = Condition::Version(Version::from_row(99));
    let kinds = written(&world, || {
        world
            .server
            .put(&operator, &id, &draft("one"), Condition::Any)
            .unwrap();
        world
            .server
            .put(&operator, &id, &draft("one"), Condition::Any)
            .unwrap();
        world
            .server
            .put(&operator, &id, &draft("two"), Condition::Any)
            .unwrap();
        world
            .server
            .put(&operator, &id, &draft("three"), stale)
            .unwrap();
        world.server.close_sessions_of(&operator, &id).unwrap();
        world.server.remove(&operator, &id, Condition::Any).unwrap();
        world.server.remove(&operator, &id, Condition::Any).unwrap();
    });
    let expected = [
        Kind::ClientCreated,
        Kind::ClientChanged,
        Kind::ClientSessionsEnded,
        Kind::ClientRemoved,
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn a_throttled_login_is_written_as_such() {
    let mut policy = grantor_domain::policy::Policy::new("https://auth.example");
    let none = grantor_domain::policy::Budget::per_minute(0, 1);
    policy.throttle = Some(grantor_domain::policy::Budgets::alike(none));
    let world = World::empty(policy);
    world.put_client("myapp", Some("verysecret"), password_client());
    let kinds = written(&world, || drop(world.log_in("user", "password")));
    assert_eq!(kinds, [Kind::LoginThrottled]);
}
