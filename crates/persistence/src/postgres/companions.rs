//! What is written in one statement with a session: a refresh token, and events.

use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::{BigInt, Binary, Json, Nullable, Text};
use grantor_domain::event::Event;
use grantor_domain::secret::TokenHash;

use super::Backend;
use super::queries::events::EventRow;

/// The rest of a statement that begins with `WITH written AS (…)`. Where nothing was written,
/// nothing accompanies it.
pub(super) struct Companions<'a> {
    minted: Option<[u8; 32]>,
    events: Vec<EventRow<'a>>,
}

impl<'a> Companions<'a> {
    pub(super) fn new(minted: Option<&TokenHash>, events: &'a [Event]) -> Self {
        Self {
            minted: minted.map(|token| *token.as_bytes()),
            events: events.iter().map(EventRow::from).collect(),
        }
    }

    /// Answers how many sessions were written.
    pub(super) fn walk<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if let Some(token) = &self.minted {
            out.push_sql(", minted AS (INSERT INTO refresh_token (hash, session_id) SELECT ");
            out.push_bind_param::<Binary, _>(token)?;
            out.push_sql(", id FROM written)");
        }
        for (place, event) in self.events.iter().enumerate() {
            if place == 0 {
                out.push_sql(", noted AS (INSERT INTO event (");
                out.push_sql(COLUMNS);
                out.push_sql(") ");
            } else {
                out.push_sql(" UNION ALL ");
            }
            note(event, out.reborrow())?;
        }
        if !self.events.is_empty() {
            out.push_sql(")");
        }
        out.push_sql(" SELECT count(*) FROM written");
        Ok(())
    }
}

macro_rules! columns {
    ($first:ident: $First:ty, $($column:ident: $Type:ty),+ $(,)?) => {
        const COLUMNS: &str = concat!(stringify!($first) $(, ", ", stringify!($column))+);

        fn note<'b>(event: &'b EventRow<'_>, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
            out.push_sql("SELECT ");
            out.push_bind_param::<$First, _>(&event.$first)?;
            $(
                out.push_sql(", ");
                out.push_bind_param::<$Type, _>(&event.$column)?;
            )+
            out.push_sql(" FROM written");
            Ok(())
        }
    };
}

columns! {
    at: BigInt,
    kind: Text,
    reason: Nullable<Text>,
    client_id: Nullable<Text>,
    user_id: Nullable<Text>,
    session_id: Nullable<Text>,
    network: Nullable<Text>,
    actor_type: Nullable<Text>,
    actor_id: Nullable<Text>,
    target_type: Nullable<Text>,
    target_id: Nullable<Text>,
    request_id: Nullable<Text>,
    changes: Nullable<Json>,
    detail: Nullable<Text>,
}
