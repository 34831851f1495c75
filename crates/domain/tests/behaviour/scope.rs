//! RFC 6749 §3.3 and §6: scope asked, narrowed, refused, and the default.

use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::scope::Scope;
use grantor_testkit::World;

use crate::ask::{active, asking_for, login, refresh_grant, refresh_of, refused, scoped, world};

fn scoped_world() -> World {
    let world = world();
    world.put_client(
        "myapp",
        Some("verysecret"),
        scoped("read write admin", "read"),
    );
    world
}

fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

#[test]
fn what_is_asked_for_is_granted_and_echoed_in_its_order() {
    let world = scoped_world();
    let answer = world
        .server
        .token(&asking_for(login(), "write read"))
        .unwrap();
    assert_eq!(answer.scope.to_string(), "write read");
    assert_eq!(
        active(&world, &answer.access_token).unwrap().scope,
        scope("read write")
    );
}

#[test]
fn asking_for_nothing_grants_the_default() {
    let answer = scoped_world().log_in("user", "password").unwrap();
    assert_eq!(answer.scope.to_string(), "read");
}

#[test]
fn a_client_without_a_default_is_granted_nothing() {
    let answer = world().log_in("user", "password").unwrap();
    assert!(answer.scope.is_empty());
}

#[test]
fn one_scope_token_too_many_refuses_all() {
    let reason = refused(
        scoped_world()
            .server
            .token(&asking_for(login(), "read root")),
    );
    assert_eq!(reason, Reason::ScopeNotAllowed);
    assert_eq!(reason.code(), ErrorCode::InvalidScope);
}

#[test]
fn a_refresh_may_narrow_and_the_refresh_token_keeps_its_full_scope() {
    let world = scoped_world();
    let first = world
        .server
        .token(&asking_for(login(), "read write"))
        .unwrap();
    let narrow = World::request(refresh_grant(&refresh_of(&first)));
    let second = world.server.token(&asking_for(narrow, "read")).unwrap();
    assert_eq!(second.scope, scope("read"));
    assert_eq!(
        active(&world, &second.access_token).unwrap().scope,
        scope("read")
    );
    assert_eq!(
        active(&world, &refresh_of(&second)).unwrap().scope,
        scope("read write")
    );
    let third = world.refresh(&refresh_of(&second)).unwrap();
    assert_eq!(third.scope, scope("read write"));
}

#[test]
fn a_refresh_never_widens_and_a_refused_one_spends_nothing() {
    let world = scoped_world();
    let first = world.server.token(&asking_for(login(), "read")).unwrap();
    let wider = World::request(refresh_grant(&refresh_of(&first)));
    let reason = refused(world.server.token(&asking_for(wider, "read write")));
    assert_eq!(reason, Reason::ScopeNotAllowed);
    assert!(crate::ask::lives(&world, &first));
    assert!(world.refresh(&refresh_of(&first)).is_ok());
}
