//! What `SQLite` says of itself.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::vitals::{Setting, Vitals};

use super::Conn;

/// `synchronous`: every commit is flushed (`FULL`), or more than that.
const FULL: i64 = 2;

pub(super) fn read(conn: &mut Conn) -> QueryResult<Vitals> {
    let journal: String = sql::<Text>("PRAGMA journal_mode").get_result(conn)?;
    let flushes: i64 = sql::<BigInt>("PRAGMA synchronous").get_result(conn)?;
    let whole: String = sql::<Text>("PRAGMA quick_check(1)").get_result(conn)?;
    let settings = vec![
        Setting {
            name: "journal_mode",
            is_safe: journal == "wal",
            value: journal,
        },
        Setting {
            name: "synchronous",
            is_safe: flushes >= FULL,
            value: flushes.to_string(),
        },
    ];
    Ok(Vitals {
        settings,
        damage: Some(whole).filter(|says| says != "ok"),
        read_only: false,
        in_the_clear: false,
        now: None,
    })
}
