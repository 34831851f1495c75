//! The statements on `SQLite`, and what only `SQLite` has.

#[path = "../adapter.rs"]
mod adapter;
mod commit;
mod connection;
mod file;
mod insert;
mod migrations;
mod open;
#[path = "../queries/mod.rs"]
mod queries;
mod together;

use std::path::Path;

use adapter::Adapter;
use connection::{
    all_connections, lock_chain, lock_signing_keys, prepare, probe, probe_writing,
    relax_durability, settled_until, transaction,
};
use insert::insert_all;
use together::{Write, write_all};

use crate::group::Group;
use crate::options::{ConnectError, DatabaseOptions};
use crate::pool::Pool;

type Conn = diesel::SqliteConnection;
type Backend = diesel::sqlite::Sqlite;

/// Whether `NOT EXISTS` is planned as a join. Here it searches once a row, and `NOT IN` once in all.
const ANTI_JOINS: bool = false;

/// The ports on the `SQLite` file at `path`. One connection writes and the others read: writers that
/// wait for a connection are served in turn, where those that wait for `SQLite`'s lock are not.
pub(crate) fn open(path: &Path, options: &DatabaseOptions) -> Result<Adapter, ConnectError> {
    let location = file::prepare(path)?;
    let timeout = options.connection_timeout;
    Ok(Adapter {
        reads: Pool::new(&location, options.pool_size, timeout, prepare),
        writes: Pool::new(&location, 1, timeout, prepare),
        location,
        group: Group::new(together::LEADERS, together::MOST),
    })
}
