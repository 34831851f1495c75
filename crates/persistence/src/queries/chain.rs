//! The chain beside the events.

use diesel::prelude::*;
use grantor_domain::audit::{EventId, Link, Linked, RecordedEvent};

use crate::fault::Failure;
use crate::schema::{audit_link, event};

use super::event_row::RecordedRow;
use super::{AT_ONCE, Conn, event_counts};

type LinkRow = (i64, Vec<u8>);

pub(crate) fn head(conn: &mut Conn) -> Result<Option<Link>, Failure> {
    let last: Option<LinkRow> = audit_link::table
        .order(audit_link::event_id.desc())
        .first(conn)
        .optional()?;
    Ok(last.map(|(id, bytes)| Link {
        id: EventId::from_row(id),
        seal: seal(bytes),
    }))
}

/// Events after `after`, up to `until`.
pub(crate) fn events(
    conn: &mut Conn,
    after: Option<EventId>,
    until: i64,
    limit: u32,
) -> Result<Vec<RecordedEvent>, Failure> {
    let rows: Vec<RecordedRow> = event::table
        .filter(event::id.gt(floor(after)).and(event::id.le(until)))
        .order(event::id)
        .limit(i64::from(limit))
        .select(RecordedRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(RecordedRow::read).collect())
}

/// Adds links, unless others were added meanwhile, and counts their events.
pub(crate) fn link(
    conn: &mut Conn,
    after: Option<EventId>,
    links: &[Link],
) -> Result<bool, Failure> {
    if head(conn)?.map(|last| last.id) != after {
        return Ok(false);
    }
    let row = |link: &Link| {
        (
            audit_link::event_id.eq(link.id.get()),
            audit_link::seal.eq(link.seal.to_vec()),
        )
    };
    for some in links.chunks(AT_ONCE) {
        let rows: Vec<_> = some.iter().map(row).collect();
        diesel::insert_into(audit_link::table)
            .values(rows)
            .execute(conn)?;
    }
    if let Some(last) = links.last() {
        event_counts::add(conn, last.id.get())?;
    }
    Ok(true)
}

/// Events with their links, then links whose event is gone, merged. Each half is one statement: what
/// is sealed or forgotten meanwhile never makes a link without its event.
pub(crate) fn chain(
    conn: &mut Conn,
    after: Option<EventId>,
    limit: u32,
) -> Result<Vec<Linked>, Failure> {
    let (from, limit) = (floor(after), i64::from(limit));
    let with_link =
        event::table.left_join(audit_link::table.on(audit_link::event_id.eq(event::id)));
    let events: Vec<(RecordedRow, Option<Vec<u8>>)> = with_link
        .filter(event::id.gt(from))
        .order(event::id)
        .limit(limit)
        .select((RecordedRow::as_select(), audit_link::seal.nullable()))
        .load(conn)?;
    let mut linked = Vec::with_capacity(events.len());
    for (row, bytes) in events {
        let event = row.read();
        linked.push(Linked {
            id: event.id,
            seal: bytes.map(seal),
            event: Some(event),
        });
    }
    let is_full = i64::try_from(linked.len()).is_ok_and(|count| count >= limit);
    let until = linked.last().filter(|_| is_full).map(|last| last.id.get());
    let with_event =
        audit_link::table.left_join(event::table.on(event::id.eq(audit_link::event_id)));
    let alone: Vec<LinkRow> = with_event
        .filter(event::id.nullable().is_null())
        .filter(audit_link::event_id.gt(from))
        .filter(audit_link::event_id.le(until.unwrap_or(i64::MAX)))
        .order(audit_link::event_id)
        .limit(limit)
        .select((audit_link::event_id, audit_link::seal))
        .load(conn)?;
    let is_full = i64::try_from(alone.len()).is_ok_and(|count| count >= limit);
    if let Some((last, _)) = alone.last().filter(|_| is_full) {
        linked.retain(|linked| linked.id.get() <= *last);
    }
    for (id, bytes) in alone {
        linked.push(Linked {
            id: EventId::from_row(id),
            event: None,
            seal: Some(seal(bytes)),
        });
    }
    linked.sort_by_key(|linked| linked.id);
    Ok(linked)
}

fn floor(after: Option<EventId>) -> i64 {
    after.map_or(i64::MIN, EventId::get)
}

/// A seal of another length was not made by us, and neither was one of zeroes.
fn seal(bytes: Vec<u8>) -> [u8; 32] {
    bytes.try_into().unwrap_or([0; 32])
}
