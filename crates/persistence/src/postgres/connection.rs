//! Sessions and transactions of Postgres.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::fault::{Abort, Failure};
use crate::pool::{Connections, Pool};

use super::Conn;

/// Settles what a cluster, database or role may have set otherwise. A commit is on disk when it
/// returns, wherever the default is `off`; nothing waits for ever.
const SETTINGS: &str = "\
    SET synchronous_commit = on; \
    SET default_transaction_isolation = 'read committed'; \
    SET statement_timeout = '5s'; \
    SET lock_timeout = '2s'; \
    SET idle_in_transaction_session_timeout = '10s'; \
    SET application_name = 'grantor'";

pub(super) fn prepare(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute(SETTINGS)
}

/// READ COMMITTED is enough: every change is a compare-and-set in one statement.
pub(super) fn transaction<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, Abort<T>>,
) -> Result<T, Failure> {
    conn.transaction(work).or_else(Abort::answer)
}

/// For the rest of this transaction, its commit need not be on disk when it returns.
pub(super) fn relax_durability(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("SET LOCAL synchronous_commit = off")
}

/// Until this transaction ends, no other adds or changes a signing key.
pub(super) fn lock_signing_keys(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE")
}

/// Until this transaction ends, no other links events. The key is "audit" in ASCII.
pub(super) fn lock_chain(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("SELECT pg_advisory_xact_lock(418532206964)")
}

pub(super) fn probe(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("SELECT 1")
}

/// A standby, and a database or role that was told to, take no writes.
pub(super) fn probe_writing(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute(
        "DO $$ BEGIN IF current_setting('transaction_read_only') = 'on' THEN \
         RAISE 'the database takes no writes'; END IF; END $$",
    )
}

/// One pool reads and writes.
pub(super) fn all_connections(reads: &Pool<Conn>, _: &Pool<Conn>) -> Connections {
    reads.connections()
}
