//! Clients.

use diesel::prelude::*;
use grantor_domain::clients::Client;
use grantor_domain::id::ClientId;
use grantor_domain::ports::{Expect, Removed, Written};
use grantor_domain::revision::{Epoch, Stamp, Version};
use grantor_domain::secret::SecretHash;
use grantor_domain::time::Timestamp;

use crate::documents::ClientDocument;
use crate::fault::Failure;

use super::schema::client;
use super::{Backend, Conn};

const TABLE: &str = "client";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = client, check_for_backend(Backend), treat_none_as_null = true)]
struct ClientRow {
    id: String,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    deleted: bool,
    active: bool,
    administrator: bool,
    secret_hash: Option<Vec<u8>>,
    settings: serde_json::Value,
}

impl ClientRow {
    fn new(written: &Client) -> Result<Self, Failure> {
        let id = written.id.as_str();
        let settings = serde_json::to_value(ClientDocument::from(&written.settings))
            .map_err(|_| Failure::corrupt(TABLE, id, "settings cannot be written as JSON"))?;
        Ok(Self {
            id: id.to_owned(),
            version: written.stamp.version.get(),
            epoch: written.stamp.epoch.get(),
            created: written.stamp.created.as_micros(),
            updated: written.stamp.updated.as_micros(),
            deleted: false,
            active: written.settings.active,
            administrator: written.administrator,
            secret_hash: written.secret.map(|hash| hash.as_bytes().to_vec()),
            settings,
        })
    }

    fn read(self) -> Result<Client, Failure> {
        let corrupt = |what| Failure::corrupt(TABLE, &self.id, what);
        let secret = self
            .secret_hash
            .as_deref()
            .map(|bytes| bytes.try_into().map(SecretHash::from_bytes))
            .transpose()
            .map_err(|_| corrupt("secret_hash is not 32 bytes"))?;
        let document: ClientDocument = serde_json::from_value(self.settings)
            .map_err(|_| corrupt("settings is no client document"))?;
        let settings = document
            .into_settings(self.active)
            .map_err(|_| corrupt("settings holds an invalid scope"))?;
        Ok(Client {
            id: ClientId::from_row(self.id),
            stamp: Stamp {
                version: Version::from_row(self.version),
                epoch: Epoch::from_row(self.epoch),
                created: Timestamp::from_micros(self.created),
                updated: Timestamp::from_micros(self.updated),
            },
            administrator: self.administrator,
            secret,
            settings,
        })
    }
}

pub(crate) fn find(conn: &mut Conn, id: &ClientId) -> Result<Option<Client>, Failure> {
    client::table
        .find(id.as_str())
        .filter(client::deleted.eq(false))
        .select(ClientRow::as_select())
        .first(conn)
        .optional()?
        .map(ClientRow::read)
        .transpose()
}

pub(crate) fn put(conn: &mut Conn, written: &Client, expect: Expect) -> Result<Written, Failure> {
    let row = ClientRow::new(written)?;
    match expect {
        Expect::Absent => create(conn, written.stamp, &row),
        Expect::Version(version) => {
            let at = client::table
                .find(&row.id)
                .filter(client::deleted.eq(false))
                .filter(client::version.eq(version.get()));
            let rows = diesel::update(at).set(&row).execute(conn)?;
            Ok(if rows == 1 {
                Written::Done(written.stamp)
            } else {
                Written::Stale
            })
        }
    }
}

/// Inserts, or takes the place of a removed client and goes on with its version and epoch.
fn create(conn: &mut Conn, stamp: Stamp, row: &ClientRow) -> Result<Written, Failure> {
    // `QueryDsl::filter` does not reach an upsert; with both in scope, `table.filter` is ambiguous.
    use diesel::query_dsl::methods::FilterDsl;
    let counters: Option<(i64, i64)> = diesel::insert_into(client::table)
        .values(row)
        .on_conflict(client::id)
        .do_update()
        .set((
            client::version.eq(client::version + 1),
            client::created.eq(row.created),
            client::updated.eq(row.updated),
            client::deleted.eq(false),
            client::active.eq(row.active),
            client::administrator.eq(row.administrator),
            client::secret_hash.eq(&row.secret_hash),
            client::settings.eq(&row.settings),
        ))
        .filter(client::deleted.eq(true))
        .returning((client::version, client::epoch))
        .get_result(conn)
        .optional()?;
    Ok(counters.map_or(Written::Stale, |(version, epoch)| {
        Written::Done(Stamp {
            version: Version::from_row(version),
            epoch: Epoch::from_row(epoch),
            ..stamp
        })
    }))
}

/// Empties the row and keeps its counters, one further.
pub(crate) fn remove(
    conn: &mut Conn,
    id: &ClientId,
    version: Version,
    at: Timestamp,
) -> Result<Removed, Failure> {
    let live = client::table
        .find(id.as_str())
        .filter(client::deleted.eq(false))
        .filter(client::version.eq(version.get()));
    let rows = diesel::update(live)
        .set((
            client::version.eq(client::version + 1),
            client::epoch.eq(client::epoch + 1),
            client::updated.eq(at.as_micros()),
            client::deleted.eq(true),
            client::active.eq(false),
            client::administrator.eq(false),
            client::secret_hash.eq(None::<Vec<u8>>),
            client::settings.eq(serde_json::json!({})),
        ))
        .execute(conn)?;
    Ok(if rows == 1 {
        Removed::Done
    } else {
        Removed::Stale
    })
}
