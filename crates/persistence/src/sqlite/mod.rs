//! The statements on `SQLite`, and what only `SQLite` has.

#[path = "../adapter/mod.rs"]
mod adapter;
mod backup;
mod commit;
mod connection;
mod file;
mod insert;
mod migrations;
mod open;
#[path = "../queries/mod.rs"]
mod queries;
mod restore;
mod source;
mod together;
mod vitals;

use std::path::Path;

use adapter::Adapter;
use connection::{
    all_connections, lock_chain, lock_signing_keys, prepare, probe, probe_writing,
    relax_durability, settled_until, transaction,
};
use file::Held;
use insert::insert_all;
pub(crate) use source::Source;
use together::{Write, write_all};

use crate::group::Group;
use crate::options::{ConnectError, DatabaseOptions};
use crate::pool::Pool;
use crate::scripts::SQLITE as SCRIPTS;

pub use restore::Restore;

type Conn = diesel::SqliteConnection;
type Backend = diesel::sqlite::Sqlite;

/// What shows others that the database is in use.
type Hold = Option<Held>;

/// Whether `NOT EXISTS` is planned as a join. Here it searches once a row, and `NOT IN` once in all.
const ANTI_JOINS: bool = false;

/// Whether a statement locks the tables it changes, and no more.
const LOCKS_TABLES: bool = false;

/// The ports on the `SQLite` file at `path`. One connection writes and the others read: writers that
/// wait for a connection are served in turn, where those that wait for `SQLite`'s lock are not.
pub(crate) fn open(path: &Path, options: &DatabaseOptions) -> Result<Adapter, ConnectError> {
    let held = Held::shared(path)?;
    let location = file::prepare(path)?;
    let timeout = options.connection_timeout;
    Ok(Adapter {
        reads: Pool::new(&location, options.pool_size, timeout, prepare),
        writes: Pool::new(&location, 1, timeout, prepare),
        location,
        _held: held,
        group: Group::new(together::LEADERS, together::MOST),
    })
}
