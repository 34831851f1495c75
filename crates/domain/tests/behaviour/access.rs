//! Access policies: nobody may do anything unless one permits it and none forbids it.

use std::net::{IpAddr, Ipv4Addr};

use grantor_domain::AuthorizationServer;
use grantor_domain::access::{Link, Rule};
use grantor_domain::caller::{Call, Caller, Subject};
use grantor_domain::document::Document;
use grantor_domain::event::EventKind;
use grantor_domain::origin::Origin;
use grantor_domain::reason::Reason;
use grantor_domain::resources::{Read, ResourceKind};
use grantor_domain::revision::Condition;
use grantor_domain::sessions::SearchRequest;
use grantor_domain::users::UserSettings;
use grantor_domain::violation::PutOutcome;
use grantor_domain::window::Window;
use grantor_testkit::World;

use crate::ask::{
    bearer, caller, cedar, client_caller, client_id, events_since, from_client, identify, login,
    of_user, policy, policy_id, put_policy, put_role, refused, role, role_id, user_id, world,
};

/// Whether a server lets a caller read a client, for which nobody has a right of its own.
fn lets(server: &AuthorizationServer, caller: &Caller) -> bool {
    match server.read(caller, &client_id("myapp")) {
        Ok(Read::Found(_)) => true,
        answer => {
            assert_eq!(refused(answer), Reason::NotAllowed);
            false
        }
    }
}

fn may(world: &World, caller: &Caller) -> bool {
    lets(&world.server, caller)
}

/// The user `user`, calling through the client `other`.
fn through_other(world: &World) -> Caller {
    let request = from_client(login(), "other", Some("othersecret"));
    let answer = world.server.token(&request).unwrap();
    identify(world, &bearer(&answer)).unwrap()
}

fn remove_policy(world: &World, id: &str) {
    let (operator, id) = (Caller::operator(), policy_id(id));
    world
        .server
        .remove(&operator, &id, Condition::Present)
        .unwrap();
}

#[test]
fn without_a_policy_nobody_may() {
    let world = world();
    assert!(!may(&world, &caller(&world, "user", "password")));
    assert!(!may(&world, &client_caller(&world)));
}

#[test]
fn a_policy_that_is_silent_permits_nothing() {
    let world = world();
    let user = caller(&world, "user", "password");
    let silent = Rule::Matcho(Document::default());
    put_policy(&world, "p1", &policy(of_user("user"), None, silent));
    assert!(!may(&world, &user));
}

#[test]
fn a_policy_permits_whom_it_is_linked_to_and_nobody_else() {
    let world = world();
    world.allow(of_user("user"));
    assert!(may(&world, &caller(&world, "user", "password")));
    assert!(!may(&world, &caller(&world, "amy", "amypass")));
    assert!(!may(&world, &client_caller(&world)));
}

#[test]
fn a_policy_linked_to_several_concerns_each() {
    let world = world();
    let backend = client_caller(&world);
    world.allow(vec![
        Link::User(user_id("amy")),
        Link::Client(client_id("backend")),
    ]);
    assert!(may(&world, &caller(&world, "amy", "amypass")));
    assert!(may(&world, &backend));
}

#[test]
fn a_policy_linked_to_nobody_concerns_everybody() {
    let world = world();
    world.allow(Vec::new());
    assert!(may(&world, &caller(&world, "user", "password")));
    assert!(may(&world, &client_caller(&world)));
}

#[test]
fn a_policy_permits_what_it_speaks_of_and_nothing_else() {
    let world = world();
    let user = caller(&world, "user", "password");
    let reading = cedar("permit read:Client");
    put_policy(&world, "p1", &policy(of_user("user"), None, reading));
    assert!(may(&world, &user));
    let removal = world
        .server
        .remove(&user, &client_id("myapp"), Condition::Any);
    assert_eq!(refused(removal), Reason::NotAllowed);
}

#[test]
fn forbidding_wins_wherever_it_stands() {
    for id in ["a", "z"] {
        let world = world();
        let user = caller(&world, "user", "password");
        let permit = policy(of_user("user"), None, Rule::Allow);
        put_policy(&world, "m", &permit);
        put_policy(&world, "n", &permit);
        put_policy(&world, id, &policy(Vec::new(), None, cedar("forbid")));
        assert!(!may(&world, &user), "{id}");
    }
}

#[test]
fn forbidding_concerns_whom_it_is_linked_to_only() {
    let world = world();
    world.allow(Vec::new());
    put_policy(&world, "p1", &policy(of_user("amy"), None, cedar("forbid")));
    assert!(may(&world, &caller(&world, "user", "password")));
    assert!(!may(&world, &caller(&world, "amy", "amypass")));
}

#[test]
fn policies_do_not_concern_the_operator() {
    let world = world();
    put_policy(&world, "p1", &policy(Vec::new(), None, cedar("forbid")));
    assert!(may(&world, &Caller::operator()));
}

#[test]
fn a_policy_linked_to_a_role_concerns_whom_the_role_is_given_to() {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    put_role(&world, "r2", &role("nurse", "user"));
    world.allow(vec![Link::Role(role_id("r1"))]);
    assert!(may(&world, &caller(&world, "amy", "amypass")));
    // Another role of the same name is another role.
    assert!(!may(&world, &caller(&world, "user", "password")));
}

#[test]
fn a_link_to_a_role_is_not_met_by_a_name_on_the_users_own_list() {
    let world = world();
    put_role(&world, "nurse", &role("nurse", "amy"));
    let settings = UserSettings {
        roles: vec!["nurse".into()],
        ..UserSettings::default()
    };
    world.put_user("bob", "bobpass", settings);
    world.allow(vec![Link::Role(role_id("nurse"))]);
    assert!(!may(&world, &caller(&world, "bob", "bobpass")));
}

#[test]
fn a_role_name_is_met_by_a_role_given_and_by_the_users_own_list() {
    let world = world();
    let settings = UserSettings {
        roles: vec!["porter".into(), "nurse".into()],
        ..UserSettings::default()
    };
    world.put_user("bob", "bobpass", settings);
    put_role(&world, "r1", &role("nurse", "amy"));
    let nurses = policy(Vec::new(), Some("nurse"), Rule::Allow);
    put_policy(&world, "p1", &nurses);
    assert!(may(&world, &caller(&world, "amy", "amypass")));
    assert!(may(&world, &caller(&world, "bob", "bobpass")));
    assert!(!may(&world, &caller(&world, "user", "password")));
    assert!(!may(&world, &client_caller(&world)));
}

#[test]
fn links_and_a_role_name_must_both_hold() {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    put_role(&world, "r2", &role("nurse", "user"));
    let draft = policy(of_user("amy"), Some("nurse"), Rule::Allow);
    put_policy(&world, "p1", &draft);
    assert!(may(&world, &caller(&world, "amy", "amypass")));
    assert!(!may(&world, &caller(&world, "user", "password")));
    let draft = policy(of_user("amy"), Some("porter"), Rule::Allow);
    put_policy(&world, "p1", &draft);
    assert!(!may(&world, &caller(&world, "amy", "amypass")));
}

#[test]
fn a_role_that_is_taken_away_no_longer_counts() {
    let world = world();
    let amy = caller(&world, "amy", "amypass");
    put_role(&world, "r1", &role("nurse", "amy"));
    put_policy(
        &world,
        "p1",
        &policy(Vec::new(), Some("nurse"), Rule::Allow),
    );
    assert!(may(&world, &amy));
    let operator = Caller::operator();
    world
        .server
        .remove(&operator, &role_id("r1"), Condition::Present)
        .unwrap();
    assert!(!may(&world, &amy));
}

#[test]
fn a_change_of_policies_is_seen_by_the_very_next_request() {
    let world = world();
    let user = caller(&world, "user", "password");
    assert!(!may(&world, &user));
    put_policy(&world, "p1", &policy(of_user("user"), None, Rule::Allow));
    assert!(may(&world, &user));
    put_policy(&world, "p1", &policy(of_user("amy"), None, Rule::Allow));
    assert!(!may(&world, &user));
}

#[test]
fn a_change_through_one_replica_is_seen_by_the_next_request_of_another() {
    let world = world();
    let user = caller(&world, "user", "password");
    let ports = world.server.ports().clone();
    let replica = AuthorizationServer::new(ports, world.server.policy().clone());
    world.allow(of_user("user"));
    assert!(lets(&replica, &user));
    put_policy(&world, "p1", &policy(Vec::new(), None, cedar("forbid")));
    assert!(!lets(&replica, &user));
}

#[test]
fn a_removed_policy_no_longer_permits() {
    let world = world();
    let user = caller(&world, "user", "password");
    world.allow(of_user("user"));
    assert!(may(&world, &user));
    remove_policy(&world, "allow");
    assert!(!may(&world, &user));
}

#[test]
fn a_removed_policy_no_longer_forbids() {
    let world = world();
    let user = caller(&world, "user", "password");
    world.allow(of_user("user"));
    put_policy(&world, "p1", &policy(Vec::new(), None, cedar("forbid")));
    assert!(!may(&world, &user));
    remove_policy(&world, "p1");
    assert!(may(&world, &user));
}

#[test]
fn policies_of_a_user_concern_it_through_every_client() {
    let world = world();
    world.allow(of_user("user"));
    assert!(may(&world, &caller(&world, "user", "password")));
    assert!(may(&world, &through_other(&world)));
}

#[test]
fn policies_of_one_user_give_nothing_to_another_through_the_same_client() {
    let world = world();
    world.allow(of_user("user"));
    let (user, amy) = (
        caller(&world, "user", "password"),
        caller(&world, "amy", "amypass"),
    );
    assert_eq!(user.client(), amy.client());
    assert!(may(&world, &user));
    assert!(!may(&world, &amy));
}

#[test]
fn policies_of_a_client_concern_what_is_done_through_it_and_through_no_other() {
    let world = world();
    world.allow(vec![Link::Client(client_id("other"))]);
    assert!(may(&world, &through_other(&world)));
    assert!(!may(&world, &caller(&world, "user", "password")));
}

#[test]
fn what_is_forbidden_to_a_client_is_forbidden_to_its_users() {
    let world = world();
    world.allow(of_user("user"));
    let others = vec![Link::Client(client_id("other"))];
    put_policy(&world, "p1", &policy(others, None, cedar("forbid")));
    assert!(!may(&world, &through_other(&world)));
    assert!(may(&world, &caller(&world, "user", "password")));
}

#[test]
fn a_user_and_a_client_of_one_id_are_two() {
    let world = world();
    world.put_user("backend", "password", UserSettings::default());
    let client = client_caller(&world);
    world.allow(of_user("backend"));
    assert!(may(&world, &caller(&world, "backend", "password")));
    assert!(!may(&world, &client));
}

#[test]
fn a_denial_is_remembered_with_who_wanted_it_and_from_where() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let call = Call {
        origin: Origin {
            address: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9))),
            user_agent: None,
            request_id: Some("request-1".into()),
        },
        facts: Document::default(),
    };
    let caller = world
        .server
        .identify(Some(&bearer(&answer)), &call)
        .unwrap();
    let seen = world.memory.events().len();
    refused(world.server.read(&caller, &policy_id("p1")));
    let events = world.memory.events().split_off(seen);
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event.kind, EventKind::AuthorizationDenied);
    assert_eq!(event.reason, Some(Reason::NotAllowed));
    assert_eq!(event.actor, Some(Subject::User(user_id("user"))));
    assert_eq!(
        event.target,
        Some((ResourceKind::AccessPolicy, "p1".into()))
    );
    assert_eq!(event.network, call.origin.network());
    assert_eq!(event.request_id.as_deref(), Some("request-1"));
}

#[test]
fn a_denial_that_is_answered_like_an_unknown_id_is_remembered_too() {
    let world = world();
    let user = caller(&world, "user", "password");
    let seen = world.memory.events().len();
    assert_eq!(world.server.read(&user, &user_id("amy")), Ok(Read::Absent));
    assert_eq!(events_since(&world, seen), [EventKind::AuthorizationDenied]);
    let event = world.memory.events().pop().unwrap();
    assert_eq!(event.user, Some(user_id("amy")));
}

#[test]
fn what_is_permitted_is_no_denial() {
    let world = world();
    let user = caller(&world, "user", "password");
    world.allow(of_user("user"));
    let seen = world.memory.events().len();
    assert!(may(&world, &user));
    assert!(world.server.read(&user, &user_id("user")).is_ok());
    assert!(events_since(&world, seen).is_empty());
}

#[test]
fn a_user_reads_itself_whatever_is_forbidden() {
    let world = world();
    let user = caller(&world, "user", "password");
    put_policy(&world, "p1", &policy(Vec::new(), None, cedar("forbid")));
    let own = world.server.read(&user, &user_id("user")).unwrap();
    assert_eq!(own.found().unwrap().id, user_id("user"));
}

#[test]
fn a_user_whom_a_policy_permits_searches_the_sessions_of_all() {
    let world = world();
    let user = caller(&world, "user", "password");
    world.log_in("amy", "amypass").unwrap();
    let found = |world: &World| {
        let request = SearchRequest {
            window: Window::first(100),
            ..SearchRequest::default()
        };
        let page = world.server.search_sessions(&user, request).unwrap();
        page.items.len()
    };
    assert_eq!(found(&world), 1);
    let searching = cedar("permit search:Session");
    put_policy(&world, "p1", &policy(of_user("user"), None, searching));
    assert_eq!(found(&world), 2);
}

#[test]
fn a_policy_that_cannot_be_understood_is_not_stored() {
    let world = world();
    let draft = policy(Vec::new(), None, cedar("nonsense"));
    let (operator, id) = (Caller::operator(), policy_id("p1"));
    let outcome = world.server.put(&operator, &id, &draft, Condition::Any);
    let Ok(PutOutcome::Invalid(violations)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(violations[0].path, "policy");
    assert_eq!(world.server.read(&operator, &id), Ok(Read::Absent));
}
