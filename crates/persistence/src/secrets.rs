//! What the column `client.secrets` holds. Like the settings documents it gains members, each with a
//! default, and never loses or renames one.

use std::fmt::Write as _;

use grantor_domain::clients::FurtherSecret;
use grantor_domain::secret::SecretHash;
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
            hash: SecretHash::from_bytes(bytes(&secret.hash)?),
            id: secret.id,
            created: Timestamp::from_micros(secret.created),
            expires: secret.expires.map(Timestamp::from_micros),
        })
    });
    secrets.collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _a_string_takes_everything = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(hexadecimal: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if hexadecimal.len() != 64 || !hexadecimal.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        let digits = hexadecimal.get(2 * place..2 * place + 2)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_read_as_they_were_written() {
        let hash: [u8; 32] = std::array::from_fn(|place| u8::try_from(place * 8).unwrap());
        assert_eq!(bytes(&hexadecimal(&hash)), Some(hash));
        assert_eq!(bytes("00"), None);
        assert_eq!(bytes(&"zz".repeat(32)), None);
    }
}
