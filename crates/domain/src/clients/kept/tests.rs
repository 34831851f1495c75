//! What writing a client does when somebody else writes it too, or when the registry is away.

use std::sync::Mutex;

use crate::Fault;
use crate::clients::{Client, ClientDraft, ClientSettings, SecretChange};
use crate::mocked::{Mocked, away, client, fault, operator};
use crate::ports::{Expect, Removed, Written};
use crate::resources::WrittenResource;
use crate::revision::{Condition, Stamp};
use crate::violation::PutOutcome;

fn put(
    mocked: Mocked,
    condition: Condition,
) -> Result<PutOutcome<WrittenResource<Client>>, crate::Error> {
    let settings = ClientSettings {
        name: Some("My app".into()),
        ..client().settings
    };
    let draft = ClientDraft::new(settings, SecretChange::Keep);
    let server = mocked.server();
    server.put(&operator(), &client().id, &draft, condition)
}

#[test]
fn whoever_lost_a_race_writes_on_what_is_there_now() {
    let newer = Client {
        stamp: Stamp {
            version: client().stamp.version.next(),
            ..client().stamp
        },
        ..client()
    };
    let version = newer.stamp.version;
    let mut mocked = Mocked::new();
    let reads = Mutex::new(vec![newer, client()]);
    mocked
        .clients
        .expect_find()
        .times(2)
        .returning(move |_| Ok(reads.lock().unwrap().pop()));
    mocked
        .clients
        .expect_put()
        .times(2)
        .returning(move |next, expect, _| {
            Ok(if expect == Expect::Version(version) {
                Written::Done(next.stamp)
            } else {
                Written::Stale
            })
        });
    let outcome = put(mocked, Condition::Any).unwrap();
    assert!(
        matches!(outcome, PutOutcome::Updated(written) if written.resource.stamp.version == version.next())
    );
}

#[test]
fn whoever_lost_a_race_loses_a_condition_with_it() {
    let first = client().stamp.version;
    let newer = Client {
        stamp: Stamp {
            version: first.next(),
            ..client().stamp
        },
        ..client()
    };
    let mut mocked = Mocked::new();
    let reads = Mutex::new(vec![newer, client()]);
    mocked
        .clients
        .expect_find()
        .times(2)
        .returning(move |_| Ok(reads.lock().unwrap().pop()));
    mocked
        .clients
        .expect_put()
        .times(1)
        .returning(|_, _, _| Ok(Written::Stale));
    let outcome = put(mocked, Condition::Version(first)).unwrap();
    assert!(matches!(outcome, PutOutcome::ConditionFailed));
}

#[test]
fn changes_lost_three_times_are_contended() {
    let mut mocked = Mocked::new().knows_client(client());
    mocked
        .clients
        .expect_put()
        .times(3)
        .returning(|_, _, _| Ok(Written::Stale));
    assert_eq!(fault(put(mocked, Condition::Any)), Fault::Contended);

    let mut mocked = Mocked::new().knows_client(client());
    mocked
        .clients
        .expect_remove()
        .times(3)
        .returning(|_, _, _, _| Ok(Removed::Stale));
    let server = mocked.server();
    let answer = server.remove(&operator(), &client().id, Condition::Any);
    assert_eq!(fault(answer), Fault::Contended);
}

#[test]
fn a_registry_that_is_away_is_a_fault() {
    let mut mocked = Mocked::new();
    mocked.clients.expect_find().returning(|_| Err(away()));
    assert_eq!(fault(put(mocked, Condition::Any)), away());

    let mut mocked = Mocked::new().knows_client(client());
    mocked.clients.expect_put().returning(|_, _, _| Err(away()));
    assert_eq!(fault(put(mocked, Condition::Any)), away());
}
