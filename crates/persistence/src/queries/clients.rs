//! Clients.

use grantor_domain::clients::Client;
use grantor_domain::id::ClientId;
use grantor_domain::secret::SecretHash;
use serde::{Deserialize, Serialize};

use crate::documents::ClientDocument;
use crate::fault::{self, Failure};
use crate::schema::client;
use crate::secrets;

use super::kept::kept;
use super::{Backend, Conn};

const TABLE: &str = "client";

/// Its serialised form is what history keeps: without secrets.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = client, check_for_backend(Backend), treat_none_as_null = true)]
struct ClientRow {
    id: String,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    deleted: bool,
    active: bool,
    #[serde(skip)]
    secret_hash: Option<Vec<u8>>,
    #[serde(skip, default = "none")]
    secrets: serde_json::Value,
    settings: serde_json::Value,
}

kept!(client, ClientRow, Client);

/// No further secrets.
fn none() -> serde_json::Value {
    serde_json::json!([])
}

impl ClientRow {
    fn blank(id: &str, stamp: Stamp) -> Self {
        Self {
            id: id.to_owned(),
            version: stamp.version.get(),
            epoch: stamp.epoch.get(),
            created: stamp.created.as_micros(),
            updated: stamp.updated.as_micros(),
            deleted: false,
            active: false,
            secret_hash: None,
            secrets: none(),
            settings: serde_json::json!({}),
        }
    }

    fn new(written: &Client) -> Result<Self, Failure> {
        let id = written.id.as_str();
        let settings = fault::json(TABLE, id, &ClientDocument::from(&written.settings))?;
        let secrets = fault::json(TABLE, id, &secrets::stored(&written.secrets))?;
        Ok(Self {
            active: written.settings.active,
            secret_hash: written.secret.map(|hash| hash.as_bytes().to_vec()),
            secrets,
            settings,
            ..Self::blank(id, written.stamp)
        })
    }

    fn read(self) -> Result<Client, Failure> {
        let stamp = self.stamp();
        let corrupt = |what| Failure::corrupt(TABLE, &self.id, what);
        let secret = self
            .secret_hash
            .as_deref()
            .map(|bytes| bytes.try_into().map(SecretHash::from_bytes))
            .transpose()
            .map_err(|_| corrupt("secret_hash is not 32 bytes"))?;
        let further = serde_json::from_value(self.secrets)
            .ok()
            .and_then(secrets::read)
            .ok_or_else(|| corrupt("secrets is no list of secrets"))?;
        let document: ClientDocument = serde_json::from_value(self.settings)
            .map_err(|_| corrupt("settings is no client document"))?;
        let settings = document.into_settings(self.active).map_err(corrupt)?;
        Ok(Client {
            id: ClientId::from_row(self.id),
            stamp,
            secret,
            secrets: further,
            settings,
        })
    }
}
