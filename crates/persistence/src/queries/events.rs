//! Security events.

use diesel::prelude::*;
use grantor_domain::caller::Subject;
use grantor_domain::event::Event;
use grantor_domain::id::{ClientId, SessionId, UserId};
use grantor_domain::reason::Reason;
use grantor_domain::time::Timestamp;

use super::Conn;
use super::schema::event;

/// `actor_type` of the person who runs the program.
const OPERATOR: &str = "Operator";

#[derive(Insertable)]
#[diesel(table_name = event)]
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
        }
    }
}

/// Writes events in one statement; without events, none.
pub(crate) fn append(conn: &mut Conn, events: &[Event]) -> QueryResult<()> {
    match events {
        [] => {}
        // The usual case: Diesel keeps a prepared statement for one row, and none for several.
        [only] => {
            diesel::insert_into(event::table)
                .values(EventRow::from(only))
                .execute(conn)?;
        }
        several => {
            let rows: Vec<EventRow<'_>> = several.iter().map(EventRow::from).collect();
            diesel::insert_into(event::table)
                .values(rows)
                .execute(conn)?;
        }
    }
    Ok(())
}

/// Forgets up to `limit` events from before `before`, the oldest first.
pub(crate) fn reap(conn: &mut Conn, before: Timestamp, limit: u32) -> QueryResult<usize> {
    let old = diesel::alias!(event as old_event);
    let over = old
        .filter(old.field(event::at).lt(before.as_micros()))
        .order(old.field(event::at))
        .limit(i64::from(limit))
        .select(old.field(event::id));
    diesel::delete(event::table.filter(event::id.eq_any(over))).execute(conn)
}
