//! What making an administrator is remembered as.

use crate::event::{Event, EventKind};
use crate::mocked::{Mocked, NOW};
use crate::ports::{Applied, Import};
use crate::revision::Stamp;
use crate::secret::{Password, PasswordHash, TokenValue};

fn kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(|event| event.kind).collect()
}

/// Nobody administers it; whoever is made one is remembered in the commit that makes it, and
/// nothing is appended by itself.
fn without_administrator() -> Mocked {
    let mut mocked = Mocked::new();
    mocked
        .policy_engine
        .expect_violations()
        .returning(|_| Vec::new());
    mocked.users.expect_find().returning(|_| Ok(None));
    mocked.policies.expect_find().returning(|_| Ok(None));
    mocked.hasher.expect_import().returning(|_| Import::NoHash);
    let hash = || PasswordHash::new("hash".to_owned());
    mocked.hasher.expect_hash().returning(move |_| Ok(hash()));
    mocked
        .resources
        .expect_apply()
        .times(1)
        .withf(|_, events| {
            let made = [EventKind::UserCreated, EventKind::PolicyCreated];
            kinds(events) == [made[0], made[1], EventKind::AdminBootstrap]
        })
        .returning(|_, _| Ok(Applied::Done(vec![Some(Stamp::first(NOW)); 2])));
    mocked
}

#[test]
fn bootstrap_is_remembered_in_its_commit() {
    let server = without_administrator().server();
    let password = Password::new("password".to_owned());
    let outcome = server.bootstrap(None, Some(password)).unwrap();
    assert_eq!(outcome.written(), 2);
}

#[test]
fn setting_up_is_remembered_in_its_commit() {
    let server = without_administrator().server();
    let (token, stored) = server.make_setup_token().unwrap();
    let server = server.with_setup_token(stored);
    let password = Password::new("password".to_owned());
    let wrong = TokenValue::new("gst_wrong".to_owned());
    assert!(server.set_up(&wrong, &password).is_err());
    server.set_up(&token, &password).unwrap();
}
