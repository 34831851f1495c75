//! What closing commits.

use crate::event::EventKind;
use crate::mocked::{
    Mocked, NOW, access_token, away, fault, found, operator, refresh_token, refused, session,
};
use crate::ports::{Committed, SessionKey};
use crate::secret::{TokenHash, TokenValue};
use crate::sessions::{AccessState, Session, SessionState};
use crate::{Fault, Reason};

#[test]
fn closing_is_one_commit_with_its_event() {
    let mut mocked = Mocked::new().finds(Some(found(session())));
    mocked
        .sessions
        .expect_commit()
        .times(1)
        .withf(|change, events| {
            let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
            change.session.state == SessionState::Closed { at: NOW }
                && change.seen == session().generation
                && kinds == [EventKind::SessionEnded]
        })
        .returning(|_, _| Ok(Committed::Done));
    let closed = mocked.server().close_own_session(&access_token(2)).unwrap();
    assert_eq!(closed.session.state, SessionState::Closed { at: NOW });
}

#[test]
fn only_an_access_token_closes_its_session() {
    for token in [refresh_token(2), TokenValue::new("nonsense".into())] {
        let reason = refused(Mocked::new().server().close_own_session(&token));
        assert_eq!(reason, Reason::InvalidBearerToken);
    }
}

#[test]
fn a_token_that_does_not_live_commits_nothing() {
    for dead in [None, Some(found(session().close(NOW)))] {
        let server = Mocked::new().finds(dead).server();
        let reason = refused(server.close_own_session(&access_token(2)));
        assert_eq!(reason, Reason::InvalidBearerToken);
    }
}

#[test]
fn a_close_whose_answer_the_store_lost_is_acknowledged() {
    let mut mocked = Mocked::new();
    mocked.sessions.expect_find().returning(|key| {
        Ok(Some(found(match key {
            SessionKey::Id(_) => session().close(NOW),
            _ => session(),
        })))
    });
    // It was applied, its answer was lost, and its repetition came too late.
    let commits = mocked.sessions.expect_commit().times(1);
    commits.returning(|_, _| Ok(Committed::Stale));
    let closed = mocked.server().close_own_session(&access_token(2)).unwrap();
    assert_eq!(closed.session.state, SessionState::Closed { at: NOW });
}

#[test]
fn a_refresh_that_was_quicker_does_not_save_the_session() {
    let refreshed = Session {
        access: AccessState {
            hash: TokenHash::of(&access_token(3)),
            ..session().access
        },
        generation: session().generation.next(),
        ..session()
    };
    let seen = refreshed.generation;
    let mut mocked = Mocked::new();
    mocked.sessions.expect_find().returning(move |key| {
        Ok(match key {
            SessionKey::Access(_) => Some(found(session())),
            SessionKey::Id(_) => Some(found(refreshed.clone())),
            SessionKey::Refresh(_) => None,
        })
    });
    mocked
        .sessions
        .expect_commit()
        .times(2)
        .returning(move |change, _| {
            Ok(if change.seen == seen {
                Committed::Done
            } else {
                Committed::Stale
            })
        });
    let closed = mocked.server().close_own_session(&access_token(2)).unwrap();
    assert_eq!(closed.session.state, SessionState::Closed { at: NOW });
}

#[test]
fn a_commit_lost_three_times_is_contended() {
    let mut mocked = Mocked::new().finds(Some(found(session())));
    mocked
        .sessions
        .expect_commit()
        .times(3)
        .returning(|_, _| Ok(Committed::Stale));
    let answer = mocked.server().close_session(&operator(), &session().id);
    assert_eq!(fault(answer), Fault::Contended);
}

#[test]
fn a_store_that_is_away_is_a_fault() {
    let mut mocked = Mocked::new();
    mocked.sessions.expect_find().returning(|_| Err(away()));
    let server = mocked.server();
    assert_eq!(fault(server.close_own_session(&access_token(2))), away());
    let by_id = server.close_session(&operator(), &session().id);
    assert_eq!(fault(by_id), away());
    assert_eq!(
        fault(server.read_session(&operator(), &session().id)),
        away()
    );

    let mut mocked = Mocked::new().finds(Some(found(session())));
    mocked
        .sessions
        .expect_commit()
        .returning(|_, _| Err(away()));
    let answer = mocked.server().close_own_session(&access_token(2));
    assert_eq!(fault(answer), away());
}
