//! Migrating `SQLite`: all in one transaction, which holds the write lock.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use grantor_domain::time::Timestamp;

use crate::migrate::{self, MigrateError, SchemaStatus};

use super::connection::SETTINGS;
use super::queries::events;
use super::{Backend, Conn};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

#[derive(QueryableByName)]
struct History {
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
        let pending = migrate::pending::<Backend>(conn, MIGRATIONS)?;
        let applied = migrate::run(conn, &pending)?;
        events::append(conn, &migrate::events(&applied, now))?;
        Ok(applied)
    })
}

pub(super) fn status(path: &str) -> Result<SchemaStatus, MigrateError> {
    status_of(&mut connect(path)?)
}

/// The status of what a connection is open to.
pub(super) fn status_of(conn: &mut Conn) -> Result<SchemaStatus, MigrateError> {
    if has_history(conn)? {
        let applied = diesel::sql_query(migrate::APPLIED).load(conn)?;
        migrate::status::<Backend>(applied, &MIGRATIONS)
    } else {
        migrate::status_of_empty::<Backend>(&MIGRATIONS)
    }
}

/// Whether anything was ever migrated there.
pub(super) fn has_history(conn: &mut Conn) -> QueryResult<bool> {
    let history: History = diesel::sql_query(
        "SELECT count(*) AS tables FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
    )
    .get_result(conn)?;
    Ok(history.tables > 0)
}
