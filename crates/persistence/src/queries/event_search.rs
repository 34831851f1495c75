//! Searching events.

use diesel::dsl::IntoBoxed;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use grantor_domain::audit::{EventId, EventParty, EventQuery, Outcome, RecordedEvent};
use grantor_domain::event::EventKind;
use grantor_domain::ports::Page;
use grantor_domain::resources::ResourceKind;

use crate::fault::Failure;
use crate::schema::event;

use super::event_row::RecordedRow;
use super::pages::{one_of, ordered, page, past};
use super::{Backend, Conn};

type Matches<'a> = IntoBoxed<'a, event::table, Backend>;
type Condition<'a> =
    Box<dyn BoxableExpression<event::table, Backend, SqlType = Nullable<Bool>> + 'a>;

pub(crate) fn search(conn: &mut Conn, query: &EventQuery) -> Result<Page<RecordedEvent>, Failure> {
    let start = &query.window.start;
    let falls = query.ascending == start.is_backwards();
    let mut selected = ordered!(matches(query), event::id, falls);
    if let Some(from) = start.position() {
        // A position is one that we gave out.
        let id = EventId::parse(&from.id).map_or(0, EventId::get);
        selected = past!(selected, event::id, falls, id);
    }
    page!(conn, &query.window, selected, matches(query), RecordedRow => |row| Ok(row.read()))
}

/// What [`EventQuery::matches`] says, in SQL.
fn matches(query: &EventQuery) -> Matches<'_> {
    let mut matches = event::table.into_boxed();
    matches = one_of!(matches, event::id, query.ids.iter().map(|id| id.get()));
    let kinds = query.kinds.iter().map(|kind| kind.name());
    matches = one_of!(matches, event::kind, kinds);
    for (from, until) in &query.dates {
        if let Some(from) = from {
            matches = matches.filter(event::at.ge(from.as_micros()));
        }
        if let Some(until) = until {
            matches = matches.filter(event::at.lt(until.as_micros()));
        }
    }
    if let Some(condition) = either(&query.outcomes, ended) {
        matches = matches.filter(condition);
    }
    if let Some(condition) = either(&query.agents, is_agent) {
        matches = matches.filter(condition);
    }
    if let Some(condition) = either(&query.entities, is_entity) {
        matches = matches.filter(condition);
    }
    matches
}

/// Any of several conditions; none without any.
fn either<'a, T>(
    wanted: &'a [T],
    condition: impl Fn(&'a T) -> Condition<'a>,
) -> Option<Condition<'a>> {
    let conditions = wanted.iter().map(condition);
    conditions.reduce(|one, other| Box::new(one.or(other)))
}

fn ended(outcome: &Outcome) -> Condition<'_> {
    let refusals = EventKind::ALL.into_iter().filter(|kind| kind.is_refusal());
    let refusals: Vec<&'static str> = refusals.map(EventKind::name).collect();
    let verified = EventKind::AuditVerified.name();
    match outcome {
        Outcome::Denied => Box::new(event::kind.nullable().eq_any(refusals)),
        Outcome::Error => Box::new(
            event::kind
                .nullable()
                .eq(verified)
                .and(event::target_id.is_not_null()),
        ),
        Outcome::Ok => Box::new(
            event::kind.nullable().ne_all(refusals).and(
                event::kind
                    .nullable()
                    .ne(verified)
                    .or(event::target_id.is_null()),
            ),
        ),
    }
}

fn is_agent(party: &EventParty) -> Condition<'_> {
    let id = party.id.as_str();
    let apart: Condition<'_> = match party.kind {
        Some(kind) => Box::new(
            event::actor_type
                .eq(kind.as_str())
                .and(event::actor_id.eq(id)),
        ),
        None => Box::new(event::actor_id.eq(id)),
    };
    match is_client_or_user(party) {
        Some(through) => Box::new(apart.or(event::actor_type.is_null().and(through))),
        None => apart,
    }
}

fn is_entity(party: &EventParty) -> Condition<'_> {
    let id = party.id.as_str();
    let target: Condition<'_> = match party.kind {
        Some(kind) => Box::new(
            event::target_type
                .eq(kind.as_str())
                .and(event::target_id.eq(id)),
        ),
        None => Box::new(event::target_id.eq(id)),
    };
    let other = match is_client_or_user(party) {
        Some(own) => Box::new(target.or(own)),
        None => target,
    };
    if party.kind.is_none_or(|kind| kind == ResourceKind::Session) {
        Box::new(other.or(event::session_id.eq(id)))
    } else {
        other
    }
}

fn is_client_or_user(party: &EventParty) -> Option<Condition<'_>> {
    let id = party.id.as_str();
    match party.kind {
        Some(ResourceKind::Client) => Some(Box::new(event::client_id.eq(id))),
        Some(ResourceKind::User) => Some(Box::new(event::user_id.eq(id))),
        None => Some(Box::new(event::client_id.eq(id).or(event::user_id.eq(id)))),
        Some(_) => None,
    }
}
