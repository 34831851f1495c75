//! `grant_type=refresh_token`: rotation, lost replies, reuse, and strangers.

use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::{TokenKind, mint};
use grantor_testkit::World;

use crate::ask::{
    active, from_client, is_active, lives, refresh_grant, refresh_of, refused, world,
};

#[test]
fn a_refresh_replaces_both_tokens() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    assert!(!lives(&world, &first));
    assert!(lives(&world, &second));
}

#[test]
fn subject_scope_audience_and_session_survive() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let before = active(&world, &first.access_token).unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    let after = active(&world, &second.access_token).unwrap();
    assert_eq!(after.subject(), before.subject());
    assert_eq!(after.scope, before.scope);
    assert_eq!(after.session.audience, before.session.audience);
    assert_eq!(after.session.id, before.session.id);
    assert_ne!(after.session.access.id, before.session.access.id);
    assert!(second.userinfo.is_none());
}

#[test]
fn a_lost_reply_is_recovered_as_often_as_needed() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let lost = world.refresh(&refresh_of(&first)).unwrap();
    let lost_again = world.refresh(&refresh_of(&first)).unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    assert!(!is_active(&world, &lost.access_token));
    assert!(!is_active(&world, &lost_again.access_token));
    assert!(lives(&world, &second));
}

#[test]
fn an_unused_successor_that_died_betrays_its_holder() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let lost = world.refresh(&refresh_of(&first)).unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    let reason = refused(world.refresh(&refresh_of(&lost)));
    assert_eq!(reason, Reason::RefreshTokenReused);
    assert!(!lives(&world, &second));
}

#[test]
fn replay_after_the_new_access_token_was_used_closes_the_session() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    assert!(is_active(&world, &second.access_token));
    let reason = refused(world.refresh(&refresh_of(&first)));
    assert_eq!(reason, Reason::RefreshTokenReused);
    assert_eq!(reason.code(), ErrorCode::InvalidGrant);
    assert!(!lives(&world, &second));
}

#[test]
fn replay_after_the_new_refresh_token_was_used_closes_the_session() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    let third = world.refresh(&refresh_of(&second)).unwrap();
    assert_eq!(
        refused(world.refresh(&refresh_of(&first))),
        Reason::RefreshTokenReused
    );
    assert!(!lives(&world, &third));
    assert_eq!(
        refused(world.refresh(&refresh_of(&third))),
        Reason::SessionClosed
    );
}

#[test]
fn reuse_closes_that_session_and_no_other() {
    let world = world();
    let stolen = world.log_in("user", "password").unwrap();
    let same_user = world.log_in("user", "password").unwrap();
    let other_user = world.log_in("amy", "amypass").unwrap();
    let next = world.refresh(&refresh_of(&stolen)).unwrap();
    assert!(lives(&world, &next));
    assert_eq!(
        refused(world.refresh(&refresh_of(&stolen))),
        Reason::RefreshTokenReused
    );
    assert!(!lives(&world, &next));
    assert!(lives(&world, &same_user));
    assert!(lives(&world, &other_user));
}

#[test]
fn another_clients_attempt_neither_works_nor_burns_the_token() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    for token in [refresh_of(&first), refresh_of(&second)] {
        let stolen = World::request(refresh_grant(&token));
        let stolen = from_client(stolen, "other", Some("othersecret"));
        let reason = refused(world.server.token(&stolen));
        assert_eq!(reason, Reason::RefreshTokenOfAnotherClient);
        assert_eq!(reason.code(), ErrorCode::InvalidGrant);
    }
    assert!(lives(&world, &second));
    assert!(world.refresh(&refresh_of(&second)).is_ok());
}

#[test]
fn dead_foreign_tampered_and_mistyped_tokens_look_alike() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let closed = world.log_in("user", "password").unwrap();
    world
        .server
        .close_own_session(&closed.access_token)
        .unwrap();
    let mut tampered = refresh_of(&answer).expose().to_owned();
    tampered.pop();
    let tokens = [
        refresh_of(&closed),
        mint(TokenKind::Refresh, &[9; 32]),
        TokenValue::new(tampered),
        answer.access_token.clone(),
        TokenValue::new(String::new()),
        TokenValue::new("rt+jwt.x.unsigned".into()),
    ];
    for token in tokens {
        let reason = refused(world.refresh(&token));
        assert_eq!(reason.code(), ErrorCode::InvalidGrant, "{reason:?}");
        assert_eq!(reason.description(), "The refresh token is not valid");
    }
    assert!(lives(&world, &answer));
}

#[test]
fn a_jwt_of_another_issuer_is_not_looked_at() {
    let world = world();
    let settings = grantor_domain::clients::PasswordSettings {
        refresh_token: true,
        refresh_token_format: grantor_domain::tokens::TokenFormat::Jwt,
        ..grantor_domain::clients::PasswordSettings::default()
    };
    world.put_client(
        "myapp",
        Some("verysecret"),
        crate::ask::with_password(settings),
    );
    let answer = world.log_in("user", "password").unwrap();
    let ours = refresh_of(&answer);
    let foreign = TokenValue::new(ours.expose().replace("auth", "evil"));
    assert_eq!(
        refused(world.refresh(&foreign)),
        Reason::UnknownRefreshToken
    );
    let altered = TokenValue::new(ours.expose().replace("|user|", "|amy|"));
    assert_eq!(
        refused(world.refresh(&altered)),
        Reason::UnknownRefreshToken
    );
    assert!(world.refresh(&ours).is_ok());
}

#[test]
fn a_public_client_refreshes_by_its_id_alone() {
    let world = world();
    world.put_client("public", None, grantor_testkit::world::password_client());
    let first = from_client(crate::ask::login(), "public", None);
    let first = world.server.token(&first).unwrap();
    let refresh = World::request(refresh_grant(&refresh_of(&first)));
    assert!(
        world
            .server
            .token(&from_client(refresh, "public", None))
            .is_ok()
    );
}

#[test]
fn a_bearer_request_is_a_use_of_the_new_pair() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    let shown = crate::ask::bearer(&second);
    crate::ask::identify(&world, &shown).unwrap();
    let reason = refused(world.refresh(&refresh_of(&first)));
    assert_eq!(reason, Reason::RefreshTokenReused);
}

#[test]
fn a_stranger_who_introspects_the_new_access_token_betrays_that_it_left_our_hands() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    let shown = crate::ask::other();
    let learned = crate::ask::introspect_as(&world, shown, &second.access_token);
    assert_eq!(learned, None);
    let reason = refused(world.refresh(&refresh_of(&first)));
    assert_eq!(reason, Reason::RefreshTokenReused);
}
