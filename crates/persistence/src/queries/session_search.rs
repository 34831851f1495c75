//! Searching sessions.

use diesel::dsl::{IntoBoxed, LeftJoin};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use grantor_domain::id::{ClientId, SessionId, UserId};
use grantor_domain::ports::{Found, Page};
use grantor_domain::sessions::{DateField, Owner, SessionQuery, SessionSort, SortKey, TimeRange};
use grantor_domain::time::Timestamp;
use grantor_domain::window::Position;

use crate::fault::Failure;
use crate::schema::{app_user, client, session};

use super::pages::{Counted, MORE_THAN_FEW, beyond, one_of, ordered, page, past};
use super::session_row::FoundRow;
use super::{Backend, Conn};

type WithOwners = LeftJoin<LeftJoin<session::table, client::table>, app_user::table>;
type Matches<'a> = IntoBoxed<'a, WithOwners, Backend>;

/// How live sessions are found.
#[derive(Clone, Copy)]
enum Live {
    /// By when they end: quick while they are few, or when they are only counted.
    ByEnd,
    /// Where they stand in the order asked for: quick when there are many of them, which need not all be
    /// read and put in order for one page.
    InOrder,
}

pub(crate) fn search(conn: &mut Conn, query: &SessionQuery) -> Result<Page<Found>, Failure> {
    let (window, sort) = (&query.request().window, &query.request().sort);
    let backwards = window.start.is_backwards();
    let live = quickest(conn, query)?;
    let mut selected = sorted(matches(query, live), sort, backwards);
    if let Some(position) = window.start.position() {
        selected = from_there(selected, position, sort, backwards);
    }
    page!(conn, window, selected, matches(query, Live::ByEnd), FoundRow => FoundRow::read)
}

pub(crate) fn count(conn: &mut Conn, query: &SessionQuery) -> Result<u64, Failure> {
    let count: i64 = matches(query, Live::ByEnd).count().get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// How a page of live sessions is found quickest. SQLite, which counts nothing beforehand, would always
/// find them by their end.
fn quickest(conn: &mut Conn, query: &SessionQuery) -> QueryResult<Live> {
    if query.request().active != Some(true) || query.request().window.count == 0 {
        return Ok(Live::ByEnd);
    }
    let unended = session::table
        .filter(session::ends.gt(query.now().as_micros()))
        .select(1.into_sql::<Integer>())
        .limit(MORE_THAN_FEW);
    let unended: i64 = Counted(unended).get_result(conn)?;
    Ok(if unended < MORE_THAN_FEW {
        Live::ByEnd
    } else {
        Live::InOrder
    })
}

fn matches(query: &SessionQuery, find: Live) -> Matches<'_> {
    let request = query.request();
    let mut matches = session::table
        .left_join(client::table)
        .left_join(app_user::table)
        .into_boxed();
    if let Owner::User(owner) = query.owner() {
        matches = matches.filter(session::user_id.eq(owner.as_str()));
    }
    let ids = request.ids.iter().map(SessionId::as_str);
    matches = one_of!(matches, session::id, ids);
    let users = request.users.iter().map(UserId::as_str);
    matches = one_of!(matches, session::user_id, users);
    let clients = request.clients.iter().map(ClientId::as_str);
    matches = one_of!(matches, session::client_id, clients);
    let kinds = request.kinds.iter().map(|kind| kind.as_str());
    matches = one_of!(matches, session::kind, kinds);
    matches = match request.active {
        Some(true) => live(matches, query.now(), find),
        Some(false) => not_live(matches, query.now()),
        None => matches,
    };
    request.ranges.iter().fold(matches, within)
}

/// What the domain's `liveness` says, in SQL.
fn live(matches: Matches<'_>, now: Timestamp, find: Live) -> Matches<'_> {
    let now = now.as_micros();
    let user_stands = app_user::deleted
        .eq(false)
        .and(app_user::inactive.eq(false))
        .and(session::user_epoch.eq(app_user::epoch.nullable()));
    let unended = match find {
        Live::ByEnd => matches.filter(session::ends.gt(now)),
        // No index has the sum.
        Live::InOrder => matches.filter((session::ends + 0).gt(now)),
    };
    unended
        .filter(session::closed_at.is_null())
        .filter(client::deleted.eq(false))
        .filter(client::active.eq(true))
        .filter(client::epoch.eq(session::client_epoch))
        .filter(session::user_id.is_null().or(user_stands))
}

/// Its opposite, written out: an owner without a row makes `NOT (…)` unknown instead of true.
fn not_live(matches: Matches<'_>, now: Timestamp) -> Matches<'_> {
    let client_fell = client::id
        .is_null()
        .or(client::deleted.eq(true))
        .or(client::active.eq(false))
        .or(client::epoch.ne(session::client_epoch));
    let user_fell = app_user::id
        .is_null()
        .or(app_user::deleted.eq(true))
        .or(app_user::inactive.eq(true))
        .or(session::user_epoch.ne(app_user::epoch.nullable()));
    matches.filter(
        session::closed_at
            .is_not_null()
            .or(session::ends.le(now.as_micros()))
            .or(client_fell)
            .or(session::user_id.is_not_null().and(user_fell)),
    )
}

fn within<'a>(mut matches: Matches<'a>, range: &TimeRange) -> Matches<'a> {
    macro_rules! narrow {
        ($column:expr) => {{
            if let Some(from) = range.from {
                matches = matches.filter($column.ge(from.as_micros()));
            }
            if let Some(until) = range.until {
                matches = matches.filter($column.lt(until.as_micros()));
            }
        }};
    }
    match range.field {
        DateField::Start => narrow!(session::start),
        DateField::Exp => narrow!(session::access_expires),
        DateField::LastUpdated => narrow!(session::updated),
    }
    matches
}

/// Whether ids, which break ties, fall.
fn ids_fall(keys: &[SessionSort]) -> bool {
    keys.iter()
        .any(|sort| sort.key == SortKey::Id && sort.descending)
}

/// By the keys asked for, then by id, so that pages never overlap.
fn sorted<'a>(mut matches: Matches<'a>, keys: &[SessionSort], is_backwards: bool) -> Matches<'a> {
    for sort in keys {
        let falls = sort.descending != is_backwards;
        matches = match sort.key {
            SortKey::Id => break,
            SortKey::Date(DateField::Start) => ordered!(matches, session::start, falls),
            SortKey::Date(DateField::Exp) => ordered!(matches, session::access_expires, falls),
            SortKey::Date(DateField::LastUpdated) => ordered!(matches, session::updated, falls),
        };
    }
    ordered!(matches, session::id, ids_fall(keys) != is_backwards)
}

/// What comes after a position, or before it: beyond it in the first key, or equal in it and past it by
/// id.
fn from_there<'a>(
    matches: Matches<'a>,
    position: &'a Position,
    keys: &[SessionSort],
    is_backwards: bool,
) -> Matches<'a> {
    let id = position.id.as_str();
    let ids_fall = ids_fall(keys) != is_backwards;
    let first = keys.first().and_then(|sort| match sort.key {
        SortKey::Id => None,
        SortKey::Date(field) => Some((field, sort.descending != is_backwards)),
    });
    let Some((field, falls)) = first else {
        return past!(matches, session::id, ids_fall, id);
    };
    let key = position.key();
    macro_rules! by {
        ($column:expr) => {
            beyond!(matches, ($column, falls, key), (session::id, ids_fall, id))
        };
    }
    match field {
        DateField::Start => by!(session::start),
        DateField::Exp => by!(session::access_expires),
        DateField::LastUpdated => by!(session::updated),
    }
}
