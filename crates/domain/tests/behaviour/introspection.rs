//! Introspection: who learns what.

use grantor_domain::caller::Call;
use grantor_domain::clients::{ClientSettings, PasswordSettings};
use grantor_domain::grants::GrantType;
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::{CallerCredentials, Introspection, TokenKind, mint};
use grantor_domain::users::UserSettings;
use grantor_testkit::world::{credentials, password_client};

use crate::ask::{
    active, administrator, advance, bearer, identify, introspect, introspect_as, is_active, myapp,
    other, refresh_of, refused, with_password, world,
};

#[test]
fn a_client_learns_all_about_its_own_token() {
    let world = world();
    let named = UserSettings {
        user_name: Some("neo".into()),
        ..UserSettings::default()
    };
    world.put_user("u1", "secret", named);
    let answer = world.log_in("neo", "secret").unwrap();
    let access = active(&world, &answer.access_token).unwrap();
    assert_eq!((access.kind, access.subject()), (TokenKind::Access, "u1"));
    assert_eq!(access.username.as_deref(), Some("neo"));
    assert_eq!(access.expires.since(access.issued).as_seconds(), 3600);
    let refresh = active(&world, &refresh_of(&answer)).unwrap();
    assert_eq!(
        (refresh.kind, refresh.subject()),
        (TokenKind::Refresh, "u1")
    );
    assert_eq!(
        refresh.expires.since(refresh.issued).as_seconds(),
        30 * 86_400
    );
}

#[test]
fn a_client_learns_nothing_of_anothers_token() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    assert_eq!(introspect_as(&world, other(), &answer.access_token), None);
    assert_eq!(introspect_as(&world, other(), &refresh_of(&answer)), None);
}

#[test]
fn a_client_learns_of_tokens_meant_for_it() {
    let world = world();
    let settings = with_password(PasswordSettings {
        audience: vec!["other".into()],
        ..PasswordSettings::default()
    });
    world.put_client("myapp", Some("verysecret"), settings);
    let answer = world.log_in("user", "password").unwrap();
    assert!(introspect_as(&world, other(), &answer.access_token).is_some());
}

#[test]
fn introspect_any_learns_of_every_token() {
    let world = world();
    let settings = ClientSettings {
        introspect_any: true,
        ..ClientSettings::default()
    };
    world.put_client("api", Some("apisecret"), settings);
    let answer = world.log_in("user", "password").unwrap();
    let api = credentials("api", Some("apisecret"));
    assert!(introspect_as(&world, api, &answer.access_token).is_some());
}

#[test]
fn an_administrators_bearer_learns_of_every_token_and_a_users_of_none() {
    let world = world();
    administrator(&world);
    let admins = world.log_in("admin", "adminpass").unwrap();
    let users = world.log_in("user", "password").unwrap();
    let answer = introspect(&world, &bearer(&admins), &users.access_token);
    assert!(matches!(answer, Ok(Introspection::Active(_))));
    let answer = introspect(&world, &bearer(&users), &admins.access_token);
    assert_eq!(refused(answer), Reason::NotAllowed);
}

#[test]
fn an_asker_that_does_not_prove_itself_is_refused() {
    let world = world();
    world.put_client("public", None, password_client());
    let answer = world.log_in("user", "password").unwrap();
    let ask = |shown: Option<CallerCredentials>| {
        refused(
            world
                .server
                .introspect(shown.as_ref(), &answer.access_token, &Call::default()),
        )
    };
    let basic = |id, secret| Some(CallerCredentials::Basic(credentials(id, secret)));
    assert_eq!(ask(None), Reason::MissingClient);
    assert_eq!(ask(basic("public", None)), Reason::MissingClientSecret);
    assert_eq!(
        ask(basic("myapp", Some("wrong"))),
        Reason::WrongClientSecret
    );
    let nonsense = CallerCredentials::Bearer(TokenValue::new("x".into()));
    let reason = ask(Some(nonsense));
    assert_eq!(
        (reason, reason.code()),
        (Reason::InvalidBearerToken, ErrorCode::InvalidToken)
    );
}

#[test]
fn dead_unknown_and_malformed_tokens_are_inactive() {
    let world = world();
    let expired = world.log_in("user", "password").unwrap();
    advance(&world, 31 * 86_400);
    let spent = world.log_in("user", "password").unwrap();
    let live = world.refresh(&refresh_of(&spent)).unwrap();
    let closed = world.log_in("user", "password").unwrap();
    world
        .server
        .close_own_session(&closed.access_token)
        .unwrap();
    let dead = [
        refresh_of(&expired),
        expired.access_token,
        refresh_of(&spent),
        spent.access_token,
        refresh_of(&closed),
        closed.access_token,
        mint(TokenKind::Access, &[1; 32]),
        mint(TokenKind::Refresh, &[1; 32]),
        TokenValue::new("nonsense".into()),
    ];
    for token in dead {
        assert!(!is_active(&world, &token), "{}", token.expose());
    }
    assert!(is_active(&world, &live.access_token));
}

#[test]
fn introspecting_the_previous_refresh_token_does_not_spend_it() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    world.refresh(&refresh_of(&first)).unwrap();
    assert!(!is_active(&world, &refresh_of(&first)));
    assert!(world.refresh(&refresh_of(&first)).is_ok());
}

#[test]
fn basic_callers_prove_themselves_and_need_the_grant_type() {
    let world = world();
    let lenient = with_password(PasswordSettings {
        secret_required: Some(false),
        ..PasswordSettings::default()
    });
    let lenient = ClientSettings {
        grant_types: vec![GrantType::Basic],
        ..lenient
    };
    world.put_client("lenient", Some("s3cret"), lenient);
    let identify = |shown| identify(&world, &CallerCredentials::Basic(shown));
    let named = refused(identify(credentials("lenient", None)));
    assert_eq!(named, Reason::ConfidentialClientRequired);
    assert!(identify(credentials("lenient", Some("s3cret"))).is_ok());
    assert_eq!(refused(identify(myapp())), Reason::GrantTypeNotAllowed);
    assert_eq!(
        refused(world.server.identify(None, &Call::default())),
        Reason::MissingCredentials
    );
}

#[test]
fn a_refresh_token_is_no_bearer_token() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let shown = CallerCredentials::Bearer(refresh_of(&answer));
    assert_eq!(
        refused(identify(&world, &shown)),
        Reason::InvalidBearerToken
    );
}
