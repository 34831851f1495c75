//! What the column `client.secrets` holds. Like the settings documents it gains members, each with a
//! default, and never loses or renames one.

use grantor_domain::clients::FurtherSecret;
use grantor_domain::secret::{SecretHash, from_hexadecimal, hexadecimal};
use grantor_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A further secret of a client.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredSecret {
    id: String,
    /// SHA-256, in hexadecimal digits.
    hash: String,
    created: i64,
    #[serde(default)]
    expires: Option<i64>,
}

/// Secrets as they are stored.
pub(crate) fn stored(secrets: &[FurtherSecret]) -> Vec<StoredSecret> {
    let stored = secrets.iter().map(|secret| StoredSecret {
        id: secret.id.clone(),
        hash: hexadecimal(secret.hash.as_bytes()),
        created: secret.created.as_micros(),
        expires: secret.expires.map(Timestamp::as_micros),
    });
    stored.collect()
}

/// Secrets as they were stored; `None` when one is no secret.
pub(crate) fn read(stored: Vec<StoredSecret>) -> Option<Vec<FurtherSecret>> {
    let secrets = stored.into_iter().map(|secret| {
        Some(FurtherSecret {
            hash: SecretHash::from_bytes(from_hexadecimal(&secret.hash)?),
            id: secret.id,
            created: Timestamp::from_micros(secret.created),
            expires: secret.expires.map(Timestamp::from_micros),
        })
    });
    secrets.collect()
}
