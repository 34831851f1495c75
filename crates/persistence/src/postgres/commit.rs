//! Committing a change of a session in one statement. As a transaction of several it takes up to seven
//! round trips: Diesel prepares an UPDATE anew each time. This one is prepared once a connection.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Json, Nullable, Text};
use grantor_domain::event::Event;
use grantor_domain::ports::{Change, Committed};

use crate::fault::Failure;

use super::queries::events::EventRow;
use super::queries::session_row::SessionRow;
use super::{Backend, Conn};

/// Compare-and-set on the generation; the loser writes nothing.
pub(super) fn commit(
    conn: &mut Conn,
    change: &Change,
    of_change: &[Event],
) -> Result<Committed, Failure> {
    let statement = Commit {
        session: SessionRow::from(&change.session),
        seen: change.seen.get(),
        minted: change.minted.map(|token| *token.as_bytes()),
        events: of_change.iter().map(EventRow::from).collect(),
    };
    let moved: i64 = statement.get_result(conn)?;
    Ok(if moved == 1 {
        Committed::Done
    } else {
        Committed::Stale
    })
}

struct Commit<'a> {
    session: SessionRow,
    seen: i64,
    minted: Option<[u8; 32]>,
    events: Vec<EventRow<'a>>,
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

    fn note<'b>(event: &'b EventRow<'_>, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        out.push_bind_param::<BigInt, _>(&event.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&event.kind)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&event.reason)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&event.client_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&event.user_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&event.session_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&event.network)?;
        out.push_sql(" FROM moved");
        Ok(())
    }
}

impl QueryFragment<Backend> for Commit<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("WITH moved AS (");
        self.update(out.reborrow())?;
        out.push_sql(")");
        if let Some(token) = &self.minted {
            out.push_sql(", minted AS (INSERT INTO refresh_token (hash, session_id) SELECT ");
            out.push_bind_param::<Binary, _>(token)?;
            out.push_sql(", id FROM moved)");
        }
        for (place, event) in self.events.iter().enumerate() {
            out.push_sql(if place == 0 {
                ", noted AS (INSERT INTO event \
                 (at, kind, reason, client_id, user_id, session_id, network) "
            } else {
                " UNION ALL "
            });
            Self::note(event, out.reborrow())?;
        }
        if !self.events.is_empty() {
            out.push_sql(")");
        }
        out.push_sql(" SELECT count(*) FROM moved");
        Ok(())
    }
}

/// Its text follows what it carries, so Diesel knows it by its text.
impl QueryId for Commit<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Commit<'_> {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for Commit<'_> {}
