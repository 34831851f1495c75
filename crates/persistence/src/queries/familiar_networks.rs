//! Networks that accounts proved themselves from.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::upsert::excluded;
use grantor_domain::ports::Place;
use grantor_domain::time::Timestamp;

use crate::schema::familiar_network as familiar;

use super::{AT_ONCE, Conn};

pub(crate) fn last_success(conn: &mut Conn, place: &Place) -> QueryResult<Option<Timestamp>> {
    let at = familiar::table
        .find((place.account.as_slice(), place.network.as_slice()))
        .select(familiar::last_success)
        .first(conn)
        .optional()?;
    Ok(at.map(Timestamp::from_micros))
}

/// The latest success stands, whatever the order in which they are written.
pub(crate) fn remember(conn: &mut Conn, place: &Place, at: Timestamp) -> QueryResult<()> {
    let given = excluded(familiar::last_success);
    diesel::insert_into(familiar::table)
        .values((
            familiar::account.eq(place.account.as_slice()),
            familiar::network.eq(place.network.as_slice()),
            familiar::last_success.eq(at.as_micros()),
        ))
        .on_conflict((familiar::account, familiar::network))
        .do_update()
        .set(familiar::last_success.eq(
            case_when(familiar::last_success.gt(given), familiar::last_success).otherwise(given),
        ))
        .execute(conn)
        .map(drop)
}

/// The networks of an account beyond its `most` latest ones.
pub(crate) fn beyond(conn: &mut Conn, place: &Place, most: u32) -> QueryResult<Vec<Vec<u8>>> {
    familiar::table
        .filter(familiar::account.eq(place.account.as_slice()))
        .order((familiar::last_success.desc(), familiar::network.desc()))
        .offset(i64::from(most))
        .limit(i64::try_from(AT_ONCE).unwrap_or(i64::MAX))
        .select(familiar::network)
        .load(conn)
}

pub(crate) fn remove(conn: &mut Conn, place: &Place, networks: &[Vec<u8>]) -> QueryResult<()> {
    let theirs = familiar::table.filter(familiar::account.eq(place.account.as_slice()));
    diesel::delete(theirs.filter(familiar::network.eq_any(networks)))
        .execute(conn)
        .map(drop)
}

/// Forgets up to `limit` networks whose last success was before `before`. One that has a success
/// meanwhile stays.
pub(crate) fn forget(conn: &mut Conn, before: Timestamp, limit: u32) -> QueryResult<u32> {
    let old: Vec<(Vec<u8>, Vec<u8>)> = familiar::table
        .filter(familiar::last_success.lt(before.as_micros()))
        .order(familiar::last_success)
        .limit(i64::from(limit))
        .select((familiar::account, familiar::network))
        .load(conn)?;
    for (account, network) in &old {
        let row = familiar::table.find((account, network));
        diesel::delete(row.filter(familiar::last_success.lt(before.as_micros()))).execute(conn)?;
    }
    Ok(u32::try_from(old.len()).unwrap_or(limit))
}
