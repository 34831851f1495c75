//! Opening a session in one statement, where a transaction of several takes five round trips.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use grantor_domain::event::Event;
use grantor_domain::sessions::Session;

use crate::fault::Failure;
use crate::schema::session;

use super::companions::Companions;
use super::queries::session_row::SessionRow;
use super::{Backend, Conn};

/// Writes a session with its refresh token and its events. An id is written once: a repetition on
/// another connection writes nothing where the first try was applied after all.
pub(super) fn open_session(
    conn: &mut Conn,
    opened: &Session,
    of_change: &[Event],
) -> Result<(), Failure> {
    let refresh = opened.refresh.as_ref();
    let statement = Open {
        insert: diesel::insert_into(session::table)
            .values(SessionRow::from(opened))
            .on_conflict(session::id)
            .do_nothing()
            .returning(session::id),
        companions: Companions::new(refresh.map(|refresh| &refresh.hash), of_change),
    };
    let _written_now_or_before: i64 = statement.get_result(conn)?;
    Ok(())
}

struct Open<'a, Insert> {
    insert: Insert,
    companions: Companions<'a>,
}

impl<Insert: QueryFragment<Backend>> QueryFragment<Backend> for Open<'_, Insert> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("WITH written AS (");
        self.insert.walk_ast(out.reborrow())?;
        out.push_sql(")");
        self.companions.walk(out)
    }
}

/// Its text follows what it carries, so Diesel knows it by its text.
impl<Insert> QueryId for Open<'_, Insert> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Insert> Query for Open<'_, Insert> {
    type SqlType = BigInt;
}

impl<Insert> RunQueryDsl<Conn> for Open<'_, Insert> {}
