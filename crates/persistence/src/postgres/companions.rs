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
            out.push_sql(if place == 0 {
                ", noted AS (INSERT INTO event \
                 (at, kind, reason, client_id, user_id, session_id, network, \
                 actor_type, actor_id, target_type, target_id, request_id, changes, detail) "
            } else {
                " UNION ALL "
            });
            note(event, out.reborrow())?;
        }
        if !self.events.is_empty() {
            out.push_sql(")");
        }
        out.push_sql(" SELECT count(*) FROM written");
        Ok(())
    }
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
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&event.actor_type)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&event.actor_id)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&event.target_type)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&event.target_id)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&event.request_id)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Json>, _>(&event.changes)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Text>, _>(&event.detail)?;
    out.push_sql(" FROM written");
    Ok(())
}
