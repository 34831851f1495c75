//! Budgets for guesses: the generic cell rate algorithm, one instant per key.
//!
//! The instant (`tat`, the theoretical arrival time) says until when a budget is spoken for. A try
//! moves it by the interval in which the budget regains one try; it may be at most `burst` intervals
//! ahead of now.

use diesel::dsl::case_when;
use diesel::prelude::*;
use grantor_domain::policy::Budget;
use grantor_domain::ports::{Debit, Debited};
use grantor_domain::time::Timestamp;

use crate::fault::Abort;
use crate::schema::throttle;

use super::Conn;

/// All writers take the rows in the same order, so that none waits for one that waits for it.
fn in_order(debits: &[Debit]) -> Vec<&Debit> {
    let mut sorted: Vec<&Debit> = debits.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    sorted
}

/// How far ahead of now a budget may be spoken for, before one more try.
fn latest(budget: Budget, now: Timestamp) -> i64 {
    now.as_micros() + budget.interval() * (i64::from(budget.burst) - 1)
}

pub(crate) fn debit(
    conn: &mut Conn,
    debits: &[Debit],
    now: Timestamp,
) -> Result<Debited, Abort<Debited>> {
    let mut left = in_order(debits).into_iter();
    while let Some(debit) = left.next() {
        let (cost, latest) = (debit.budget.interval(), latest(debit.budget, now));
        if !take(conn, &debit.key, cost, now.as_micros(), latest)? {
            // Those before it had room.
            let without_room = std::iter::once(debit).chain(left);
            return Err(Abort::With(refusal(conn, without_room, now)?));
        }
    }
    Ok(Debited::Granted)
}

/// When the last of these has room.
fn refusal<'a>(
    conn: &mut Conn,
    debits: impl Iterator<Item = &'a Debit>,
    now: Timestamp,
) -> QueryResult<Debited> {
    let mut last = None;
    for debit in debits {
        let tat: Option<i64> = throttle::table
            .find(&debit.key)
            .select(throttle::tat)
            .first(conn)
            .optional()?;
        let spoken_for = tat.unwrap_or_default().max(now.as_micros());
        let wait = spoken_for - latest(debit.budget, now);
        if last.is_none_or(|(longest, _)| longest < wait) {
            last = Some((wait, debit.scope));
        }
    }
    // There is at least the one that had no room.
    Ok(
        last.map_or(Debited::Granted, |(wait, scope)| Debited::Refused {
            retry_after: Timestamp::from_micros(now.as_micros() + wait).since(now),
            scope,
        }),
    )
}

/// Takes one try, in one statement. `false`: there is none, and nothing changed.
fn take(conn: &mut Conn, key: &str, cost: i64, now: i64, latest: i64) -> QueryResult<bool> {
    // `QueryDsl::filter` does not reach an upsert; with both in scope, `table.filter` is ambiguous.
    use diesel::query_dsl::methods::FilterDsl;
    if latest < now {
        return Ok(false);
    }
    let rows = diesel::insert_into(throttle::table)
        .values((throttle::key.eq(key), throttle::tat.eq(now + cost)))
        .on_conflict(throttle::key)
        .do_update()
        .set(
            throttle::tat.eq(case_when(throttle::tat.gt(now), throttle::tat).otherwise(now) + cost),
        )
        .filter(throttle::tat.le(latest))
        .execute(conn)?;
    Ok(rows == 1)
}

pub(crate) fn refund(conn: &mut Conn, debits: &[Debit]) -> QueryResult<()> {
    for debit in in_order(debits) {
        diesel::update(throttle::table.find(&debit.key))
            .set(throttle::tat.eq(throttle::tat - debit.budget.interval()))
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets up to `limit` budgets that were full again before `before`: an absent one is full too.
pub(crate) fn reap(conn: &mut Conn, before: Timestamp, limit: u32) -> QueryResult<usize> {
    let old = diesel::alias!(throttle as old_throttle);
    let full = old
        .filter(old.field(throttle::tat).lt(before.as_micros()))
        .order(old.field(throttle::tat))
        .limit(i64::from(limit))
        .select(old.field(throttle::key));
    diesel::delete(throttle::table.filter(throttle::key.eq_any(full))).execute(conn)
}
