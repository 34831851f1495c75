//! Connections and transactions of `SQLite`.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::fault::{Abort, Failure};
use crate::pool::{Connections, Pool};

use super::Conn;

/// `busy_timeout` comes first: switching to WAL may itself have to wait.
pub(super) const SETTINGS: &str = "\
    PRAGMA busy_timeout = 5000; \
    PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON";

pub(super) fn prepare(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute(SETTINGS)
}

/// BEGIN IMMEDIATE takes the write lock first, so that no transaction fails half-way because
/// another wrote since it first read.
pub(super) fn transaction<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, Abort<T>>,
) -> Result<T, Failure> {
    conn.immediate_transaction(work).or_else(Abort::answer)
}

/// `SQLite` knows no such thing for a single transaction.
#[expect(clippy::unnecessary_wraps, reason = "on Postgres this is a statement")]
pub(super) const fn relax_durability(_: &mut Conn) -> QueryResult<()> {
    Ok(())
}

/// A write transaction is alone already.
#[expect(clippy::unnecessary_wraps, reason = "on Postgres this is a statement")]
pub(super) const fn lock_signing_keys(_: &mut Conn) -> QueryResult<()> {
    Ok(())
}

/// A write transaction is alone already.
#[expect(clippy::unnecessary_wraps, reason = "on Postgres this is a statement")]
pub(super) const fn lock_chain(_: &mut Conn) -> QueryResult<()> {
    Ok(())
}

/// Writers come one after another, so events appear in the order of their ids.
#[expect(clippy::unnecessary_wraps, reason = "on Postgres this is a statement")]
pub(super) const fn settled_until(_: &mut Conn) -> QueryResult<i64> {
    Ok(i64::MAX)
}

pub(super) fn probe(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("SELECT 1")
}

/// Writes a page as it is, so that a full disk or one that was made read-only is seen. Nothing of ours
/// reads this number.
pub(super) fn probe_writing(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("PRAGMA user_version = 1")
}

/// One pool reads, one writes.
pub(super) fn all_connections(reads: &Pool<Conn>, writes: &Pool<Conn>) -> Connections {
    reads.connections().and(writes.connections())
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::{BigInt, Text};

    use super::*;

    #[test]
    fn every_connection_is_durable_patient_and_keeps_references() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut conn = Conn::establish(path.to_str().unwrap()).unwrap();
        prepare(&mut conn).unwrap();
        let mode: String = diesel::dsl::sql::<Text>("PRAGMA journal_mode")
            .get_result(&mut conn)
            .unwrap();
        assert_eq!(mode, "wal");
        for (pragma, expected) in [
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("busy_timeout", 5000),
        ] {
            let value: i64 = diesel::dsl::sql::<BigInt>(&format!("PRAGMA {pragma}"))
                .get_result(&mut conn)
                .unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
    }
}
