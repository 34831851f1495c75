//! What writing a user does, in which order, and what it never does.

use mockall::Sequence;

use crate::Fault;
use crate::mocked::{Mocked, away, fault, operator, user};
use crate::ports::{Import, Written};
use crate::revision::Condition;
use crate::secret::{Password, PasswordHash};
use crate::users::{PasswordChange, User, UserDraft, UserSettings};
use crate::violation::{PutOutcome, RemoveOutcome};

fn draft(password: PasswordChange) -> UserDraft {
    UserDraft {
        settings: UserSettings {
            user_name: Some("neo".into()),
            ..UserSettings::default()
        },
        password,
    }
}

fn put(mocked: Mocked, draft: &UserDraft) -> Result<PutOutcome<User>, crate::Error> {
    let server = mocked.server();
    let outcome = server.put(&operator(), &user().id, draft, Condition::Any)?;
    Ok(outcome.map(|written| written.resource))
}

fn knows_user() -> Mocked {
    let mut mocked = Mocked::new();
    mocked.users.expect_find().returning(|_| Ok(Some(user())));
    mocked
}

/// A hasher to which every text is a password.
fn takes_passwords() -> Mocked {
    let mut mocked = Mocked::new();
    mocked.hasher.expect_import().returning(|_| Import::NoHash);
    mocked
}

#[test]
fn a_password_is_hashed_before_anything_is_read() {
    let mut mocked = takes_passwords();
    let mut order = Sequence::new();
    mocked
        .hasher
        .expect_hash()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(PasswordHash::new("new".into())));
    mocked
        .users
        .expect_find()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Some(user())));
    mocked
        .users
        .expect_put()
        .times(1)
        .in_sequence(&mut order)
        .withf(|next, _, _| next.stamp.epoch == user().stamp.epoch.next())
        .returning(|next, _, _| Ok(Written::Done(next.stamp)));
    let password = PasswordChange::Set(Password::new("new".into()));
    let outcome = put(mocked, &draft(password)).unwrap();
    assert!(matches!(outcome, PutOutcome::Updated(_)));
}

#[test]
fn an_invalid_password_is_not_hashed() {
    let password = PasswordChange::Set(Password::new(String::new()));
    let outcome = put(takes_passwords(), &draft(password)).unwrap();
    assert!(matches!(outcome, PutOutcome::Invalid(_)));
}

#[test]
fn a_write_lost_three_times_is_contended() {
    let mut mocked = knows_user();
    mocked
        .users
        .expect_put()
        .times(3)
        .returning(|_, _, _| Ok(Written::Stale));
    let answer = put(mocked, &draft(PasswordChange::Keep));
    assert_eq!(fault(answer), Fault::Contended);
}

#[test]
fn a_directory_that_is_away_is_a_fault() {
    let mut mocked = Mocked::new();
    mocked.users.expect_find().returning(|_| Err(away()));
    let answer = put(mocked, &draft(PasswordChange::Keep));
    assert_eq!(fault(answer), away());

    let mut mocked = knows_user();
    mocked.users.expect_put().returning(|_, _, _| Err(away()));
    let answer = put(mocked, &draft(PasswordChange::Keep));
    assert_eq!(fault(answer), away());
}

#[test]
fn a_directory_that_can_only_be_read_says_so() {
    let mut mocked = knows_user();
    let puts = mocked.users.expect_put();
    puts.returning(|_, _, _| Ok(Written::ReadOnly));
    let outcome = put(mocked, &draft(PasswordChange::Keep)).unwrap();
    assert_eq!(outcome, PutOutcome::ReadOnly);

    let mut mocked = knows_user();
    let removals = mocked.users.expect_remove();
    removals.returning(|_, _, _, _| Ok(crate::ports::Removed::ReadOnly));
    let server = mocked.server();
    let outcome = server.remove(&operator(), &user().id, Condition::Any);
    assert_eq!(outcome, Ok(RemoveOutcome::ReadOnly));
}

#[test]
fn sessions_that_cannot_be_ended_are_a_fault() {
    let mut mocked = knows_user();
    mocked.sessions.expect_count().returning(|_| Ok(1));
    let puts = mocked.users.expect_put();
    puts.times(1).returning(|_, _, _| Ok(Written::ReadOnly));
    let server = mocked.server();
    let answer = server.close_sessions_of(&operator(), &user().id);
    assert!(matches!(fault(answer), Fault::Unavailable(_)));
}
