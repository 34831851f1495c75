//! The further secrets of a client, beside `secret`: for rotation without a moment in which no secret works.

use crate::fault::Fault;
use crate::resources::Drafted;
use crate::secret::SecretHash;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;
use crate::violation::Violation;

use super::Client;

/// Most further secrets a client may have. Authentication compares with so many, however many there are.
pub const MOST_SECRETS: usize = 8;

/// A further secret of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FurtherSecret {
    /// Names it among the client's secrets.
    pub id: String,
    /// SHA-256 of the secret.
    pub hash: SecretHash,
    /// When it was added.
    pub created: Timestamp,
    /// From then on it is not accepted any more.
    pub expires: Option<Timestamp>,
}

impl FurtherSecret {
    fn lives_at(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

/// What becomes of a client's further secrets.
#[derive(Clone, Debug, Default)]
pub enum SecretsChange {
    /// As they were.
    #[default]
    Keep,
    /// These and no others.
    Set(Vec<SecretEntry>),
}

/// A further secret as a caller wants it to be.
#[derive(Clone, Debug)]
pub struct SecretEntry {
    /// Of a known one, or for a new one; made when absent.
    pub id: Option<String>,
    /// The hash of a new one. Absent: the known one with this id stays.
    pub hash: Option<SecretHash>,
    /// When it ends; absent: never.
    pub expires: Option<Timestamp>,
}

impl Client {
    /// Whether it has credentials (RFC 6749 §2.1). Secrets that have expired count: a client does
    /// not become public by waiting.
    #[must_use]
    pub const fn is_confidential(&self) -> bool {
        self.secret.is_some() || !self.secrets.is_empty()
    }

    /// The hashes of which one is to match.
    pub(super) fn accepted_secrets(&self, now: Timestamp) -> impl Iterator<Item = SecretHash> {
        let further = self.secrets.iter().filter(move |s| s.lives_at(now));
        self.secret.into_iter().chain(further.map(|s| s.hash))
    }

    /// Whether what is accepted now is refused after a change to `next`: then whoever holds it, rightly
    /// or not, loses its sessions too. So does a client that was public.
    pub(super) fn loses_a_secret(&self, next: &Self, now: Timestamp) -> bool {
        let kept: Vec<SecretHash> = next
            .secret
            .into_iter()
            .chain(next.secrets.iter().map(|s| s.hash))
            .collect();
        let is_lost = |hash: SecretHash| !kept.contains(&hash);
        self.accepted_secrets(now).any(is_lost)
            || (!self.is_confidential() && next.is_confidential())
    }
}

impl AuthorizationServer {
    /// What a client's further secrets become. One that is there already, by its id or by itself, is
    /// not new, so writing the same again changes nothing.
    pub(super) fn next_secrets(
        &self,
        known: &[FurtherSecret],
        change: &SecretsChange,
        now: Timestamp,
    ) -> Result<Drafted<Vec<FurtherSecret>>, Fault> {
        let SecretsChange::Set(entries) = change else {
            return Ok(Ok(known.to_vec()));
        };
        if entries.len() > MOST_SECRETS {
            let says = format!("has at most {MOST_SECRETS} entries");
            return Ok(Err(vec![Violation::new("secrets", says)]));
        }
        let mut next: Vec<FurtherSecret> = Vec::with_capacity(entries.len());
        for entry in entries {
            let violation = match self.next_entry(known, entry, now)? {
                Ok(secret) if next.iter().all(|s| s.id != secret.id) => {
                    next.push(secret);
                    continue;
                }
                Ok(_) => Violation::new("secrets", "names an id or a secret twice"),
                Err(violation) => violation,
            };
            return Ok(Err(vec![violation]));
        }
        Ok(Ok(next))
    }

    fn next_entry(
        &self,
        known: &[FurtherSecret],
        entry: &SecretEntry,
        now: Timestamp,
    ) -> Result<Result<FurtherSecret, Violation>, Fault> {
        let found = known.iter().find(|secret| match &entry.id {
            Some(id) => secret.id == *id,
            None => Some(secret.hash) == entry.hash,
        });
        let is_same = |secret: &&FurtherSecret| entry.hash.is_none_or(|hash| hash == secret.hash);
        if let Some(found) = found.filter(is_same) {
            return Ok(Ok(FurtherSecret {
                expires: entry.expires,
                ..found.clone()
            }));
        }
        let Some(hash) = entry.hash else {
            let says = "an entry without a secret must have the id of one that is there";
            return Ok(Err(Violation::new("secrets", says)));
        };
        let id = match &entry.id {
            None => self.uuid(now)?,
            Some(id) if is_id(id) => id.clone(),
            Some(_) => {
                let says = "an id has 1 to 64 letters, digits, dots and dashes";
                return Ok(Err(Violation::new("secrets", says)));
            }
        };
        Ok(Ok(FurtherSecret {
            id,
            hash,
            created: now,
            expires: entry.expires,
        }))
    }
}

fn is_id(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}
