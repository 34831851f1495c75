//! Committing a change of a session in one statement. As a transaction of several it takes up to seven
//! round trips.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use grantor_domain::event::Event;
use grantor_domain::ports::{Change, Committed};

use crate::fault::Failure;

use super::companions::Companions;
use super::queries::session_update::UpdateSession;
use super::{Backend, Conn};

/// Compare-and-set on the generation; the loser writes nothing.
pub(super) fn commit(
    conn: &mut Conn,
    change: &Change,
    of_change: &[Event],
) -> Result<Committed, Failure> {
    let mut statement = Commit {
        update: UpdateSession::new(change),
        companions: Companions::default(),
    };
    let id = change.session.id.as_str();
    statement
        .companions
        .add(id, change.minted.as_ref(), of_change);
    let moved: Vec<String> = statement.load(conn)?;
    Ok(if moved.is_empty() {
        Committed::Stale
    } else {
        Committed::Done
    })
}

struct Commit<'a> {
    update: UpdateSession,
    companions: Companions<'a>,
}

impl QueryFragment<Backend> for Commit<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("WITH written AS (");
        self.update.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING id)");
        self.companions.walk(out)
    }
}

/// What Diesel keeps the prepared statement by: its text never changes.
#[derive(QueryId)]
struct CommitText;

impl QueryId for Commit<'_> {
    type QueryId = CommitText;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for Commit<'_> {
    type SqlType = Text;
}

impl RunQueryDsl<Conn> for Commit<'_> {}
