//! A row like that of a session.

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::prelude::*;

use crate::failure::{Context as _, Outcome};
use crate::machine::since_1970;

use super::ROWS;

diesel::table! {
    ceiling (id) {
        id -> Text,
        access_hash -> Binary,
        kind -> Text,
        client_id -> Text,
        scope -> Text,
        audience -> Text,
        access_id -> Text,
        access_issued -> BigInt,
        access_expires -> BigInt,
        start -> BigInt,
        last_used -> BigInt,
        ends -> BigInt,
    }
}

/// The columns, with what stands in braces for a number and for bytes.
pub(super) const COLUMNS: &str = "\
    id             text PRIMARY KEY NOT NULL, \
    access_hash    {bytes} NOT NULL UNIQUE, \
    kind           text NOT NULL, \
    client_id      text NOT NULL, \
    scope          text NOT NULL, \
    audience       text NOT NULL, \
    access_id      text NOT NULL, \
    access_issued  {number} NOT NULL, \
    access_expires {number} NOT NULL, \
    start          {number} NOT NULL, \
    last_used      {number} NOT NULL, \
    ends           {number} NOT NULL";

/// A row like that of a session.
#[derive(Insertable, Queryable)]
#[diesel(table_name = ceiling, treat_none_as_default_value = false)]
pub(super) struct Row {
    id: String,
    access_hash: Vec<u8>,
    kind: String,
    client_id: String,
    scope: String,
    audience: String,
    access_id: String,
    access_issued: i64,
    access_expires: i64,
    start: i64,
    last_used: i64,
    ends: i64,
}

impl Row {
    /// The one that has this number: ids ascend, as those of sessions do.
    fn numbered(number: u64) -> Outcome<Self> {
        let mut access_hash = vec![0; 32];
        aws_lc_rs::rand::fill(&mut access_hash).context("no randomness")?;
        let now = i64::try_from(since_1970().as_micros()).context("the time")?;
        Ok(Self {
            id: id(number),
            access_hash,
            kind: "client_credentials".to_owned(),
            client_id: "bench".to_owned(),
            scope: String::new(),
            audience: "[]".to_owned(),
            access_id: id(number),
            access_issued: now,
            access_expires: now + 3_600_000_000,
            start: now,
            last_used: now,
            ends: now + 3_600_000_000,
        })
    }

    /// One that no other thread makes.
    pub(super) fn next() -> Outcome<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // Above those that are read, whatever an earlier table held.
        Self::numbered((1 << 32) + number)
    }

    /// Those that are read.
    pub(super) fn kept() -> impl Iterator<Item = Outcome<Self>> {
        (0..u64::from(ROWS)).map(Self::numbered)
    }
}

/// The id of the row with this number.
fn id(number: u64) -> String {
    format!("01930000-0000-7000-8000-{number:012x}")
}

/// Ids of the rows to read, each once in an order that jumps, and again.
pub(super) fn ids() -> impl FnMut() -> String {
    /// Has no factor in common with the number of rows, a power of two.
    const STEP: u32 = 7919;
    let mut number = 0;
    move || {
        number = (number + STEP) % ROWS;
        id(number.into())
    }
}
