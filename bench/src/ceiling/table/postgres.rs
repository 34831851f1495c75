//! On Postgres, with commits as durable as the server's.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::failure::{Context as _, Outcome};

use super::row::COLUMNS;

#[path = "statements.rs"]
mod statements;

pub(super) use statements::{fill, inserting, inserting_groups, reading};

pub(super) type Conn = PgConnection;

fn connect(url: &str) -> Outcome<Conn> {
    let mut conn = Conn::establish(url).context("cannot connect to Postgres for a ceiling")?;
    conn.batch_execute("SET synchronous_commit = on")
        .context("Postgres refuses a setting")?;
    Ok(conn)
}

fn make(conn: &mut Conn) -> QueryResult<()> {
    let columns = COLUMNS
        .replace("{bytes}", "bytea")
        .replace("{number}", "bigint");
    conn.batch_execute(&format!("CREATE TABLE ceiling ({columns})"))
}

fn transaction<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> QueryResult<T>,
) -> QueryResult<T> {
    conn.transaction(work)
}
