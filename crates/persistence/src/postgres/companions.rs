//! What is written in one statement with sessions: refresh tokens, and events.

use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::{Array, Binary, Text};
use grantor_domain::event::Event;
use grantor_domain::secret::TokenHash;

use super::Backend;
use super::columns::EventColumns;
use super::queries::events::EventRow;

/// The rest of a statement that begins with `WITH written AS (…)`. What belongs to a session that was not
/// written is not written either.
#[derive(Default)]
pub(super) struct Companions<'a> {
    minted: Vec<&'a [u8]>,
    minted_by: Vec<&'a str>,
    events: EventColumns<'a>,
    events_of: Vec<&'a str>,
}

impl<'a> Companions<'a> {
    /// Adds those of a session.
    pub(super) fn add(
        &mut self,
        session: &'a str,
        minted: Option<&'a TokenHash>,
        events: &'a [Event],
    ) {
        if let Some(token) = minted {
            self.minted.push(token.as_bytes());
            self.minted_by.push(session);
        }
        for event in events {
            self.events.push(EventRow::from(event));
            self.events_of.push(session);
        }
    }

    /// Answers the ids of the sessions that were written.
    pub(super) fn walk<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(
            ", minted AS (INSERT INTO refresh_token (hash, session_id) \
             SELECT given.hash, written.id FROM unnest(",
        );
        out.push_bind_param::<Array<Binary>, _>(&self.minted)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.minted_by)?;
        out.push_sql(") AS given (hash, of) JOIN written ON written.id = given.of), noted AS (INSERT INTO event (");
        out.push_sql(EventColumns::NAMES);
        out.push_sql(") SELECT ");
        out.push_sql(EventColumns::NAMES);
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.events_of)?;
        out.push_sql(", ");
        self.events.bind(out.reborrow())?;
        out.push_sql(") WITH ORDINALITY AS given (of, ");
        out.push_sql(EventColumns::NAMES);
        // Ids are given in the order of the rows.
        out.push_sql(
            ", place) JOIN written ON written.id = given.of ORDER BY place) SELECT id FROM written",
        );
        Ok(())
    }
}
