//! What introspection reads and writes.

use std::sync::{Arc, Mutex};

use crate::Fault;
use crate::caller::Call;
use crate::mocked::{Mocked, access_token, away, client, credentials, fault, found, session};
use crate::ports::Committed;
use crate::secret::TokenValue;
use crate::sessions::Session;
use crate::tokens::{CallerCredentials, Introspection};

fn introspect(mocked: Mocked, token: &TokenValue) -> Result<Introspection, crate::Error> {
    let shown = CallerCredentials::Basic(credentials());
    mocked
        .server()
        .introspect(Some(&shown), token, &Call::default())
}

#[test]
fn the_first_use_of_a_pair_is_written_exactly_once() {
    let stored = Arc::new(Mutex::new(session()));
    let mut mocked = Mocked::new().knows_client(client());
    let read = Arc::clone(&stored);
    mocked
        .sessions
        .expect_find()
        .times(3)
        .returning(move |_| Ok(Some(found(read.lock().unwrap().clone()))));
    mocked
        .sessions
        .expect_commit()
        .times(1)
        .withf(|change, events| {
            let refresh = change.session.refresh.as_ref().unwrap();
            refresh.previous.is_none() && change.minted.is_none() && events.is_empty()
        })
        .returning(move |change, _| {
            *stored.lock().unwrap() = change.session.clone();
            Ok(Committed::Done)
        });
    let server = mocked.server();
    let shown = CallerCredentials::Basic(credentials());
    for _ in 0..3 {
        let answer = server.introspect(Some(&shown), &access_token(2), &Call::default());
        let answer = answer.unwrap();
        assert!(matches!(answer, Introspection::Active(_)), "{answer:?}");
    }
}

#[test]
fn reads_go_on_while_the_store_takes_no_writes() {
    for outcome in [Ok(Committed::Stale), Err(away())] {
        let mut mocked = Mocked::new()
            .knows_client(client())
            .finds(Some(found(session())));
        mocked
            .sessions
            .expect_commit()
            .returning(move |_, _| outcome.clone());
        let answer = introspect(mocked, &access_token(2)).unwrap();
        assert!(matches!(answer, Introspection::Active(_)), "{answer:?}");
    }
}

#[test]
fn a_dead_session_is_not_written_to() {
    let closed: Session = session().close(crate::mocked::NOW);
    let mocked = Mocked::new()
        .knows_client(client())
        .finds(Some(found(closed)));
    let answer = introspect(mocked, &access_token(2)).unwrap();
    assert_eq!(answer, Introspection::Inactive);
}

#[test]
fn nonsense_is_inactive_without_a_look_up() {
    for text in ["", "gat_", "a.b", "x y", &"x".repeat(9000)] {
        let mocked = Mocked::new().knows_client(client());
        let answer = introspect(mocked, &TokenValue::new(text.into())).unwrap();
        assert_eq!(answer, Introspection::Inactive);
    }
}

#[test]
fn an_outside_failure_is_never_inactive() {
    let mut mocked = Mocked::new().knows_client(client());
    mocked.sessions.expect_find().returning(|_| Err(away()));
    assert_eq!(fault(introspect(mocked, &access_token(2))), away());

    let mut mocked = Mocked::new().knows_client(client());
    let corrupt = || Fault::Corrupt("a key".into());
    mocked
        .signer
        .expect_verify()
        .returning(move |_, _| Err(corrupt()));
    let jwt = TokenValue::new("a.b.c".into());
    assert_eq!(fault(introspect(mocked, &jwt)), corrupt());

    let mut mocked = Mocked::new();
    mocked.clients.expect_find().returning(|_| Err(away()));
    assert_eq!(fault(introspect(mocked, &access_token(2))), away());
}
