//! Changing the row of a session, in a statement whose text never changes: Diesel would prepare its own
//! UPDATE anew each time.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Json, Nullable, Text};
use grantor_domain::ports::Change;

use super::session_row::SessionRow;
use super::{Backend, Conn};

/// A compare-and-set on the generation; the loser changes no row.
pub(crate) struct UpdateSession {
    row: SessionRow,
    seen: i64,
}

impl UpdateSession {
    pub(crate) fn new(change: &Change) -> Self {
        Self {
            row: SessionRow::from(&change.session),
            seen: change.seen.get(),
        }
    }
}

macro_rules! push_columns {
    ($out:ident, $row:expr, $($column:ident: $type:ty),+ $(,)?) => {
        $(
            $out.push_sql(concat!(", ", stringify!($column), " = "));
            $out.push_bind_param::<$type, _>(&$row.$column)?;
        )+
    };
}

impl QueryFragment<Backend> for UpdateSession {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let row = &self.row;
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
        out.push_bind_param::<BigInt, _>(&self.seen)
    }
}

/// What Diesel keeps the prepared statement by.
#[derive(QueryId)]
pub(crate) struct UpdateText;

impl QueryId for UpdateSession {
    type QueryId = UpdateText;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<Conn> for UpdateSession {}
