//! Migrating Postgres: one replica at a time, in one transaction but for migrations that cannot run
//! in any, on a connection of its own.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use grantor_domain::time::Timestamp;

use crate::migrate::{self, MigrateError, SchemaStatus};
use crate::scripts::{POSTGRES, Script};

use super::queries::{events, schema_changes};
use super::{Backend, Conn};

/// The key of the advisory lock: "grantor" in ASCII. It ends with the connection. It is asked for and
/// not waited for: a statement that waits would keep `CREATE INDEX CONCURRENTLY` waiting, which waits for
/// every statement that began before it.
const LOCK: &str = "SELECT pg_try_advisory_lock(29117685391716210) AS answer";

/// How often the lock is asked for, and the pause between: an hour in all.
const TRIES: u32 = 18_000;
const PAUSE: &str = "SELECT pg_sleep(0.2)";

const SETTINGS: &str = "\
    SET synchronous_commit = on; \
    SET application_name = 'grantor migrate'";

/// What waits for a lock keeps all others waiting behind it, and what was locked stays so until the
/// transaction ends.
const IN_TRANSACTION: &str = "SET lock_timeout = '2s'; SET statement_timeout = '60s'";

/// Making an index beside those who write waits for them, and keeps nobody waiting.
const OUTSIDE: &str = "SET lock_timeout = '60s'; SET statement_timeout = '1h'";

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

pub(super) fn run(url: &str, now: Timestamp) -> Result<Vec<String>, MigrateError> {
    run_of(POSTGRES, url, now)
}

fn run_of(
    scripts: &'static [Script],
    url: &str,
    now: Timestamp,
) -> Result<Vec<String>, MigrateError> {
    let mut conn = Conn::establish(url)?;
    conn.batch_execute(SETTINGS)?;
    lock(&mut conn)?;
    let pending = migrate::pending::<Backend>(&mut conn, scripts)?;
    let mut applied = Vec::with_capacity(pending.len());
    for batch in pending.chunk_by(|one, next| one.in_transaction() && next.in_transaction()) {
        let run = |conn: &mut Conn| -> Result<Vec<String>, MigrateError> {
            let names = migrate::run(conn, batch)?;
            schema_changes::remember(conn, migrate::remembered(scripts, batch))?;
            events::append(conn, &migrate::events(&names, now))?;
            Ok(names)
        };
        applied.extend(if batch.iter().all(|script| script.in_transaction()) {
            conn.batch_execute(IN_TRANSACTION)?;
            conn.transaction(run)?
        } else {
            conn.batch_execute(OUTSIDE)?;
            run(&mut conn)?
        });
    }
    Ok(applied)
}

fn lock(conn: &mut Conn) -> Result<(), MigrateError> {
    for _ in 0..TRIES {
        if ask(conn, LOCK)? {
            return Ok(());
        }
        conn.batch_execute(PAUSE)?;
    }
    Err(MigrateError::Busy)
}

fn ask(conn: &mut Conn, question: &str) -> Result<bool, MigrateError> {
    let answer: Answer = diesel::sql_query(question).get_result(conn)?;
    Ok(answer.answer)
}

pub(super) fn status(url: &str) -> Result<SchemaStatus, MigrateError> {
    let mut conn = Conn::establish(url)?;
    let mut has = |table: &str| {
        let question = format!("SELECT to_regclass('{table}') IS NOT NULL AS answer");
        ask(&mut conn, &question)
    };
    let (history, kinds) = (has("__diesel_schema_migrations")?, has("schema_change")?);
    let unfinished_move = has("grantor_move")?;
    let mut rows = (Vec::new(), Vec::new());
    if history {
        rows.0 = diesel::sql_query(migrate::APPLIED).load(&mut conn)?;
    }
    if kinds {
        rows.1 = diesel::sql_query(migrate::KINDS).load(&mut conn)?;
    }
    Ok(SchemaStatus {
        unfinished_move,
        ..migrate::status(rows.0, rows.1, POSTGRES)
    })
}
