//! Revocation: what dies, and for whom.

use grantor_domain::origin::Origin;
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::{TokenKind, mint};
use grantor_testkit::world::{credentials, password_client};

use crate::ask::{
    from_client, introspect_as, lives, login, myapp, other, refresh_of, refused, world,
};

#[test]
fn either_token_takes_its_whole_session_along() {
    let world = world();
    let by_refresh = world.log_in("user", "password").unwrap();
    let by_access = world.log_in("user", "password").unwrap();
    let untouched = world.log_in("user", "password").unwrap();
    for token in [refresh_of(&by_refresh), by_access.access_token.clone()] {
        assert_eq!(
            world
                .server
                .revoke(Some(&myapp()), &token, &Origin::default()),
            Ok(())
        );
    }
    assert!(!lives(&world, &by_refresh) && !lives(&world, &by_access));
    assert_eq!(
        refused(world.refresh(&refresh_of(&by_access))),
        Reason::SessionClosed
    );
    assert!(lives(&world, &untouched));
}

#[test]
fn a_spent_refresh_token_still_names_its_session() {
    let world = world();
    let first = world.log_in("user", "password").unwrap();
    let second = world.refresh(&refresh_of(&first)).unwrap();
    assert_eq!(
        world
            .server
            .revoke(Some(&myapp()), &refresh_of(&first), &Origin::default()),
        Ok(())
    );
    assert!(!lives(&world, &second));
}

#[test]
fn unknown_and_revoked_tokens_are_revoked_already() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let tokens = [
        refresh_of(&answer),
        refresh_of(&answer),
        answer.access_token,
        mint(TokenKind::Access, &[1; 32]),
        TokenValue::new("nonsense".into()),
    ];
    for token in tokens {
        assert_eq!(
            world
                .server
                .revoke(Some(&myapp()), &token, &Origin::default()),
            Ok(())
        );
    }
}

#[test]
fn another_clients_token_is_refused_and_lives_on() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    for token in [answer.access_token.clone(), refresh_of(&answer)] {
        let reason = refused(
            world
                .server
                .revoke(Some(&other()), &token, &Origin::default()),
        );
        assert_eq!(reason, Reason::TokenOfAnotherClient);
        assert_eq!(reason.code(), ErrorCode::UnauthorizedClient);
    }
    assert!(lives(&world, &answer));
}

#[test]
fn the_client_must_prove_itself_if_it_can() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let token = refresh_of(&answer);
    let cases = [
        (None, Reason::MissingClient),
        (
            Some(credentials("myapp", None)),
            Reason::MissingClientSecret,
        ),
        (
            Some(credentials("myapp", Some("x"))),
            Reason::WrongClientSecret,
        ),
    ];
    for (shown, expected) in cases {
        let reason = refused(
            world
                .server
                .revoke(shown.as_ref(), &token, &Origin::default()),
        );
        assert_eq!(reason, expected);
    }
    assert!(lives(&world, &answer));
}

#[test]
fn a_public_client_revokes_by_its_id_alone() {
    let world = world();
    world.put_client("public", None, password_client());
    let request = from_client(login(), "public", None);
    let answer = world.server.token(&request).unwrap();
    let public = credentials("public", None);
    assert_eq!(
        world
            .server
            .revoke(Some(&public), &answer.access_token, &Origin::default()),
        Ok(())
    );
    let refresh = refresh_of(&answer);
    assert_eq!(introspect_as(&world, myapp(), &refresh), None);
    let again = grantor_testkit::World::request(crate::ask::refresh_grant(&refresh));
    let again = from_client(again, "public", None);
    assert_eq!(refused(world.server.token(&again)), Reason::SessionClosed);
}
