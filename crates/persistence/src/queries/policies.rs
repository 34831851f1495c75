//! Access policies, and the number that tells whether any of them changed.

use grantor_domain::access::AccessPolicy;
use grantor_domain::id::PolicyId;
use serde::{Deserialize, Serialize};

use crate::documents::PolicyDocument;
use crate::fault::{self, Failure};
use crate::schema::{access_policy, access_policy_set};

use super::kept::kept;
use super::{Backend, Conn};

const TABLE: &str = "access_policy";
/// The only row of `access_policy_set`.
const SET: i64 = 1;

#[derive(Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = access_policy, check_for_backend(Backend), treat_none_as_null = true)]
struct PolicyRow {
    id: String,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    deleted: bool,
    settings: serde_json::Value,
}

kept!(access_policy, PolicyRow, AccessPolicy);

impl PolicyRow {
    fn blank(id: &str, stamp: Stamp) -> Self {
        Self {
            id: id.to_owned(),
            version: stamp.version.get(),
            epoch: stamp.epoch.get(),
            created: stamp.created.as_micros(),
            updated: stamp.updated.as_micros(),
            deleted: false,
            settings: serde_json::json!({}),
        }
    }

    fn new(written: &AccessPolicy) -> Result<Self, Failure> {
        let id = written.id.as_str();
        let settings = fault::json(TABLE, id, &PolicyDocument::from(&written.settings))?;
        Ok(Self {
            settings,
            ..Self::blank(id, written.stamp)
        })
    }

    fn read(self) -> Result<AccessPolicy, Failure> {
        let stamp = self.stamp();
        let document: PolicyDocument = serde_json::from_value(self.settings)
            .map_err(|_| Failure::corrupt(TABLE, &self.id, "settings is no policy document"))?;
        Ok(AccessPolicy {
            id: PolicyId::from_row(self.id),
            stamp,
            settings: document.into(),
        })
    }
}

pub(crate) fn put(
    conn: &mut Conn,
    written: &AccessPolicy,
    expect: Expect,
) -> Result<Written, Failure> {
    let outcome = write(conn, written, expect)?;
    if matches!(outcome, Written::Done(_)) {
        raise(conn)?;
    }
    Ok(outcome)
}

pub(crate) fn remove(
    conn: &mut Conn,
    id: &PolicyId,
    version: Version,
    at: Timestamp,
) -> Result<Removed, Failure> {
    let removed = erase(conn, id, version, at)?;
    if removed == Removed::Done {
        raise(conn)?;
    }
    Ok(removed)
}

/// The row stays locked until the transaction ends, so no two sets have the same number.
fn raise(conn: &mut Conn) -> QueryResult<()> {
    diesel::insert_into(access_policy_set::table)
        .values((
            access_policy_set::id.eq(SET),
            access_policy_set::version.eq(1),
        ))
        .on_conflict(access_policy_set::id)
        .do_update()
        .set(access_policy_set::version.eq(access_policy_set::version + 1))
        .execute(conn)?;
    Ok(())
}

pub(crate) fn set_version(conn: &mut Conn) -> Result<Option<Version>, Failure> {
    let version = access_policy_set::table
        .find(SET)
        .select(access_policy_set::version)
        .first(conn)
        .optional()?;
    Ok(version.map(Version::from_row))
}

/// Must run in a transaction that sees one moment, or the number may be older than the policies,
/// which only makes them be read again.
pub(crate) fn all(conn: &mut Conn) -> Result<(Version, Vec<AccessPolicy>), Failure> {
    let version = set_version(conn)?.unwrap_or(Version::FIRST);
    let rows: Vec<PolicyRow> = access_policy::table
        .filter(access_policy::deleted.eq(false))
        .order(access_policy::id)
        .select(PolicyRow::as_select())
        .load(conn)?;
    let policies = rows.into_iter().map(PolicyRow::read);
    Ok((version, policies.collect::<Result<_, _>>()?))
}
