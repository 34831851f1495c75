//! Committing a change of a session in one statement. As a transaction of several it takes up to seven
//! round trips: Diesel prepares an UPDATE anew each time. This one is prepared once a connection.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Json, Nullable, Text};
use grantor_domain::event::Event;
use grantor_domain::ports::{Change, Committed};

use crate::fault::Failure;

use super::companions::Companions;
use super::queries::session_row::SessionRow;
use super::{Backend, Conn};

/// Compare-and-set on the generation; the loser writes nothing.
pub(super) fn commit(
    conn: &mut Conn,
    change: &Change,
    of_change: &[Event],
) -> Result<Committed, Failure> {
    let mut statement = Commit {
        session: SessionRow::from(&change.session),
        seen: change.seen.get(),
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
    session: SessionRow,
    seen: i64,
    companions: Companions<'a>,
}

macro_rules! push_columns {
    ($out:ident, $row:expr, $($column:ident: $type:ty),+ $(,)?) => {
        $(
            $out.push_sql(concat!(", ", stringify!($column), " = "));
            $out.push_bind_param::<$type, _>(&$row.$column)?;
        )+
    };
}

impl Commit<'_> {
    fn update<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let row = &self.session;
        out.push_sql("UPDATE session SET generation = ");
        out.push_bind_param::<BigInt, _>(&row.generation)?;
        push_columns!(
            out,
            row,
            kind: Text,
            client_id: Text,
            client_epoch: BigInt,
            user_id: Nullable<Text>,
            user_epoch: Nullable<BigInt>,
            scope: Text,
            audience: Json,
            access_hash: Binary,
            access_id: Text,
            access_scope: Text,
            access_audience: Json,
            access_issued: BigInt,
            access_expires: BigInt,
            refresh_hash: Nullable<Binary>,
            previous_hash: Nullable<Binary>,
            refresh_expires: Nullable<BigInt>,
            refresh_idle: Nullable<BigInt>,
            closed_at: Nullable<BigInt>,
            start: BigInt,
            last_used: BigInt,
            updated: BigInt,
            ends: BigInt,
            address: Nullable<Text>,
            user_agent: Nullable<Text>
        );
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<Text, _>(&row.id)?;
        out.push_sql(" AND generation = ");
        out.push_bind_param::<BigInt, _>(&self.seen)?;
        out.push_sql(" RETURNING id");
        Ok(())
    }
}

impl QueryFragment<Backend> for Commit<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("WITH written AS (");
        self.update(out.reborrow())?;
        out.push_sql(")");
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
