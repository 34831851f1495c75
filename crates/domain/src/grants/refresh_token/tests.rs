//! What a refresh commits, and when it commits nothing.

use std::sync::Mutex;

use mockall::Sequence;

use crate::clients::{Client, ClientSettings, PasswordSettings, RefreshPolicy};
use crate::event::EventKind;
use crate::id::ClientId;
use crate::mocked::{
    Mocked, NOW, away, client, fault, found, refresh_request, refresh_token, refused, session,
};
use crate::ports::{Change, Committed};
use crate::secret::{TokenHash, TokenValue};
use crate::sessions::{Bond, RefreshState, Session, SessionState};
use crate::time::Lifetime;
use crate::tokens::TokenFormat;
use crate::{Fault, Reason};

fn client_with(password: PasswordSettings) -> Client {
    Client {
        settings: ClientSettings {
            password,
            ..client().settings
        },
        ..client()
    }
}

fn knows_session(session: Session) -> Mocked {
    Mocked::new()
        .knows_client(client())
        .finds(Some(found(session)))
}

fn commits(mocked: &mut Mocked, is_right: impl Fn(&Change) -> bool + Send + Sync + 'static) {
    mocked
        .sessions
        .expect_commit()
        .times(1)
        .withf(move |change, _| is_right(change))
        .returning(|_, _| Ok(Committed::Done));
}

#[test]
fn the_live_token_becomes_the_previous_one() {
    let mut mocked = knows_session(session());
    commits(&mut mocked, |change| {
        let refresh = change.session.refresh.as_ref().unwrap();
        refresh.previous == Some(TokenHash::of(&refresh_token(2)))
            && change.minted == Some(refresh.hash)
            && change.seen == session().generation
            && change.session.generation == session().generation.next()
    });
    let answer = mocked.server().token(&refresh_request(refresh_token(2)));
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn a_lost_reply_is_recovered_without_a_second_branch() {
    let mut mocked = knows_session(session());
    commits(&mut mocked, |change| {
        let refresh = change.session.refresh.as_ref().unwrap();
        refresh.previous == Some(TokenHash::of(&refresh_token(1)))
            && refresh.hash != TokenHash::of(&refresh_token(2))
            && change.session.access.hash != session().access.hash
    });
    let answer = mocked.server().token(&refresh_request(refresh_token(1)));
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn reuse_is_committed_as_a_closed_session_and_signs_nothing() {
    let jwt = client_with(PasswordSettings {
        token_format: TokenFormat::Jwt,
        ..client().settings.password
    });
    let mut mocked = Mocked::new()
        .knows_client(jwt)
        .finds(Some(found(session())));
    mocked
        .sessions
        .expect_commit()
        .times(1)
        .withf(|change, events| {
            let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
            change.session.state == SessionState::Closed { at: NOW }
                && kinds == [EventKind::SessionEnded, EventKind::TokenReuseDetected]
        })
        .returning(|_, _| Ok(Committed::Done));
    let reason = refused(mocked.server().token(&refresh_request(refresh_token(9))));
    assert_eq!(reason, Reason::RefreshTokenReused);
}

#[test]
fn refresh_tokens_that_have_ended_close_nothing() {
    let ended = Session {
        refresh: session().refresh.map(|refresh| RefreshState {
            expires: NOW,
            ..refresh
        }),
        ..session()
    };
    for token in [refresh_token(2), refresh_token(1), refresh_token(9)] {
        let mocked = knows_session(ended.clone()).logs(1);
        let reason = refused(mocked.server().token(&refresh_request(token)));
        assert_eq!(reason, Reason::SessionExpired);
    }
}

#[test]
fn a_client_that_keeps_its_token_forgets_the_one_before_it() {
    let bound = client_with(PasswordSettings {
        refresh_policy: RefreshPolicy::Static,
        ..client().settings.password
    });
    let mut mocked = Mocked::new()
        .knows_client(bound)
        .finds(Some(found(session())));
    commits(&mut mocked, |change| {
        let refresh = change.session.refresh.as_ref().unwrap();
        refresh.previous.is_none()
            && refresh.hash == TokenHash::of(&refresh_token(2))
            && change.minted.is_none()
    });
    let answer = mocked.server().token(&refresh_request(refresh_token(2)));
    let kept = answer.unwrap().refresh_token.unwrap();
    assert_eq!(kept.expose(), refresh_token(2).expose());
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
    for token in [refresh_token(2), refresh_token(1), refresh_token(9)] {
        let mocked = knows_session(foreign.clone()).logs(1);
        let reason = refused(mocked.server().token(&refresh_request(token)));
        assert_eq!(reason, Reason::RefreshTokenOfAnotherClient);
    }
}

#[test]
fn a_dead_session_commits_nothing() {
    let dead = [
        (session().close(NOW), Reason::SessionClosed),
        (
            Session {
                access: crate::sessions::AccessState {
                    expires: NOW,
                    ..session().access
                },
                refresh: session().refresh.map(|refresh| RefreshState {
                    idle: Some(Lifetime::default()),
                    ..refresh
                }),
                ..session()
            },
            Reason::SessionExpired,
        ),
    ];
    for (session, expected) in dead {
        let mocked = knows_session(session).logs(1);
        let reason = refused(mocked.server().token(&refresh_request(refresh_token(2))));
        assert_eq!(reason, expected);
    }
}

#[test]
fn what_cannot_be_a_refresh_token_is_not_looked_up() {
    let texts = ["", "grt_", "x", "grt_éé"].map(|text| TokenValue::new(text.into()));
    for token in texts.into_iter().chain([crate::mocked::access_token(2)]) {
        let mocked = Mocked::new().knows_client(client()).logs(1);
        let reason = refused(mocked.server().token(&refresh_request(token)));
        assert_eq!(reason, Reason::UnknownRefreshToken);
    }
}

#[test]
fn signing_comes_before_the_commit() {
    let jwt = client_with(PasswordSettings {
        token_format: TokenFormat::Jwt,
        ..client().settings.password
    });
    let mut mocked = Mocked::new()
        .knows_client(jwt)
        .finds(Some(found(session())));
    let mut order = Sequence::new();
    mocked
        .signer
        .expect_sign()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(TokenValue::new("signed".into())));
    mocked
        .sessions
        .expect_commit()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(Committed::Done));
    let answer = mocked.server().token(&refresh_request(refresh_token(2)));
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn a_commit_lost_three_times_is_contended() {
    let mut mocked = knows_session(session());
    mocked
        .sessions
        .expect_commit()
        .times(3)
        .returning(|_, _| Ok(Committed::Stale));
    let answer = mocked.server().token(&refresh_request(refresh_token(2)));
    assert_eq!(fault(answer), Fault::Contended);
}

#[test]
fn whoever_lost_a_race_decides_again_on_what_is_there_now() {
    let mut mocked = Mocked::new().knows_client(client()).logs(1);
    let reads = Mutex::new(vec![session().close(NOW), session()]);
    mocked
        .sessions
        .expect_find()
        .times(2)
        .returning(move |_| Ok(reads.lock().unwrap().pop().map(found)));
    mocked
        .sessions
        .expect_commit()
        .times(1)
        .returning(|_, _| Ok(Committed::Stale));
    let reason = refused(mocked.server().token(&refresh_request(refresh_token(2))));
    assert_eq!(reason, Reason::SessionClosed);
}

#[test]
fn a_store_that_is_away_is_a_fault() {
    let mut mocked = Mocked::new().knows_client(client());
    mocked.sessions.expect_find().returning(|_| Err(away()));
    let answer = mocked.server().token(&refresh_request(refresh_token(2)));
    assert_eq!(fault(answer), away());

    for token in [refresh_token(2), refresh_token(9)] {
        let mut mocked = knows_session(session());
        mocked
            .sessions
            .expect_commit()
            .returning(|_, _| Err(away()));
        let answer = mocked.server().token(&refresh_request(token));
        assert_eq!(fault(answer), away());
    }
}
