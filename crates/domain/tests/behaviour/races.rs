//! Many at once: one order, one live pair, and no refresh that survives a close.

use std::sync::Barrier;
use std::thread;

use grantor_domain::caller::Caller;
use grantor_domain::origin::Origin;
use grantor_domain::revision::Condition;
use grantor_domain::tokens::TokenResponse;
use grantor_domain::{Error, Fault, Reason};
use grantor_testkit::World;

use crate::ask::{is_active, lives, myapp, password_grant, refresh_of, session_of, user_id, world};

const ROUNDS: usize = 50;

/// Lets `threads` do `act` at the same time, and collects what they got.
pub(crate) fn at_once<T: Send>(threads: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (barrier, act) = (Barrier::new(threads), &act);
    thread::scope(|scope| {
        let started: Vec<_> = (0..threads)
            .map(|number| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    act(number)
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn many_refreshes_of_one_token_leave_one_live_pair() {
    let world = world();
    for _ in 0..ROUNDS {
        let first = world.log_in("user", "password").unwrap();
        let answers = at_once(8, |_| world.refresh(&refresh_of(&first)));
        let mut pairs: Vec<TokenResponse> = Vec::new();
        for answer in answers {
            match answer {
                Ok(pair) => pairs.push(pair),
                Err(error) => assert_eq!(error, Error::Fault(Fault::Contended)),
            }
        }
        assert!(!lives(&world, &first));
        let alive = pairs.iter().filter(|pair| lives(&world, pair)).count();
        assert_eq!(alive, 1);
    }
}

/// Lets a refresh race something that ends the session, and looks whether anything is left.
fn nothing_survives(end: impl Fn(&World, &TokenResponse) -> bool + Sync) {
    for _ in 0..ROUNDS {
        let world = world();
        let first = world.log_in("user", "password").unwrap();
        let refreshed = std::sync::Mutex::new(None);
        let ended = at_once(2, |number| {
            if number == 0 {
                *refreshed.lock().unwrap() = world.refresh(&refresh_of(&first)).ok();
                return true;
            }
            end(&world, &first)
        });
        if ended.iter().all(|ended| *ended) {
            assert!(!lives(&world, &first));
            if let Some(pair) = refreshed.into_inner().unwrap() {
                assert!(!lives(&world, &pair), "a refresh outlived the end");
            }
        }
    }
}

#[test]
fn no_refresh_survives_a_revocation_of_the_refresh_token() {
    nothing_survives(|world, first| {
        world
            .server
            .revoke(Some(&myapp()), &refresh_of(first), &Origin::default())
            == Ok(())
    });
}

#[test]
fn no_refresh_survives_a_close_by_token_that_was_acknowledged() {
    nothing_survives(|world, first| {
        match world.server.close_own_session(&first.access_token) {
            Ok(_) => true,
            // The refresh came first: the token was dead, and nobody was told that it is closed.
            Err(error) => {
                assert_eq!(error, Error::Refused(Reason::InvalidBearerToken));
                false
            }
        }
    });
}

#[test]
fn no_refresh_survives_the_removal_of_its_user() {
    nothing_survives(|world, _| {
        let operator = Caller::operator();
        let removed = world
            .server
            .remove(&operator, &user_id("user"), Condition::Any);
        removed.is_ok()
    });
}

#[test]
fn a_session_is_closed_once_by_however_many() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let id = session_of(&world, &answer.access_token);
    let seen = world.memory.events().len();
    let closed = at_once(8, |_| world.server.close_session(&Caller::operator(), &id));
    assert!(closed.iter().all(|closed| matches!(closed, Ok(Some(_)))));
    assert_eq!(crate::ask::events_since(&world, seen).len(), 1);
    assert!(!is_active(&world, &answer.access_token));
}

#[test]
fn guesses_in_flight_count_against_the_budget() {
    let mut policy = grantor_domain::policy::Policy::new("https://auth.example");
    let roomy = grantor_domain::policy::Budget::per_minute(1000, 1000);
    policy.throttle = Some(grantor_domain::policy::Budgets {
        account: grantor_domain::policy::Budget::per_minute(5, 1),
        ..grantor_domain::policy::Budgets::alike(roomy)
    });
    let world = World::empty(policy);
    let settings = grantor_testkit::world::password_client();
    world.put_client("myapp", Some("verysecret"), settings);
    let request = World::request(password_grant("user", "guess"));
    let answers = at_once(32, |_| world.server.token(&request));
    let checked = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Error::Refused(Reason::UnknownUser))))
        .count();
    assert_eq!(checked, 5);
}
