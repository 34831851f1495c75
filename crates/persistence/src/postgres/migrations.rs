//! Migrating Postgres: one replica at a time, in one transaction but for migrations that cannot run
//! in any, on a connection of its own, without time limits.

use diesel::connection::SimpleConnection as _;
use diesel::migration::Migration;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use grantor_domain::time::Timestamp;

use crate::migrate::{self, MigrateError, SchemaStatus};

use super::queries::events;
use super::{Backend, Conn};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The key of the advisory lock: "grantor" in ASCII. It ends with the connection.
const LOCK: &str = "SELECT pg_advisory_lock(29117685391716210)";

const SETTINGS: &str = "\
    SET synchronous_commit = on; \
    SET statement_timeout = 0; \
    SET lock_timeout = 0; \
    SET application_name = 'grantor migrate'";

type Pending = Box<dyn Migration<Backend>>;

#[derive(QueryableByName)]
struct History {
    #[diesel(sql_type = Bool)]
    exists: bool,
}

pub(super) fn run(url: &str, now: Timestamp) -> Result<Vec<String>, MigrateError> {
    let mut conn = Conn::establish(url)?;
    conn.batch_execute(SETTINGS)?;
    conn.batch_execute(LOCK)?;
    let pending = migrate::pending::<Backend>(&mut conn, MIGRATIONS)?;
    let in_transaction = |one: &Pending| one.metadata().run_in_transaction();
    let mut applied = Vec::with_capacity(pending.len());
    for batch in pending.chunk_by(|one, next| in_transaction(one) && in_transaction(next)) {
        let run = |conn: &mut Conn| -> Result<Vec<String>, MigrateError> {
            let names = migrate::run(conn, batch)?;
            events::append(conn, &migrate::events(&names, now))?;
            Ok(names)
        };
        applied.extend(if batch.iter().all(in_transaction) {
            conn.transaction(run)?
        } else {
            run(&mut conn)?
        });
    }
    Ok(applied)
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
