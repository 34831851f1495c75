//! What revocation commits.

use std::sync::Mutex;

use crate::id::ClientId;
use crate::mocked::{
    Mocked, NOW, access_token, away, client, credentials, fault, found, refresh_token, refused,
    session,
};
use crate::origin::Origin;
use crate::ports::{Committed, SessionKey};
use crate::secret::{TokenHash, TokenValue};
use crate::sessions::{AccessState, Bond, Session, SessionState};
use crate::{Error, Fault, Reason};

fn revoke(mocked: Mocked, token: &TokenValue) -> Result<(), Error> {
    mocked
        .server()
        .revoke(Some(&credentials()), token, &Origin::default())
}

#[test]
fn an_unknown_token_commits_nothing() {
    let mocked = Mocked::new().knows_client(client()).finds(None);
    assert_eq!(revoke(mocked, &refresh_token(9)), Ok(()));
    let mocked = Mocked::new().knows_client(client());
    assert_eq!(revoke(mocked, &TokenValue::new("nonsense".into())), Ok(()));
}

#[test]
fn a_closed_session_is_not_closed_again() {
    let closed = Some(found(session().close(NOW)));
    let mocked = Mocked::new().knows_client(client()).finds(closed);
    assert_eq!(revoke(mocked, &refresh_token(2)), Ok(()));
}

#[test]
fn another_clients_token_commits_nothing() {
    let foreign = Session {
        client: Bond {
            id: ClientId::from_row("other".into()),
            ..session().client
        },
        ..session()
    };
    let mocked = Mocked::new()
        .knows_client(client())
        .finds(Some(found(foreign)));
    let reason = refused(revoke(mocked, &refresh_token(2)));
    assert_eq!(reason, Reason::TokenOfAnotherClient);
}

/// The session after a refresh that nobody waited for.
fn refreshed() -> Session {
    Session {
        access: AccessState {
            hash: TokenHash::of(&access_token(3)),
            ..session().access
        },
        generation: session().generation.next(),
        ..session()
    }
}

#[test]
fn a_refresh_that_was_quicker_does_not_save_the_session() {
    let mut mocked = Mocked::new().knows_client(client());
    mocked.sessions.expect_find().returning(|key| {
        Ok(match key {
            SessionKey::Access(_) => Some(found(session())),
            SessionKey::Id(id) if *id == session().id => Some(found(refreshed())),
            _ => None,
        })
    });
    let outcomes = Mutex::new(vec![Committed::Done, Committed::Stale]);
    mocked
        .sessions
        .expect_commit()
        .times(2)
        .withf(|change, _| change.session.state == SessionState::Closed { at: NOW })
        .returning(move |_, _| Ok(outcomes.lock().unwrap().pop().unwrap()));
    assert_eq!(revoke(mocked, &access_token(2)), Ok(()));
}

#[test]
fn a_commit_lost_three_times_is_contended() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .finds(Some(found(session())));
    mocked
        .sessions
        .expect_commit()
        .times(3)
        .returning(|_, _| Ok(Committed::Stale));
    assert_eq!(fault(revoke(mocked, &refresh_token(2))), Fault::Contended);
}

#[test]
fn a_store_that_is_away_is_never_a_success() {
    let mut mocked = Mocked::new().knows_client(client());
    mocked.sessions.expect_find().returning(|_| Err(away()));
    assert_eq!(fault(revoke(mocked, &refresh_token(2))), away());

    let mut mocked = Mocked::new()
        .knows_client(client())
        .finds(Some(found(session())));
    mocked
        .sessions
        .expect_commit()
        .returning(|_, _| Err(away()));
    assert_eq!(fault(revoke(mocked, &refresh_token(2))), away());
}
