//! Who may call what on the administrative side: an administrator everything, a user itself, a client without rights nothing.

use grantor_domain::access::{Link, Rule};
use grantor_domain::bundle::{BundleEntry, BundleMode, BundleOutcome, Entry, EntryRefusal};
use grantor_domain::caller::{Caller, Subject};
use grantor_domain::clients::{ClientDraft, ClientSettings, SecretChange};
use grantor_domain::event::EventKind;
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::resources::{HistoryQuery, Read, ResourceQuery};
use grantor_domain::revision::{Condition, Version};
use grantor_domain::sessions::SearchRequest;
use grantor_domain::tokens::CallerCredentials;
use grantor_domain::users::{PasswordChange, User, UserDraft, UserSettings};
use grantor_domain::window::Window;
use grantor_domain::{AuthorizationServer, Error};
use grantor_testkit::World;
use grantor_testkit::world::credentials;

use crate::ask::{
    administers, administrator, bearer, caller, client_caller, client_id, events_since, identify,
    lives, policy, policy_id, refused, role, role_id, session_of, user_id, world,
};

type Act = fn(&AuthorizationServer, &Caller) -> Result<(), Error>;

/// Every workflow that nobody may start without a policy.
const ADMINISTRATION: [(&str, Act); 15] = [
    ("put a client", |server, caller| {
        let settings = ClientSettings::default();
        let draft = ClientDraft::new(settings, SecretChange::Keep);
        let id = client_id("new");
        let put = server.put(caller, &id, &draft, Condition::Any);
        put.map(drop)
    }),
    ("read a client", |server, caller| {
        server.read(caller, &client_id("myapp")).map(drop)
    }),
    ("put a user", |server, caller| {
        let draft = UserDraft {
            settings: UserSettings::default(),
            password: PasswordChange::Keep,
        };
        let id = user_id("user");
        let put = server.put(caller, &id, &draft, Condition::Any);
        put.map(drop)
    }),
    ("put a role", |server, caller| {
        let (id, draft) = (role_id("r1"), role("nurse", "amy"));
        let put = server.put(caller, &id, &draft, Condition::Any);
        put.map(drop)
    }),
    ("put a policy", |server, caller| {
        let links = vec![Link::Role(role_id("r1"))];
        let (id, draft) = (policy_id("p1"), policy(links, None, Rule::Allow));
        let put = server.put(caller, &id, &draft, Condition::Any);
        put.map(drop)
    }),
    ("search", |server, caller| {
        let query = ResourceQuery::all(Window::first(1));
        server.search::<User>(caller, &query).map(drop)
    }),
    ("history", |server, caller| {
        let query = HistoryQuery::latest(&user_id("user"));
        server.history(caller, &query).map(drop)
    }),
    ("read a version", |server, caller| {
        let version = server.read_version(caller, &user_id("user"), Version::FIRST);
        version.map(drop)
    }),
    ("evaluate", |server, caller| {
        server.evaluator(caller).map(drop)
    }),
    ("close_sessions_of_user", |server, caller| {
        server.close_sessions_of(caller, &user_id("user")).map(drop)
    }),
    ("close_sessions_of_client", |server, caller| {
        server
            .close_sessions_of(caller, &client_id("myapp"))
            .map(drop)
    }),
    ("apply_bundle", |server, caller| {
        let entry = BundleEntry::Role(Box::new(Entry {
            id: role_id("r2"),
            draft: Some(role("nurse", "amy")),
            condition: Condition::Any,
        }));
        match server.apply_bundle(caller, &[entry], BundleMode::Transaction)? {
            BundleOutcome::Applied(_) => Ok(()),
            BundleOutcome::Refused(0, EntryRefusal::NotAllowed) => Err(Reason::NotAllowed.into()),
            BundleOutcome::Refused(place, refusal) => panic!("entry {place}: {refusal:?}"),
        }
    }),
    ("remove a role", |server, caller| {
        server
            .remove(caller, &role_id("r1"), Condition::Any)
            .map(drop)
    }),
    ("remove a user", |server, caller| {
        server
            .remove(caller, &user_id("user"), Condition::Any)
            .map(drop)
    }),
    ("remove a client", |server, caller| {
        server
            .remove(caller, &client_id("myapp"), Condition::Any)
            .map(drop)
    }),
];

#[test]
fn an_administrator_may_do_all() {
    let world = world();
    let administrator = administrator(&world);
    for (name, act) in ADMINISTRATION {
        assert_eq!(act(&world.server, &administrator), Ok(()), "{name}");
    }
}

#[test]
fn users_and_clients_may_administer_nothing_and_nothing_happens() {
    let world = world();
    let callers = [caller(&world, "user", "password"), client_caller(&world)];
    let seen = world.memory.events().len();
    for caller in &callers {
        for (name, act) in ADMINISTRATION {
            let reason = refused(act(&world.server, caller));
            assert_eq!(reason, Reason::NotAllowed, "{name}");
            assert_eq!(reason.code(), ErrorCode::AccessDenied);
        }
    }
    // Each refusal is remembered; nothing else is, for nothing else happened.
    let kinds = events_since(&world, seen);
    assert_eq!(kinds.len(), callers.len() * ADMINISTRATION.len());
    assert!(
        kinds
            .iter()
            .all(|kind| *kind == EventKind::AuthorizationDenied)
    );
}

#[test]
fn a_user_reads_itself_and_sees_nobody_else() {
    let world = world();
    let user = caller(&world, "user", "password");
    let own = world.server.read(&user, &user_id("user")).unwrap();
    assert_eq!(own.found().unwrap().id, user_id("user"));
    for id in ["amy", "nobody"] {
        assert_eq!(world.server.read(&user, &user_id(id)), Ok(Read::Absent));
    }
    assert_eq!(world.server.own_user(&user).unwrap().id, user_id("user"));
}

#[test]
fn an_administrator_reads_every_user() {
    let world = world();
    let administrator = administrator(&world);
    let amy = world.server.read(&administrator, &user_id("amy")).unwrap();
    assert_eq!(amy.found().unwrap().id, user_id("amy"));
    assert_eq!(
        world.server.own_user(&administrator).unwrap().id,
        user_id("admin")
    );
}

#[test]
fn a_client_without_rights_reads_no_user_and_is_none() {
    let world = world();
    let client = client_caller(&world);
    let read = world.server.read(&client, &user_id("user"));
    assert_eq!(refused(read), Reason::NotAllowed);
    assert_eq!(refused(world.server.own_user(&client)), Reason::NotAllowed);
}

#[test]
fn a_user_reads_and_closes_its_own_sessions_only() {
    let world = world();
    let user = caller(&world, "user", "password");
    let own = world.log_in("user", "password").unwrap();
    let amys = world.log_in("amy", "amypass").unwrap();
    let (own_id, amys_id) = (
        session_of(&world, &own.access_token),
        session_of(&world, &amys.access_token),
    );
    assert!(world.server.read_session(&user, &own_id).unwrap().is_some());
    assert_eq!(world.server.read_session(&user, &amys_id), Ok(None));
    assert_eq!(world.server.close_session(&user, &amys_id), Ok(None));
    assert!(lives(&world, &amys));
    assert!(
        world
            .server
            .close_session(&user, &own_id)
            .unwrap()
            .is_some()
    );
    assert!(!lives(&world, &own));
}

#[test]
fn an_administrator_closes_any_session() {
    let world = world();
    let administrator = administrator(&world);
    let amys = world.log_in("amy", "amypass").unwrap();
    let id = session_of(&world, &amys.access_token);
    assert!(
        world
            .server
            .close_session(&administrator, &id)
            .unwrap()
            .is_some()
    );
    assert!(!lives(&world, &amys));
}

#[test]
fn a_client_without_rights_sees_no_sessions() {
    let world = world();
    let client = client_caller(&world);
    let answer = world.log_in("user", "password").unwrap();
    let id = session_of(&world, &answer.access_token);
    assert_eq!(
        refused(world.server.read_session(&client, &id)),
        Reason::NotAllowed
    );
    assert_eq!(
        refused(world.server.close_session(&client, &id)),
        Reason::NotAllowed
    );
    let search = world
        .server
        .search_sessions(&client, SearchRequest::default());
    assert_eq!(refused(search), Reason::NotAllowed);
    assert!(lives(&world, &answer));
}

#[test]
fn the_root_client_administers_by_secret_and_by_token() {
    let world = world();
    administrator(&world);
    let root = || credentials("root", Some("rootsecret"));
    let basic = CallerCredentials::Basic(root());
    assert!(administers(&world, &identify(&world, &basic).unwrap()));
    let mut request = World::request(grantor_domain::grants::Grant::ClientCredentials);
    request.client = Some(root());
    let answer = world.server.token(&request).unwrap();
    let by_token = identify(&world, &bearer(&answer)).unwrap();
    assert!(administers(&world, &by_token));
    assert_eq!(by_token.subject(), &Subject::Client(client_id("root")));
}

#[test]
fn rights_of_a_user_are_the_users_whatever_its_client_may() {
    let world = world();
    administrator(&world);
    let caller = caller(&world, "user", "password");
    assert!(!administers(&world, &caller));
    assert_eq!(caller.user(), Some(&user_id("user")));
    assert!(caller.session().is_some());
}
