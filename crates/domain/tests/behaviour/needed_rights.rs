//! Which right each workflow needs: that one is enough, and all others are of no use.

use grantor_domain::access::{Interaction, Link};
use grantor_domain::audit::CountQuery;
use grantor_domain::caller::Caller;
use grantor_domain::clients::Client;
use grantor_domain::hour::Hours;
use grantor_domain::id::SessionId;
use grantor_domain::keys::Rotation;
use grantor_domain::ports::Registry;
use grantor_domain::reason::Reason;
use grantor_domain::resources::{HistoryQuery, ResourceKind, ResourceQuery};
use grantor_domain::revision::{Condition, Version};
use grantor_domain::roles::Role;
use grantor_domain::sessions::SearchRequest;
use grantor_domain::tokens::CallerCredentials;
use grantor_domain::window::Window;
use grantor_domain::{AuthorizationServer, Error};
use grantor_testkit::World;
use grantor_testkit::world::credentials;

use crate::ask::{
    cedar, client_caller, client_id, identify, introspect, of_user, policy, put_policy, put_role,
    refused, role, role_id, session_of, user_id, world,
};

type Act = fn(&World, &Caller) -> Result<(), Error>;

fn put_a_role(
    server: &AuthorizationServer,
    caller: &Caller,
    condition: Condition,
) -> Result<(), Error> {
    let draft = role("porter", "amy");
    let outcome = server.put(caller, &role_id("new"), &draft, condition);
    outcome.map(drop)
}

/// Every workflow, with the right it needs.
const NEEDED: [(Interaction, ResourceKind, Act); 20] = [
    (Interaction::Create, ResourceKind::Role, |world, caller| {
        put_a_role(&world.server, caller, Condition::Absent)
    }),
    (Interaction::Update, ResourceKind::Role, |world, caller| {
        put_a_role(&world.server, caller, Condition::Any)
    }),
    (Interaction::Update, ResourceKind::Role, |world, caller| {
        put_a_role(&world.server, caller, Condition::Present)
    }),
    (Interaction::Update, ResourceKind::Role, |world, caller| {
        put_a_role(&world.server, caller, Condition::Version(Version::FIRST))
    }),
    (Interaction::Read, ResourceKind::Role, |world, caller| {
        world.server.read(caller, &role_id("r1")).map(drop)
    }),
    (Interaction::Delete, ResourceKind::Role, |world, caller| {
        let removed = world.server.remove(caller, &role_id("r1"), Condition::Any);
        removed.map(drop)
    }),
    (Interaction::Search, ResourceKind::Role, |world, caller| {
        let query = ResourceQuery::all(Window::first(1));
        world.server.search::<Role>(caller, &query).map(drop)
    }),
    (Interaction::History, ResourceKind::Role, |world, caller| {
        let query = HistoryQuery::latest(&role_id("r1"));
        world.server.history(caller, &query).map(drop)
    }),
    (Interaction::History, ResourceKind::Role, |world, caller| {
        let id = role_id("r1");
        let version = world.server.read_version(caller, &id, Version::FIRST);
        version.map(drop)
    }),
    (
        Interaction::CloseSessions,
        ResourceKind::User,
        |world, caller| {
            let closed = world.server.close_sessions_of(caller, &user_id("amy"));
            closed.map(drop)
        },
    ),
    (
        Interaction::CloseSessions,
        ResourceKind::Client,
        |world, caller| {
            let id = client_id("other");
            world.server.close_sessions_of(caller, &id).map(drop)
        },
    ),
    (
        Interaction::Evaluate,
        ResourceKind::AccessPolicy,
        |world, caller| world.server.evaluator(caller).map(drop),
    ),
    (Interaction::Read, ResourceKind::Session, |world, caller| {
        let id = amys_session(world);
        world.server.read_session(caller, &id).map(drop)
    }),
    (
        Interaction::Delete,
        ResourceKind::Session,
        |world, caller| {
            let id = amys_session(world);
            world.server.close_session(caller, &id).map(drop)
        },
    ),
    (
        Interaction::Search,
        ResourceKind::Session,
        |world, caller| {
            let request = SearchRequest::default();
            world.server.search_sessions(caller, request).map(drop)
        },
    ),
    (
        Interaction::Search,
        ResourceKind::Session,
        |world, caller| {
            let hours = Hours::until_now(24);
            world.server.count_sessions(caller, hours).map(drop)
        },
    ),
    (
        Interaction::Search,
        ResourceKind::AuditEvent,
        |world, caller| {
            let query = CountQuery {
                kinds: Vec::new(),
                hours: Hours::until_now(24),
            };
            world.server.count_events(caller, &query).map(drop)
        },
    ),
    (
        Interaction::Search,
        ResourceKind::SigningKey,
        |world, caller| world.server.list_signing_keys(caller).map(drop),
    ),
    (
        Interaction::Create,
        ResourceKind::SigningKey,
        |world, caller| {
            let rotated = world.server.rotate_signing_keys(caller, Rotation::Planned);
            rotated.map(drop)
        },
    ),
    (
        Interaction::Delete,
        ResourceKind::SigningKey,
        |world, caller| world.server.retire_signing_key(caller, "key-1").map(drop),
    ),
];

fn amys_session(world: &World) -> SessionId {
    let answer = world.log_in("amy", "amypass").unwrap();
    session_of(world, &answer.access_token)
}

/// A world with a role, and a client whom these policies concern.
fn ruled_by(rules: &[String]) -> (World, Caller) {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    let caller = client_caller(&world);
    for (place, rule) in rules.iter().enumerate() {
        let links = vec![Link::Client(client_id("backend"))];
        let draft = policy(links, None, cedar(rule));
        put_policy(&world, &format!("p{place}"), &draft);
    }
    (world, caller)
}

#[test]
fn the_right_a_workflow_needs_is_enough() {
    for (interaction, kind, act) in NEEDED {
        let action = interaction.action(kind);
        let (world, caller) = ruled_by(&[format!("permit {action}")]);
        assert_eq!(act(&world, &caller), Ok(()), "{action}");
    }
}

#[test]
fn without_the_right_a_workflow_needs_all_others_are_of_no_use() {
    for (interaction, kind, act) in NEEDED {
        let action = interaction.action(kind);
        let (world, caller) = ruled_by(&["permit".into(), format!("forbid {action}")]);
        let reason = refused(act(&world, &caller));
        assert_eq!(reason, Reason::NotAllowed, "{action}");
    }
}

#[test]
fn a_bearer_introspects_every_token_with_that_right_alone() {
    let world = world();
    let users = world.log_in("user", "password").unwrap();
    let amys = world.log_in("amy", "amypass").unwrap();
    let shown = CallerCredentials::Bearer(users.access_token);
    let draft = |rule: &str| policy(of_user("user"), None, cedar(rule));
    put_policy(&world, "p1", &draft("permit read:Session"));
    let answer = introspect(&world, &shown, &amys.access_token);
    assert_eq!(refused(answer), Reason::NotAllowed);
    put_policy(&world, "p1", &draft("permit introspect:Session"));
    assert!(introspect(&world, &shown, &amys.access_token).is_ok());
}

#[test]
fn a_basic_client_that_is_switched_off_has_no_rights_left() {
    let (world, _) = ruled_by(&["permit".into()]);
    let mut settings = Registry::<Client>::find(&world.memory, &client_id("backend"))
        .unwrap()
        .unwrap()
        .settings;
    settings.active = false;
    world.put_client("backend", Some("backendsecret"), settings);
    let shown = CallerCredentials::Basic(credentials("backend", Some("backendsecret")));
    let answer = identify(&world, &shown);
    assert_eq!(refused(answer), Reason::ClientDisabled);
}
