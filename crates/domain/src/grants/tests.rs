//! The phases of a token request, and their order.

use mockall::Sequence;

use crate::Reason;
use crate::clients::{Client, ClientSettings, PasswordSettings};
use crate::event::EventKind;
use crate::mocked::{Mocked, away, client, fault, password_request, refused, user};
use crate::ports::PasswordCheck;
use crate::scope::Scope;
use crate::secret::TokenValue;
use crate::tokens::TokenFormat;

const RIGHT: PasswordCheck = PasswordCheck::Right { outdated: false };

fn right_login(client: Client) -> Mocked {
    let mut mocked = Mocked::new()
        .knows_client(client)
        .knows_user(Some(user()))
        .has_budget();
    mocked.throttle.expect_refund().returning(|_, _| Ok(()));
    mocked
        .familiar
        .expect_remember()
        .returning(|_, _, _| Ok(()));
    mocked.hasher.expect_verify().returning(|_, _| Ok(RIGHT));
    mocked
}

fn jwt_client() -> Client {
    let settings = client().settings;
    Client {
        settings: ClientSettings {
            password: PasswordSettings {
                token_format: TokenFormat::Jwt,
                refresh_token_format: TokenFormat::Jwt,
                ..settings.password
            },
            ..settings
        },
        ..client()
    }
}

#[test]
fn signing_comes_before_the_commit() {
    let mut mocked = right_login(jwt_client());
    let mut order = Sequence::new();
    mocked
        .signer
        .expect_sign()
        .times(2)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(TokenValue::new("signed".into())));
    mocked
        .sessions
        .expect_open()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn no_session_is_opened_when_nothing_can_sign() {
    let mut mocked = right_login(jwt_client());
    mocked.signer.expect_sign().returning(|_, _| Err(away()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert_eq!(fault(answer), away());
}

#[test]
fn a_store_that_does_not_open_is_a_fault_and_no_token_leaves() {
    let mut mocked = right_login(client());
    mocked.sessions.expect_open().returning(|_, _| Err(away()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert_eq!(fault(answer), away());
}

#[test]
fn a_registry_that_is_away_is_a_fault() {
    let mut mocked = Mocked::new();
    mocked.clients.expect_find().returning(|_| Err(away()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert_eq!(fault(answer), away());
}

#[test]
fn nothing_is_hashed_or_opened_for_a_client_that_did_not_prove_itself() {
    let mocked = Mocked::new().knows_client(client()).logs(1);
    let mut request = password_request("user", "password");
    if let Some(shown) = &mut request.client {
        shown.secret = None;
    }
    let reason = refused(mocked.server().token(&request));
    assert_eq!(reason, Reason::MissingClientSecret);
}

#[test]
fn nothing_is_hashed_or_opened_for_a_scope_that_is_not_allowed() {
    let mocked = Mocked::new().knows_client(client()).logs(1);
    let mut request = password_request("user", "password");
    request.scope = Scope::parse("admin").ok();
    let reason = refused(mocked.server().token(&request));
    assert_eq!(reason, Reason::ScopeNotAllowed);
}

#[test]
fn a_refusal_is_written_down_with_its_reason() {
    let mut mocked = Mocked::new().knows_client(client());
    mocked
        .events
        .expect_append()
        .times(1)
        .withf(|events| {
            events.len() == 1
                && events[0].kind == EventKind::TokenRefused
                && events[0].reason == Some(Reason::WrongClientSecret)
                && events[0].client == Some(client().id)
        })
        .returning(|_| Ok(()));
    let mut request = password_request("user", "password");
    if let Some(shown) = &mut request.client {
        shown.secret = Some(crate::secret::ClientSecret::new("guess".into()));
    }
    let reason = refused(mocked.server().token(&request));
    assert_eq!(reason, Reason::WrongClientSecret);
}
