//! `Client.secret` and `Client.secrets`: written, and never shown.

use grantor_domain::clients::{FurtherSecret, SecretChange, SecretEntry, SecretsChange};
use grantor_domain::secret::{ClientSecret, SecretHash, from_hexadecimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::resources::instant::{beginning, instant};
use crate::resources::write_only::WriteOnly;

/// What a stored secret of Aidbox begins with.
const SHA256: &str = "__sha256:";

/// A further secret of a client.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClientSecret, example = json!({"id": "2027", "secret": "verysecret", "expires": "2028-01-01"}))]
pub(super) struct SecretBody {
    /// Names it among the client's secrets; made when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027")]
    id: Option<String>,
    /// The secret, or `__sha256:` and the hexadecimal hash of one. Never shown.
    #[serde(default, skip_serializing_if = "WriteOnly::is_hidden")]
    #[schema(value_type = Option<String>, write_only, format = Password, example = "verysecret")]
    secret: WriteOnly,
    /// From then on it is not accepted: a date or an instant. Absent: it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2028-01-01")]
    expires: Option<String>,
    /// When it was added. Kept by the server; what is written here is passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(read_only)]
    created: Option<String>,
}

/// The member `secrets`. `null` is something else than nothing.
#[derive(Debug, Default)]
pub(super) enum FurtherSecrets {
    /// Not mentioned: they stay as they are.
    #[default]
    Absent,
    /// `null`: they are removed.
    Null,
    /// These and no others.
    List(Vec<SecretBody>),
}

impl FurtherSecrets {
    /// Whether there is nothing to show.
    pub(super) const fn is_hidden(&self) -> bool {
        !matches!(self, Self::List(_))
    }

    /// What is shown of secrets.
    pub(super) fn of(secrets: &[FurtherSecret]) -> Self {
        let shown = secrets.iter().map(|secret| SecretBody {
            id: Some(secret.id.clone()),
            secret: WriteOnly::Absent,
            expires: secret.expires.map(instant),
            created: Some(instant(secret.created)),
        });
        if secrets.is_empty() {
            Self::Absent
        } else {
            Self::List(shown.collect())
        }
    }

    /// What becomes of the secrets.
    ///
    /// # Errors
    /// What is wrong with the first that is wrong.
    pub(super) fn change(self) -> Result<SecretsChange, Problem> {
        let bodies = match self {
            Self::Absent => return Ok(SecretsChange::Keep),
            Self::Null => Vec::new(),
            Self::List(bodies) => bodies,
        };
        let entries = bodies.into_iter().map(SecretBody::entry);
        Ok(SecretsChange::Set(entries.collect::<Result<_, _>>()?))
    }
}

impl SecretBody {
    fn entry(self) -> Result<SecretEntry, Problem> {
        let hash = match self.secret {
            WriteOnly::Absent => None,
            WriteOnly::Null => return Err(Problem::at("secrets.secret", "must be a text")),
            WriteOnly::Text(text) => Some(hash_of(text, "secrets.secret")?),
        };
        let expires = self.expires.map(|text| {
            let says = "must be a date or an instant, such as 2027-01-01 or 2027-01-01T00:00:00Z";
            beginning(&text).ok_or_else(|| Problem::at("secrets.expires", says))
        });
        Ok(SecretEntry {
            id: self.id,
            hash,
            expires: expires.transpose()?,
        })
    }
}

impl<'de> Deserialize<'de> for FurtherSecrets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Option::deserialize(deserializer)?;
        Ok(list.map_or(Self::Null, Self::List))
    }
}

impl Serialize for FurtherSecrets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::List(list) => list.serialize(serializer),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

/// What becomes of the secret.
///
/// # Errors
/// For what is no secret (RFC 6749 appendix A.2).
pub(super) fn secret_change(secret: WriteOnly) -> Result<SecretChange, Problem> {
    let text = match secret {
        WriteOnly::Absent => return Ok(SecretChange::Keep),
        WriteOnly::Null => return Ok(SecretChange::Remove),
        WriteOnly::Text(text) => text,
    };
    hash_of(text, "secret").map(SecretChange::SetHash)
}

/// The hash of a secret that is written out, or given as its hash.
fn hash_of(text: String, at: &'static str) -> Result<SecretHash, Problem> {
    if let Some(hash) = text.strip_prefix(SHA256) {
        let bytes = from_hexadecimal(hash)
            .ok_or_else(|| Problem::at(at, "__sha256: takes 64 hexadecimal digits"))?;
        return Ok(SecretHash::from_bytes(bytes));
    }
    let visible = |b: u8| (0x20..=0x7e).contains(&b);
    if (1..=1024).contains(&text.len()) && text.bytes().all(visible) {
        Ok(SecretHash::of(&ClientSecret::new(text)))
    } else {
        let says = "must be 1 to 1024 visible ASCII characters or spaces (RFC 6749 appendix A.2)";
        Err(Problem::at(at, says))
    }
}
