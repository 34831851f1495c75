//! Signing keys, sealed.

use diesel::prelude::*;
use grantor_domain::keys::{KeyLife, SealedKey, SigningAlgorithm, WrappedKey};
use grantor_domain::time::Timestamp;

use crate::fault::Failure;
use crate::schema::{signing_key, wrapped_key};

use super::{Backend, Conn};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_key, check_for_backend(Backend))]
struct SigningKeyRow {
    kid: String,
    algorithm: String,
    created: i64,
    sign_from: i64,
    ends: Option<i64>,
    sealed: Vec<u8>,
}

impl From<&SealedKey> for SigningKeyRow {
    fn from(key: &SealedKey) -> Self {
        Self {
            kid: key.life.kid.clone(),
            algorithm: key.life.algorithm.as_str().to_owned(),
            created: key.life.created.as_micros(),
            sign_from: key.life.sign_from.as_micros(),
            ends: key.life.ends.map(Timestamp::as_micros),
            sealed: key.sealed.clone(),
        }
    }
}

impl SigningKeyRow {
    fn read(self) -> Result<SealedKey, Failure> {
        let algorithm = SigningAlgorithm::parse(&self.algorithm)
            .ok_or_else(|| Failure::corrupt("signing_key", &self.kid, "algorithm is unknown"))?;
        Ok(SealedKey {
            life: KeyLife {
                kid: self.kid,
                algorithm,
                created: Timestamp::from_micros(self.created),
                sign_from: Timestamp::from_micros(self.sign_from),
                ends: self.ends.map(Timestamp::from_micros),
            },
            sealed: self.sealed,
        })
    }
}

pub(crate) fn all(conn: &mut Conn) -> Result<Vec<SealedKey>, Failure> {
    let rows: Vec<SigningKeyRow> = signing_key::table
        .order((signing_key::created, signing_key::kid))
        .select(SigningKeyRow::as_select())
        .load(conn)?;
    rows.into_iter().map(SigningKeyRow::read).collect()
}

/// Must run alone: see `lock_signing_keys`.
pub(crate) fn add_first(conn: &mut Conn, key: &SealedKey) -> QueryResult<bool> {
    let known: i64 = signing_key::table.count().get_result(conn)?;
    if known > 0 {
        return Ok(false);
    }
    diesel::insert_into(signing_key::table)
        .values(SigningKeyRow::from(key))
        .execute(conn)?;
    Ok(true)
}

/// Of a known key, its life: its seal is changed by [`rewrap`] alone.
pub(crate) fn put(conn: &mut Conn, key: &SealedKey) -> QueryResult<()> {
    let row = SigningKeyRow::from(key);
    diesel::insert_into(signing_key::table)
        .values(&row)
        .on_conflict(signing_key::kid)
        .do_update()
        .set((
            signing_key::sign_from.eq(row.sign_from),
            signing_key::ends.eq(row.ends),
        ))
        .execute(conn)?;
    Ok(())
}

pub(crate) fn wrapped(conn: &mut Conn) -> QueryResult<Vec<WrappedKey>> {
    let rows: Vec<(String, Vec<u8>)> = wrapped_key::table.order(wrapped_key::purpose).load(conn)?;
    let read = |(purpose, sealed)| WrappedKey { purpose, sealed };
    Ok(rows.into_iter().map(read).collect())
}

/// Must run alone: see `lock_signing_keys`. `false`: the keys are not those that were seen.
pub(crate) fn rewrap(
    conn: &mut Conn,
    seen: &[SealedKey],
    keys: &[SealedKey],
    wrapped: &[WrappedKey],
) -> Result<bool, Failure> {
    if all(conn)? != seen {
        return Ok(false);
    }
    for key in keys {
        diesel::update(signing_key::table.find(&key.life.kid))
            .set(signing_key::sealed.eq(&key.sealed))
            .execute(conn)?;
    }
    diesel::delete(wrapped_key::table).execute(conn)?;
    for key in wrapped {
        diesel::insert_into(wrapped_key::table)
            .values((
                wrapped_key::purpose.eq(&key.purpose),
                wrapped_key::sealed.eq(&key.sealed),
            ))
            .execute(conn)?;
    }
    Ok(true)
}

pub(crate) fn remove(conn: &mut Conn, kid: &str) -> QueryResult<()> {
    diesel::delete(signing_key::table.find(kid)).execute(conn)?;
    Ok(())
}
