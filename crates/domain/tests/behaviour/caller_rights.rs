//! Who may call what on the administrative side: an administrator everything, a user itself, a client without rights nothing.

use grantor_domain::bundle::BundleOutcome;
use grantor_domain::caller::{Caller, Subject};
use grantor_domain::clients::{ClientDraft, ClientSettings, SecretChange};
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::revision::Condition;
use grantor_domain::sessions::SearchRequest;
use grantor_domain::tokens::CallerCredentials;
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_domain::{AuthorizationServer, Error};
use grantor_testkit::World;
use grantor_testkit::world::credentials;

use crate::ask::{
    administrator, bearer, caller, client_caller, client_id, lives, refused, session_of, user_id,
    world,
};

type Act = fn(&AuthorizationServer, &Caller) -> Result<(), Error>;

/// Every workflow that only administrators may start.
const ADMINISTRATION: [(&str, Act); 8] = [
    ("put_client", |server, caller| {
        let settings = ClientSettings::default();
        let draft = ClientDraft {
            settings,
            secret: SecretChange::Keep,
        };
        server
            .put_client(caller, &client_id("new"), &draft, Condition::Any)
            .map(|_| ())
    }),
    ("read_client", |server, caller| {
        server.read_client(caller, &client_id("myapp")).map(|_| ())
    }),
    ("put_user", |server, caller| {
        let draft = UserDraft {
            settings: UserSettings::default(),
            password: PasswordChange::Keep,
        };
        server
            .put_user(caller, &user_id("user"), &draft, Condition::Any)
            .map(|_| ())
    }),
    ("close_sessions_of_user", |server, caller| {
        server
            .close_sessions_of_user(caller, &user_id("user"))
            .map(|_| ())
    }),
    ("close_sessions_of_client", |server, caller| {
        server
            .close_sessions_of_client(caller, &client_id("myapp"))
            .map(|_| ())
    }),
    ("apply_bundle", |server, caller| {
        server.apply_bundle(caller, &[]).map(|outcome| {
            assert_eq!(outcome, BundleOutcome::Applied(0));
        })
    }),
    ("remove_user", |server, caller| {
        server
            .remove_user(caller, &user_id("user"), Condition::Any)
            .map(|_| ())
    }),
    ("remove_client", |server, caller| {
        server
            .remove_client(caller, &client_id("myapp"), Condition::Any)
            .map(|_| ())
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
    assert_eq!(world.memory.events().len(), seen);
}

#[test]
fn a_user_reads_itself_and_sees_nobody_else() {
    let world = world();
    let user = caller(&world, "user", "password");
    let own = world.server.read_user(&user, &user_id("user")).unwrap();
    assert_eq!(own.unwrap().id, user_id("user"));
    assert_eq!(world.server.read_user(&user, &user_id("amy")), Ok(None));
    assert_eq!(world.server.read_user(&user, &user_id("nobody")), Ok(None));
    assert_eq!(world.server.own_user(&user).unwrap().id, user_id("user"));
}

#[test]
fn an_administrator_reads_every_user() {
    let world = world();
    let administrator = administrator(&world);
    let amy = world
        .server
        .read_user(&administrator, &user_id("amy"))
        .unwrap();
    assert_eq!(amy.unwrap().id, user_id("amy"));
    assert_eq!(
        world.server.own_user(&administrator).unwrap().id,
        user_id("admin")
    );
}

#[test]
fn a_client_without_rights_reads_no_user_and_is_none() {
    let world = world();
    let client = client_caller(&world);
    let read = world.server.read_user(&client, &user_id("user"));
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
    assert!(
        world
            .server
            .identify(Some(&basic))
            .unwrap()
            .is_administrator()
    );
    let mut request = World::request(grantor_domain::grants::Grant::ClientCredentials);
    request.client = Some(root());
    let answer = world.server.token(&request).unwrap();
    let by_token = world.server.identify(Some(&bearer(&answer))).unwrap();
    assert!(by_token.is_administrator());
    assert_eq!(by_token.subject(), &Subject::Client(client_id("root")));
}

#[test]
fn rights_of_a_user_are_the_users_whatever_its_client_may() {
    let world = world();
    administrator(&world);
    let caller = caller(&world, "user", "password");
    assert!(!caller.is_administrator());
    assert_eq!(caller.user(), Some(&user_id("user")));
    assert!(caller.session().is_some());
}
