//! What a bundle does when it loses a race, or when the store is away.

use crate::Fault;
use crate::bundle::{BundleEntry, BundleMode, BundleOutcome, Entry};
use crate::mocked::{Mocked, NOW, away, client, fault, operator, user};
use crate::ports::Applied;
use crate::revision::{Condition, Stamp};
use crate::users::{PasswordChange, UserDraft, UserSettings};

fn entry() -> BundleEntry {
    BundleEntry::User(Box::new(Entry {
        id: user().id,
        draft: Some(UserDraft {
            settings: UserSettings::default(),
            password: PasswordChange::Keep,
        }),
        condition: Condition::Any,
    }))
}

fn apply(mocked: Mocked) -> Result<BundleOutcome, crate::Error> {
    mocked
        .server()
        .apply_bundle(&operator(), &[entry()], BundleMode::State)
}

/// How many resources a bundle wrote that was applied.
fn written(outcome: Result<BundleOutcome, crate::Error>) -> usize {
    let outcome = outcome.unwrap();
    assert!(matches!(outcome, BundleOutcome::Applied(_)), "{outcome:?}");
    outcome.written()
}

fn unknown_user() -> Mocked {
    let mut mocked = Mocked::new();
    mocked.users.expect_find().returning(|_| Ok(None));
    mocked
}

#[test]
fn a_bundle_is_one_write() {
    let mut mocked = unknown_user();
    mocked
        .resources
        .expect_apply()
        .times(1)
        .withf(|changes, events| changes.len() == 1 && events.len() == 1)
        .returning(|_, _| Ok(Applied::Done(vec![Some(Stamp::first(NOW))])));
    let outcome = apply(mocked);
    assert_eq!(written(outcome), 1);
}

#[test]
fn a_bundle_that_has_nothing_to_change_writes_nothing() {
    let mut mocked = Mocked::new().knows_client(client());
    mocked.users.expect_find().returning(|_| Ok(Some(user())));
    let outcome = apply(mocked);
    assert_eq!(written(outcome), 0);
}

#[test]
fn a_bundle_lost_three_times_is_contended() {
    let mut mocked = unknown_user();
    mocked
        .resources
        .expect_apply()
        .times(3)
        .returning(|_, _| Ok(Applied::Stale(0)));
    let answer = apply(mocked);
    assert_eq!(fault(answer), Fault::Contended);
}

#[test]
fn a_store_that_is_away_is_a_fault() {
    let mut mocked = unknown_user();
    mocked
        .resources
        .expect_apply()
        .returning(|_, _| Err(away()));
    let answer = apply(mocked);
    assert_eq!(fault(answer), away());
}
