//! On SQLite, with the settings of the server's connections.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::failure::{Context as _, Outcome};

use super::row::COLUMNS;

#[path = "statements.rs"]
mod statements;

pub(super) use statements::{fill, inserting, inserting_groups, reading};

pub(super) type Conn = SqliteConnection;

const SETTINGS: &str = "\
    PRAGMA busy_timeout = 5000; \
    PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON";

fn connect(file: &str) -> Outcome<Conn> {
    let mut conn = Conn::establish(file).context("cannot open the SQLite file of a ceiling")?;
    conn.batch_execute(SETTINGS)
        .context("SQLite refuses a setting")?;
    Ok(conn)
}

fn make(conn: &mut Conn) -> QueryResult<()> {
    let columns = COLUMNS
        .replace("{bytes}", "blob")
        .replace("{number}", "integer");
    conn.batch_execute(&format!("CREATE TABLE ceiling ({columns}) STRICT"))
}

fn transaction<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> QueryResult<T>,
) -> QueryResult<T> {
    conn.immediate_transaction(work)
}
