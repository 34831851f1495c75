//! Migrating `SQLite`: all in one transaction, which holds the write lock.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use grantor_domain::time::Timestamp;

use crate::migrate::{self, MigrateError, SchemaStatus};
use crate::scripts::SQLITE;

use super::connection::SETTINGS;
use super::queries::{events, schema_changes};
use super::{Backend, Conn};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    tables: i64,
}

fn connect(path: &str) -> Result<Conn, MigrateError> {
    let mut conn = Conn::establish(path)?;
    conn.batch_execute(SETTINGS)?;
    Ok(conn)
}

pub(super) fn run(path: &str, now: Timestamp) -> Result<Vec<String>, MigrateError> {
    connect(path)?.immediate_transaction(|conn| {
        let pending = migrate::pending::<Backend>(conn, SQLITE)?;
        let applied = migrate::run(conn, &pending)?;
        schema_changes::remember(conn, migrate::remembered(SQLITE, &pending))?;
        events::append(conn, &migrate::events(&applied, now))?;
        Ok(applied)
    })
}

pub(super) fn status(path: &str) -> Result<SchemaStatus, MigrateError> {
    status_of(&mut connect(path)?)
}

/// The status of what a connection is open to.
pub(super) fn status_of(conn: &mut Conn) -> Result<SchemaStatus, MigrateError> {
    let mut rows = (Vec::new(), Vec::new());
    if has_history(conn)? {
        rows.0 = diesel::sql_query(migrate::APPLIED).load(conn)?;
    }
    if has(conn, "schema_change")? {
        rows.1 = diesel::sql_query(migrate::KINDS).load(conn)?;
    }
    Ok(migrate::status(rows.0, rows.1, SQLITE))
}

/// Whether anything was ever migrated there.
pub(super) fn has_history(conn: &mut Conn) -> QueryResult<bool> {
    has(conn, "__diesel_schema_migrations")
}

fn has(conn: &mut Conn, table: &str) -> QueryResult<bool> {
    let found: Found = diesel::sql_query(format!(
        "SELECT count(*) AS tables FROM sqlite_master WHERE name = '{table}'"
    ))
    .get_result(conn)?;
    Ok(found.tables > 0)
}
