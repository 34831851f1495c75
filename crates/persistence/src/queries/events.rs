//! Security events.

#![expect(
    clippy::ref_option_ref,
    reason = "what `Insertable` makes of optional texts"
)]

use diesel::prelude::*;
use grantor_domain::caller::Subject;
use grantor_domain::event::Event;
use grantor_domain::id::{ClientId, SessionId, UserId};
use grantor_domain::reason::Reason;
use grantor_domain::time::Timestamp;

use crate::schema::{audit_link, event};

use super::{Conn, event_counts, insert_all};

/// `actor_type` of the person who runs the program.
const OPERATOR: &str = "Operator";

#[derive(Insertable)]
#[diesel(table_name = event, treat_none_as_default_value = false)]
pub(crate) struct EventRow<'a> {
    pub(crate) at: i64,
    pub(crate) kind: &'static str,
    pub(crate) reason: Option<&'static str>,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) user_id: Option<&'a str>,
    pub(crate) session_id: Option<&'a str>,
    pub(crate) network: Option<String>,
    pub(crate) actor_type: Option<&'static str>,
    pub(crate) actor_id: Option<&'a str>,
    pub(crate) target_type: Option<&'static str>,
    pub(crate) target_id: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) changes: Option<serde_json::Value>,
    pub(crate) detail: Option<&'a str>,
}

impl<'a> From<&'a Event> for EventRow<'a> {
    fn from(event: &'a Event) -> Self {
        Self {
            at: event.at.as_micros(),
            kind: event.kind.name(),
            reason: event.reason.map(Reason::name),
            client_id: event.client.as_ref().map(ClientId::as_str),
            user_id: event.user.as_ref().map(UserId::as_str),
            session_id: event.session.as_ref().map(SessionId::as_str),
            network: event.network.map(|network| network.to_string()),
            actor_type: event.actor.as_ref().map(|actor| match actor.parts() {
                Some((kind, _)) => kind.as_str(),
                None => OPERATOR,
            }),
            actor_id: event
                .actor
                .as_ref()
                .and_then(Subject::parts)
                .map(|(_, id)| id),
            target_type: event.target.as_ref().map(|(kind, _)| kind.as_str()),
            target_id: event.target.as_ref().map(|(_, id)| id.as_str()),
            request_id: event.request_id.as_deref(),
            changes: (!event.changes.is_empty()).then(|| event.changes.clone().into()),
            detail: event.detail.as_deref(),
        }
    }
}

/// Writes events.
pub(crate) fn append(conn: &mut Conn, events: &[Event]) -> QueryResult<()> {
    match events {
        [] => Ok(()),
        // The usual case: Diesel keeps a prepared statement for one row, and none for several.
        [only] => diesel::insert_into(event::table)
            .values(EventRow::from(only))
            .execute(conn)
            .map(drop),
        several => {
            let rows: Vec<EventRow<'_>> = several.iter().map(EventRow::from).collect();
            insert_all!(conn, event::table, rows.as_slice()).map(drop)
        }
    }
}

/// Forgets up to `limit` events from before `before`, the oldest first, and the links of those before
/// the last of them: that one's link is what the rest of the chain hangs on. Events go in the order of
/// their ids, without gaps, and the newest stays: `SQLite` would give its id away again.
pub(crate) fn reap(conn: &mut Conn, before: Timestamp, limit: u32) -> QueryResult<usize> {
    let oldest: Vec<(i64, i64)> = event::table
        .order(event::id)
        .limit(i64::from(limit) + 1)
        .select((event::id, event::at))
        .load(conn)?;
    let but_the_newest = oldest.iter().take(oldest.len().saturating_sub(1));
    let over = but_the_newest.take_while(|(_, at)| *at < before.as_micros());
    let Some((last, _)) = over.last() else {
        return Ok(0);
    };
    let reaped = diesel::delete(event::table.filter(event::id.le(last))).execute(conn)?;
    event_counts::reap(conn, before)?;
    let anchor: Option<i64> = audit_link::table
        .filter(audit_link::event_id.le(last))
        .select(diesel::dsl::max(audit_link::event_id))
        .get_result(conn)?;
    if let Some(anchor) = anchor {
        let before = audit_link::table.filter(audit_link::event_id.lt(anchor));
        diesel::delete(before).execute(conn)?;
    }
    Ok(reaped)
}
