//! The statements on Postgres, and what only Postgres has.

#[path = "../adapter/mod.rs"]
mod adapter;
mod backup;
mod columns;
mod commit;
mod companions;
mod connection;
mod insert;
mod migrations;
mod open;
#[path = "../queries/mod.rs"]
mod queries;
mod settle;
mod target;
mod together;
mod vitals;

use adapter::Adapter;
use connection::{
    all_connections, lock_chain, lock_signing_keys, prepare, probe, probe_writing,
    relax_durability, transaction,
};
use insert::insert_all;
use settle::settled_until;
pub(crate) use target::Target;
use together::{Write, write_all};

use crate::group::Group;
use crate::options::DatabaseOptions;
use crate::pool::Pool;
use crate::scripts::POSTGRES as SCRIPTS;

type Conn = diesel::PgConnection;
type Backend = diesel::pg::Pg;

/// Postgres knows by itself who is connected.
type Hold = Option<std::convert::Infallible>;

/// Whether `NOT EXISTS` is planned as a join. Here it is; `<> ALL` goes through all it finds once a row.
const ANTI_JOINS: bool = true;

/// Whether a statement locks the tables it changes, and no more.
const LOCKS_TABLES: bool = true;

/// The ports on the Postgres at `url`: one pool for reading and writing.
pub(crate) fn open(url: &str, options: &DatabaseOptions) -> Adapter {
    let pool = Pool::new(url, options.pool_size, options.connection_timeout, prepare);
    Adapter {
        location: url.to_owned(),
        reads: pool.clone(),
        writes: pool,
        _held: None,
        group: Group::new(together::LEADERS, together::MOST),
    }
}
