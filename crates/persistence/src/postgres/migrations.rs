//! Migrating Postgres: one replica at a time, on a connection of its own, without time limits.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use crate::migrate::{self, MigrateError, SchemaStatus};

use super::{Backend, Conn};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The key of the advisory lock: "grantor" in ASCII. It ends with the connection.
const LOCK: &str = "SELECT pg_advisory_lock(29117685391716210)";

const SETTINGS: &str = "\
    SET synchronous_commit = on; \
    SET statement_timeout = 0; \
    SET lock_timeout = 0; \
    SET application_name = 'grantor migrate'";

#[derive(QueryableByName)]
struct History {
    #[diesel(sql_type = Bool)]
    exists: bool,
}

pub(super) fn run(url: &str) -> Result<Vec<String>, MigrateError> {
    let mut conn = Conn::establish(url)?;
    conn.batch_execute(SETTINGS)?;
    conn.batch_execute(LOCK)?;
    migrate::run::<Backend>(&mut conn, MIGRATIONS)
}

pub(super) fn status(url: &str) -> Result<SchemaStatus, MigrateError> {
    let mut conn = Conn::establish(url)?;
    let history: History =
        diesel::sql_query("SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS exists")
            .get_result(&mut conn)?;
    if history.exists {
        let applied = diesel::sql_query(migrate::APPLIED).load(&mut conn)?;
        migrate::status::<Backend>(applied, &MIGRATIONS)
    } else {
        migrate::status_of_empty::<Backend>(&MIGRATIONS)
    }
}
