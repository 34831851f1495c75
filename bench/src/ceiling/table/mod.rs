//! What a database does through Diesel, with nothing around it: rows like those of sessions, inserted so that an
//! acknowledged commit is on disk, and read by their primary key. The statements are compiled once for each database.

mod postgres;
mod row;
mod sqlite;

use std::time::Duration;

use crate::failure::Outcome;
use crate::store::{Database, Store};

use super::together::{self, Rate};

use sqlite::Conn as SqliteConn;

/// Rows of one transaction, where they are grouped.
const GROUP: usize = 64;
/// Rows there are to read.
const ROWS: u32 = 16_384;

/// A table beside those of the server, in a file or schema of its own. Dropping it removes it.
pub(crate) struct Table {
    store: Store,
    /// With its last connection, SQLite removes its log. A new one grows for its first thousand pages, and flushing a
    /// longer file takes longer than a server, which has long had its log, would ever have to wait.
    keeps_the_log: Option<SqliteConn>,
}

impl Table {
    /// Makes the table, with rows to read.
    pub(crate) fn make(store: &Store) -> Outcome<Self> {
        let store = store.apart("ceiling");
        store.clear()?;
        let filled = match &store.database {
            Database::Sqlite(file) => Some(sqlite::fill(&file.to_string_lossy())?),
            Database::Postgres(..) => postgres::fill(&store.url()).map(|_| None)?,
        };
        Ok(Self {
            store,
            keeps_the_log: filled,
        })
    }

    /// Commits rows one by one, on so many connections. SQLite lets one write at a time, so there it is always one.
    pub(crate) fn insert(&self, connections: usize, duration: Duration) -> Outcome<Rate> {
        match &self.store.database {
            Database::Sqlite(file) => {
                let file = file.to_string_lossy();
                together::measure(1, duration, || sqlite::inserting(&file))
            }
            Database::Postgres(..) => {
                let url = self.store.url();
                together::measure(connections, duration, || postgres::inserting(&url))
            }
        }
    }

    /// Commits rows, 64 in a transaction, on one connection.
    pub(crate) fn insert_grouped(&self, duration: Duration) -> Outcome<Rate> {
        match &self.store.database {
            Database::Sqlite(file) => {
                let file = file.to_string_lossy();
                together::measure(1, duration, || sqlite::inserting_groups(&file))
            }
            Database::Postgres(..) => {
                let url = self.store.url();
                together::measure(1, duration, || postgres::inserting_groups(&url))
            }
        }
    }

    /// Reads rows by their primary key, on so many connections.
    pub(crate) fn read(&self, connections: usize, duration: Duration) -> Outcome<Rate> {
        match &self.store.database {
            Database::Sqlite(file) => {
                let file = file.to_string_lossy();
                together::measure(connections, duration, || sqlite::reading(&file))
            }
            Database::Postgres(..) => {
                let url = self.store.url();
                together::measure(connections, duration, || postgres::reading(&url))
            }
        }
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        self.keeps_the_log = None;
        let _the_next_one_clears_it_too = self.store.clear();
    }
}
