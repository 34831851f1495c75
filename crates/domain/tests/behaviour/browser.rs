//! Signing in with a browser, going on, and out again.

use grantor_domain::browser::{CONSOLE_CLIENT, SignIn, SignedIn};
use grantor_domain::caller::{Call, Caller};
use grantor_domain::clients::{ClientDraft, ClientSettings, SecretChange};
use grantor_domain::error::Error;
use grantor_domain::id::ClientId;
use grantor_domain::origin::Origin;
use grantor_domain::ports::Clock as _;
use grantor_domain::reason::Reason;
use grantor_domain::secret::{Password, TokenValue};
use grantor_domain::sessions::{SessionState, SessionType};
use grantor_domain::time::Lifetime;
use grantor_domain::tokens::CallerCredentials;
use grantor_testkit::World;

use crate::ask::{advance, client_id, refused, user_id, world};

fn sign_in(world: &World, password: &str, before: Option<&TokenValue>) -> Result<SignedIn, Error> {
    world.server.sign_in(&SignIn {
        username: "user",
        password: &Password::new(password.to_owned()),
        origin: &Origin::default(),
        before,
    })
}

fn signed_in(world: &World) -> SignedIn {
    sign_in(world, "password", None).unwrap()
}

fn who(world: &World, token: &TokenValue) -> Result<Caller, Error> {
    let shown = CallerCredentials::Browser(token.clone());
    world.server.identify(Some(&shown), &Call::default())
}

fn lives(world: &World, signed_in: &SignedIn) -> bool {
    match who(world, &signed_in.token) {
        Ok(_) => true,
        Err(Error::Refused(Reason::InvalidBearerToken)) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_signs_in_is_the_user_through_the_consoles_client() {
    let world = world();
    let signed_in = signed_in(&world);
    let caller = who(&world, &signed_in.token).unwrap();
    assert_eq!(caller.user(), Some(&user_id("user")));
    assert_eq!(caller.client(), Some(&client_id(CONSOLE_CLIENT)));
    assert_eq!(caller.session(), Some(&signed_in.session.id));
    assert_eq!(signed_in.session.kind, SessionType::Console);
}

#[test]
fn a_wrong_password_signs_nobody_in() {
    let world = world();
    let refusal = refused(sign_in(&world, "wrong", None));
    assert_eq!(refusal, Reason::WrongPassword);
}

#[test]
fn what_the_browser_held_before_is_dead() {
    let world = world();
    let before = signed_in(&world);
    let after = sign_in(&world, "password", Some(&before.token)).unwrap();
    assert!(!lives(&world, &before) && lives(&world, &after));
}

#[test]
fn a_failed_attempt_leaves_what_the_browser_held() {
    let world = world();
    let before = signed_in(&world);
    refused(sign_in(&world, "wrong", Some(&before.token)));
    assert!(lives(&world, &before));
}

#[test]
fn signing_out_ends_the_session() {
    let world = world();
    let (one, another) = (signed_in(&world), signed_in(&world));
    world
        .server
        .sign_out(&one.token, &Origin::default())
        .unwrap();
    assert!(!lives(&world, &one) && lives(&world, &another));
    world
        .server
        .sign_out(&one.token, &Origin::default())
        .unwrap();
}

#[test]
fn an_idle_session_ends() {
    let world = world();
    let signed_in = signed_in(&world);
    advance(&world, 30 * 60 - 1);
    assert!(lives(&world, &signed_in));
    advance(&world, 30 * 60 - 1);
    assert!(lives(&world, &signed_in), "its use has put the end off");
    advance(&world, 30 * 60);
    assert!(!lives(&world, &signed_in));
}

#[test]
fn a_session_in_use_ends_all_the_same() {
    let world = world();
    let signed_in = signed_in(&world);
    for _ in 0..12 * 4 - 1 {
        advance(&world, 15 * 60);
        assert!(lives(&world, &signed_in));
    }
    advance(&world, 15 * 60);
    assert!(!lives(&world, &signed_in));
}

#[test]
fn a_request_within_a_minute_writes_nothing() {
    let world = world();
    let signed_in = signed_in(&world);
    let ends = |world: &World| {
        let id = &signed_in.session.id;
        let operator = Caller::operator();
        let found = world.server.read_session(&operator, id).unwrap().unwrap();
        found.session.access.expires
    };
    let first = ends(&world);
    advance(&world, 59);
    assert!(lives(&world, &signed_in));
    assert_eq!(ends(&world), first);
    advance(&world, 1);
    assert!(lives(&world, &signed_in));
    assert_eq!(ends(&world), first.plus(Lifetime::from_seconds(60)));
}

#[test]
fn what_a_browser_holds_is_no_bearer_token_and_no_access_token_is_a_browsers() {
    let world = world();
    let cookie = signed_in(&world).token;
    let shown = CallerCredentials::Bearer(cookie);
    let refusal = refused(world.server.identify(Some(&shown), &Call::default()));
    assert_eq!(refusal, Reason::InvalidBearerToken);
    let token = world.log_in("user", "password").unwrap().access_token;
    assert_eq!(refused(who(&world, &token)), Reason::InvalidBearerToken);
}

#[test]
fn a_new_epoch_of_the_user_ends_it() {
    let world = world();
    let signed_in = signed_in(&world);
    let operator = Caller::operator();
    world
        .server
        .close_sessions_of(&operator, &user_id("user"))
        .unwrap();
    assert!(!lives(&world, &signed_in));
}

#[test]
fn signing_in_can_be_switched_off() {
    let world = world();
    let before = signed_in(&world);
    let off = ClientSettings {
        active: false,
        ..ClientSettings::default()
    };
    world.put(
        &ClientId::from_row(CONSOLE_CLIENT.to_owned()),
        &ClientDraft::new(off, SecretChange::Keep),
    );
    assert_eq!(
        refused(sign_in(&world, "password", None)),
        Reason::ClientDisabled
    );
    assert!(!lives(&world, &before));
}

#[test]
fn a_closed_session_says_when() {
    let world = world();
    let signed_in = signed_in(&world);
    world
        .server
        .sign_out(&signed_in.token, &Origin::default())
        .unwrap();
    let found = world
        .server
        .read_session(&Caller::operator(), &signed_in.session.id)
        .unwrap()
        .unwrap();
    let at = world.clock.now();
    assert_eq!(found.session.state, SessionState::Closed { at });
}
