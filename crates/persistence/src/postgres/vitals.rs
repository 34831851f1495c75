//! What Postgres says of itself.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use grantor_domain::time::Timestamp;

use crate::vitals::{Setting, Vitals};

use super::Conn;

/// The time is read last, so that little passes until the answer is there.
const VITALS: &str = "\
    SELECT current_setting('fsync') AS fsync, \
        current_setting('full_page_writes') AS full_page_writes, \
        current_setting('synchronous_commit') AS synchronous_commit, \
        pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS read_only, \
        inet_server_addr() IS NOT NULL \
            AND NOT inet_server_addr() <<= '127.0.0.0/8' AND NOT inet_server_addr() <<= '::1' \
            AND NOT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) \
            AS in_the_clear, \
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    fsync: String,
    #[diesel(sql_type = Text)]
    full_page_writes: String,
    #[diesel(sql_type = Text)]
    synchronous_commit: String,
    #[diesel(sql_type = Bool)]
    read_only: bool,
    #[diesel(sql_type = Bool)]
    in_the_clear: bool,
    #[diesel(sql_type = BigInt)]
    now: i64,
}

pub(super) fn read(conn: &mut Conn) -> QueryResult<Vitals> {
    let row: Row = diesel::sql_query(VITALS).get_result(conn)?;
    let setting = |name, value: String| Setting {
        name,
        is_safe: !matches!(value.as_str(), "off" | "local"),
        value,
    };
    Ok(Vitals {
        settings: vec![
            setting("fsync", row.fsync),
            setting("full_page_writes", row.full_page_writes),
            setting("synchronous_commit", row.synchronous_commit),
        ],
        damage: None,
        read_only: row.read_only,
        in_the_clear: row.in_the_clear,
        now: Some(Timestamp::from_micros(row.now)),
    })
}
