//! What a login must do, and what it must never do.

use crate::mocked::{Mocked, NOW, away, client, fault, password_request, refused, user};
use crate::policy::BudgetScope;
use crate::ports::{Debit, Debited, PasswordCheck, Written};
use crate::secret::{Password, PasswordHash};
use crate::time::{Lifetime, Timestamp};
use crate::users::{User, UserSettings};
use crate::{Fault, Reason};

const RIGHT: PasswordCheck = PasswordCheck::Right { outdated: false };
const OUTDATED: PasswordCheck = PasswordCheck::Right { outdated: true };

fn without_password() -> User {
    User {
        password: None,
        ..user()
    }
}

fn inactive() -> User {
    User {
        settings: UserSettings {
            inactive: true,
            ..UserSettings::default()
        },
        ..user()
    }
}

/// A login that is refused after exactly one hash; `stored` says whether there is something to compare with.
fn refusal_after_one_hash(known: Option<User>, stored: bool, check: PasswordCheck) -> Reason {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(known)
        .has_budget()
        .logs(1);
    mocked
        .hasher
        .expect_verify()
        .withf(move |_, hash| hash.is_some() == stored)
        .times(1)
        .returning(move |_, _| Ok(check));
    if check == RIGHT {
        let refund = mocked.throttle.expect_refund();
        refund.times(1).returning(|_, _| Ok(()));
    }
    refused(mocked.server().token(&password_request("user", "password")))
}

#[test]
fn the_hasher_is_asked_even_for_an_unknown_user() {
    let reason = refusal_after_one_hash(None, false, PasswordCheck::Wrong);
    assert_eq!(reason, Reason::UnknownUser);
}

#[test]
fn the_hasher_is_asked_even_for_a_user_without_a_password() {
    let reason = refusal_after_one_hash(Some(without_password()), false, PasswordCheck::Wrong);
    assert_eq!(reason, Reason::NoPassword);
}

#[test]
fn a_user_without_a_password_is_refused_whatever_the_hasher_says() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(without_password()))
        .has_budget()
        .logs(1);
    mocked.hasher.expect_verify().returning(|_, _| Ok(RIGHT));
    let reason = refused(mocked.server().token(&password_request("user", "password")));
    assert_eq!(reason, Reason::NoPassword);
}

#[test]
fn an_empty_password_is_refused_at_the_same_price_even_where_it_was_stored() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .has_budget()
        .logs(1);
    mocked
        .hasher
        .expect_verify()
        .times(1)
        .returning(|_, _| Ok(RIGHT));
    let reason = refused(mocked.server().token(&password_request("user", "")));
    assert_eq!(reason, Reason::WrongPassword);
}

#[test]
fn the_hasher_is_asked_even_for_an_inactive_user() {
    let wrong = refusal_after_one_hash(Some(inactive()), true, PasswordCheck::Wrong);
    assert_eq!(wrong, Reason::WrongPassword);
    let right = refusal_after_one_hash(Some(inactive()), true, RIGHT);
    assert_eq!(right, Reason::UserDisabled);
}

#[test]
fn a_name_that_cannot_exist_costs_a_hash_and_no_look_up() {
    let mut mocked = Mocked::new().knows_client(client()).has_budget().logs(1);
    mocked
        .hasher
        .expect_verify()
        .times(1)
        .returning(|_, _| Ok(PasswordCheck::Wrong));
    let reason = refused(mocked.server().token(&password_request("two words", "x")));
    assert_eq!(reason, Reason::UnknownUser);
}

fn throttled(known: Option<User>) {
    let retry_after = Lifetime::from_seconds(9);
    let scope = BudgetScope::Network;
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(known)
        .comes_from(None)
        .logs(1);
    mocked
        .throttle
        .expect_debit()
        .returning(move |_, _| Ok(Debited::Refused { retry_after, scope }));
    let reason = refused(mocked.server().token(&password_request("user", "password")));
    assert_eq!(reason, Reason::Throttled { retry_after, scope });
}

#[test]
fn a_throttled_try_does_not_reach_the_hasher_whether_or_not_its_name_is_known() {
    throttled(Some(user()));
    throttled(None);
}

#[test]
fn a_password_that_is_too_long_costs_nothing() {
    let mocked = Mocked::new().knows_client(client()).logs(1);
    let long = "x".repeat(Password::LONGEST + 1);
    let reason = refused(mocked.server().token(&password_request("user", &long)));
    assert_eq!(reason, Reason::PasswordTooLong);
}

#[test]
fn a_success_gives_back_what_was_debited() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .comes_from(None);
    mocked
        .throttle
        .expect_debit()
        .times(1)
        .withf(|debits, _| debits.len() == 6)
        .returning(|_, _| Ok(Debited::Granted));
    mocked
        .throttle
        .expect_refund()
        .times(1)
        .withf(|debits, _| debits.len() == 6)
        .returning(|_, _| Ok(()));
    mocked
        .familiar
        .expect_remember()
        .times(1)
        .returning(|_, _, _| Ok(()));
    mocked.hasher.expect_verify().returning(|_, _| Ok(RIGHT));
    mocked
        .sessions
        .expect_open()
        .times(1)
        .returning(|_, _| Ok(()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert!(answer.is_ok(), "{answer:?}");
}

/// The first words of what a login is debited that comes from an IPv4 address.
fn debited(last_success: Option<Timestamp>) -> Vec<String> {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .comes_from(last_success)
        .logs(1);
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = std::sync::Arc::clone(&seen);
    mocked.throttle.expect_debit().returning(move |debits, _| {
        let what = |debit: &Debit| debit.key.split(':').next().unwrap_or_default().to_owned();
        sink.lock().unwrap().extend(debits.iter().map(what));
        Ok(Debited::Granted)
    });
    let wrong = |_: &Password, _: Option<&PasswordHash>| Ok(PasswordCheck::Wrong);
    mocked.hasher.expect_verify().returning(wrong);
    let reason = refused(mocked.server().token(&password_request("user", "wrong")));
    assert_eq!(reason, Reason::WrongPassword);
    seen.lock().unwrap().clone()
}

#[test]
fn a_familiar_network_is_not_debited_what_strangers_spend() {
    let own = ["account", "account-day", "network"];
    let strangers = [&own[..], &["account-total", "global", "client"]].concat();
    let days = |days| Some(NOW.minus(Lifetime::from_days(days)));
    assert_eq!(debited(None), strangers);
    assert_eq!(debited(days(0)), own);
    assert_eq!(debited(days(89)), own);
    assert_eq!(debited(days(90)), strangers, "it is forgotten by then");
}

/// Whether a success is written down, when the last one that was is `last_success`.
fn remembers(last_success: Option<Timestamp>) -> bool {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .comes_from(last_success);
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let sink = std::sync::Arc::clone(&seen);
    mocked
        .throttle
        .expect_debit()
        .returning(|_, _| Ok(Debited::Granted));
    mocked.throttle.expect_refund().returning(|_, _| Ok(()));
    mocked.hasher.expect_verify().returning(|_, _| Ok(RIGHT));
    mocked
        .familiar
        .expect_remember()
        .returning(move |_, at, _| {
            assert_eq!(at, NOW);
            sink.store(true, std::sync::atomic::Ordering::SeqCst);
            // A login does not fail because this is not written down.
            Err(away())
        });
    mocked.sessions.expect_open().returning(|_, _| Ok(()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert!(answer.is_ok(), "{answer:?}");
    seen.load(std::sync::atomic::Ordering::SeqCst)
}

#[test]
fn a_success_is_remembered_once_a_day() {
    assert!(remembers(None));
    assert!(!remembers(Some(NOW.minus(Lifetime::from_seconds(3600)))));
    assert!(remembers(Some(NOW.minus(Lifetime::from_days(1)))));
}

#[test]
fn account_budgets_do_not_name_the_account() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .comes_from(None)
        .logs(1);
    mocked
        .throttle
        .expect_debit()
        .withf(|debits, _| debits.iter().all(|debit| !debit.key.contains("amy")))
        .returning(|_, _| {
            Ok(Debited::Refused {
                retry_after: Lifetime::from_seconds(1),
                scope: BudgetScope::Account,
            })
        });
    let answer = mocked.server().token(&password_request("amy", "password"));
    assert!(matches!(refused(answer), Reason::Throttled { .. }));
}

/// A login whose stored hash is weak, while something outside fails as `prepare` says.
fn weak_login(prepare: impl FnOnce(&mut Mocked)) {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .has_budget();
    mocked.throttle.expect_refund().returning(|_, _| Ok(()));
    mocked
        .familiar
        .expect_remember()
        .returning(|_, _, _| Ok(()));
    mocked.hasher.expect_verify().returning(|_, _| Ok(OUTDATED));
    mocked
        .sessions
        .expect_open()
        .times(1)
        .returning(|_, _| Ok(()));
    prepare(&mut mocked);
    let answer = mocked.server().token(&password_request("user", "password"));
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn a_weak_hash_is_replaced_in_the_same_epoch() {
    weak_login(|mocked| {
        let new = || PasswordHash::new("stronger".into());
        mocked.hasher.expect_hash().returning(move |_| Ok(new()));
        mocked
            .users
            .expect_put()
            .times(1)
            .withf(move |next, _, events| {
                let stamp = user().stamp;
                next.password == Some(new())
                    && next.stamp.epoch == stamp.epoch
                    && next.stamp.version == stamp.version.next()
                    && events.is_empty()
            })
            .returning(|next, _, _| Ok(Written::Done(next.stamp)));
    });
}

#[test]
fn a_login_succeeds_though_its_hash_could_not_be_replaced() {
    weak_login(|mocked| {
        let busy = || Err(Fault::Overloaded("hashing"));
        mocked.hasher.expect_hash().returning(move |_| busy());
    });
    weak_login(|mocked| {
        let new = || PasswordHash::new("stronger".into());
        mocked.hasher.expect_hash().returning(move |_| Ok(new()));
        mocked.users.expect_put().returning(|_, _, _| Err(away()));
    });
}

#[test]
fn a_throttle_that_is_away_is_a_fault() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .comes_from(None);
    mocked.throttle.expect_debit().returning(|_, _| Err(away()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert_eq!(fault(answer), away());
}

#[test]
fn a_directory_that_is_away_is_a_fault() {
    let mut mocked = Mocked::new().knows_client(client()).has_budget();
    mocked
        .users
        .expect_find_by_name()
        .returning(|_| Err(away()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert_eq!(fault(answer), away());
}

#[test]
fn a_full_hash_queue_is_a_fault() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(Some(user()))
        .has_budget();
    mocked
        .hasher
        .expect_verify()
        .returning(|_, _| Err(Fault::Overloaded("hashing")));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert_eq!(fault(answer), Fault::Overloaded("hashing"));
}

#[test]
fn a_refusal_that_cannot_be_written_down_is_a_fault() {
    let mut mocked = Mocked::new()
        .knows_client(client())
        .knows_user(None)
        .has_budget();
    mocked
        .hasher
        .expect_verify()
        .returning(|_, _| Ok(PasswordCheck::Wrong));
    mocked.events.expect_append().returning(|_| Err(away()));
    let answer = mocked.server().token(&password_request("user", "password"));
    assert_eq!(fault(answer), away());
}

#[test]
fn a_user_who_must_choose_another_password_costs_one_hash_and_is_told() {
    let reset = Some(crate::users::PasswordReset {
        hash: crate::secret::TokenHash::from_bytes([1; 32]),
        expires: crate::time::Timestamp::from_micros(0),
    });
    let waiting = User { reset, ..user() };
    let reason = refusal_after_one_hash(Some(waiting.clone()), true, RIGHT);
    assert_eq!(reason, Reason::PasswordChangeRequired);
    let reason = refusal_after_one_hash(Some(waiting), true, PasswordCheck::Wrong);
    assert_eq!(reason, Reason::WrongPassword);
}
