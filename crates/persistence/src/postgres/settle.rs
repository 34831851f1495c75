//! Up to where events are settled.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::Conn;

/// How often, and how long, transactions in flight are waited for: two seconds at most.
const LOOKS: u32 = 100;

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct Writer {
    #[diesel(sql_type = Text)]
    transaction: String,
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = BigInt)]
    writers: i64,
}

const LAST: &str = "SELECT last_value AS id FROM event_id_seq";

/// Transactions that may have taken an id of an event and not shown it yet. Each holds this lock from
/// before it takes an id until after its commit can be seen.
const WRITERS: &str = "\
    SELECT virtualtransaction AS transaction FROM pg_locks \
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    AND relation = 'event'::regclass";

/// The sleep is evaluated first, and once: the rest reads what it answers.
const LEFT: &str = "\
    WITH pause AS MATERIALIZED (SELECT pg_sleep(0.02) AS over) \
    SELECT count(lock.virtualtransaction) AS writers FROM pause \
    LEFT JOIN LATERAL ( \
        SELECT virtualtransaction FROM pg_locks \
        WHERE pause.over IS NOT NULL \
        AND locktype = 'relation' AND relation = 'event'::regclass \
        AND virtualtransaction = ANY ($1) \
    ) AS lock ON true";

/// An id such that no event with it or a smaller one can still appear; 0 when writers do not end.
///
/// Ids are taken in one order and shown in another. So the last one taken is read first, then who may
/// have taken one; when those have ended, all up to it are shown that ever will be. Nobody waits for
/// this, and it takes no lock that would stand in the way of writers or of vacuuming.
pub(super) fn settled_until(conn: &mut Conn) -> QueryResult<i64> {
    let Last { id } = diesel::sql_query(LAST).get_result(conn)?;
    let writers: Vec<Writer> = diesel::sql_query(WRITERS).load(conn)?;
    if writers.is_empty() {
        return Ok(id);
    }
    let writers: Vec<String> = writers.into_iter().map(|one| one.transaction).collect();
    for _ in 0..LOOKS {
        let Left { writers } = diesel::sql_query(LEFT)
            .bind::<Array<Text>, _>(&writers)
            .get_result(conn)?;
        if writers == 0 {
            return Ok(id);
        }
    }
    Ok(0)
}
