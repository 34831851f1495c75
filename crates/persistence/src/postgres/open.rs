//! Opening sessions in one statement, where a transaction of several takes five round trips for each.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use grantor_domain::event::Event;
use grantor_domain::sessions::Session;

use super::columns::SessionColumns;
use super::companions::Companions;
use super::queries::session_row::SessionRow;
use super::{Backend, Conn};

/// Sessions with their refresh tokens and their events. An id is written once: a repetition on another
/// connection writes nothing where the first try was applied after all.
#[derive(Default)]
pub(super) struct Open<'a> {
    sessions: SessionColumns,
    companions: Companions<'a>,
}

impl<'a> Open<'a> {
    pub(super) fn add(&mut self, session: &'a Session, of_change: &'a [Event]) {
        let refresh = session.refresh.as_ref();
        self.sessions.push(SessionRow::from(session));
        self.companions.add(
            session.id.as_str(),
            refresh.map(|refresh| &refresh.hash),
            of_change,
        );
    }

    pub(super) fn run(self, conn: &mut Conn) -> QueryResult<()> {
        let _written_now_or_before: Vec<String> = self.load(conn)?;
        Ok(())
    }
}

impl QueryFragment<Backend> for Open<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("WITH written AS (INSERT INTO session (");
        out.push_sql(SessionColumns::NAMES);
        out.push_sql(") SELECT * FROM unnest(");
        self.sessions.bind(out.reborrow())?;
        out.push_sql(") ON CONFLICT (id) DO NOTHING RETURNING id)");
        self.companions.walk(out)
    }
}

/// What Diesel keeps the prepared statement by: its text never changes.
#[derive(QueryId)]
pub(super) struct OpenText;

impl QueryId for Open<'_> {
    type QueryId = OpenText;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for Open<'_> {
    type SqlType = Text;
}

impl RunQueryDsl<Conn> for Open<'_> {}
