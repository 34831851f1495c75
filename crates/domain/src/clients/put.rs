//! Writing a client: create, replace, rotate its secret.

use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::grants::GrantType;
use crate::id::ClientId;
use crate::policy::Policy;
use crate::ports::{Expect, Written};
use crate::revision::{Condition, Stamp};
use crate::secret::{ClientSecret, SecretHash, base64url};
use crate::server::{AuthorizationServer, TRIES};
use crate::time::{Lifetime, Timestamp};
use crate::violation::{PutOutcome, Violation};

use super::{Client, ClientSettings};

/// What a caller wants a client to be.
#[derive(Clone, Debug)]
pub struct ClientDraft {
    /// All attributes but the secret; they replace what was there.
    pub settings: ClientSettings,
    /// What becomes of the secret.
    pub secret: SecretChange,
}

/// What becomes of a client's secret.
#[derive(Clone, Debug)]
pub enum SecretChange {
    /// As it was. A confidential client that is created without one is given one.
    Keep,
    /// None any more: the client becomes public.
    Remove,
    /// This one.
    Set(ClientSecret),
    /// The one with this hash, brought along from another server.
    SetHash(SecretHash),
}

/// A client as written, with the secret that was generated for it. It is shown this once.
#[derive(Clone, Debug)]
pub struct WrittenClient {
    /// The client.
    pub client: Client,
    /// Its generated secret.
    pub generated_secret: Option<ClientSecret>,
}

impl From<Client> for WrittenClient {
    fn from(client: Client) -> Self {
        Self {
            client,
            generated_secret: None,
        }
    }
}

impl AuthorizationServer {
    /// Creates or replaces a client. Disabling it or changing its secret ends its sessions.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away.
    pub fn put_client(
        &self,
        caller: &Caller,
        id: &ClientId,
        draft: &ClientDraft,
        condition: Condition,
    ) -> Result<PutOutcome<WrittenClient>, Error> {
        caller.must_administer()?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let current = self.ports.clients.find(id)?;
            if !condition.is_met_by(current.as_ref().map(|c| c.stamp.version)) {
                return Ok(PutOutcome::ConditionFailed);
            }
            let next = match self.next_client(id, current.as_ref(), draft, now)? {
                Ok(next) => next,
                Err(violations) => return Ok(PutOutcome::Invalid(violations)),
            };
            if current.as_ref() == Some(&next.client) {
                return Ok(PutOutcome::Updated(next));
            }
            let (expect, kind) = match &current {
                Some(current) => (
                    Expect::Version(current.stamp.version),
                    EventKind::ClientChanged,
                ),
                None => (Expect::Absent, EventKind::ClientCreated),
            };
            let event = Event::new(kind, now).client(id);
            match self.ports.clients.put(&next.client, expect, &[event])? {
                Written::Done(stamp) => {
                    let client = Client {
                        stamp,
                        ..next.client
                    };
                    let written = WrittenClient { client, ..next };
                    return Ok(match current {
                        Some(_) => PutOutcome::Updated(written),
                        None => PutOutcome::Created(written),
                    });
                }
                Written::ReadOnly => return Ok(PutOutcome::ReadOnly),
                Written::NameTaken => return Ok(PutOutcome::NameTaken),
                Written::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }

    /// What the client becomes, or what is wrong with the draft. Also used by bundles.
    pub(crate) fn next_client(
        &self,
        id: &ClientId,
        current: Option<&Client>,
        draft: &ClientDraft,
        now: Timestamp,
    ) -> Result<Result<WrittenClient, Vec<Violation>>, Error> {
        let mut generated_secret = None;
        let secret = match &draft.secret {
            SecretChange::Set(secret) => Some(SecretHash::of(secret)),
            SecretChange::SetHash(hash) => Some(*hash),
            SecretChange::Remove => None,
            SecretChange::Keep => match current {
                Some(current) => current.secret,
                None if is_confidential(&draft.settings) => {
                    let secret = self.generate_secret()?;
                    let hash = SecretHash::of(&secret);
                    generated_secret = Some(secret);
                    Some(hash)
                }
                None => None,
            },
        };
        let violations = violations(&draft.settings, secret.is_some(), &self.policy);
        if !violations.is_empty() {
            return Ok(Err(violations));
        }
        let client = match current {
            None => Client {
                id: id.clone(),
                stamp: Stamp::first(now),
                administrator: false,
                secret,
                settings: draft.settings.clone(),
            },
            Some(current) => changed(current, secret, &draft.settings, now),
        };
        Ok(Ok(WrittenClient {
            client,
            generated_secret,
        }))
    }

    fn generate_secret(&self) -> Result<ClientSecret, Fault> {
        let mut bytes = [0; 32];
        self.ports.randomness.fill(&mut bytes)?;
        Ok(ClientSecret::new(base64url(&bytes)))
    }
}

fn changed(
    current: &Client,
    secret: Option<SecretHash>,
    settings: &ClientSettings,
    now: Timestamp,
) -> Client {
    let mut next = Client {
        secret,
        settings: settings.clone(),
        ..current.clone()
    };
    if next == *current {
        return next;
    }
    next.stamp = current.stamp.touched(now);
    let disabled = current.settings.active && !settings.active;
    if disabled || secret != current.secret {
        next.stamp = next.stamp.in_next_epoch();
    }
    next
}

/// Whether a new client must have a secret although none was written.
fn is_confidential(settings: &ClientSettings) -> bool {
    settings.password.secret_required == Some(true)
        || settings.grant_types.contains(&GrantType::ClientCredentials)
        || settings.grant_types.contains(&GrantType::Basic)
}

fn violations(settings: &ClientSettings, has_secret: bool, policy: &Policy) -> Vec<Violation> {
    let mut found = Vec::new();
    if !settings.default_scope.is_subset(&settings.scope) {
        found.push(Violation::new(
            "default_scope",
            "every token must also be in scope",
        ));
    }
    let password = &settings.password;
    let lifetimes = [
        (
            "auth.password.access_token_expiration",
            password.access_token_expiration,
        ),
        (
            "auth.password.refresh_token_expiration",
            password.refresh_token_expiration,
        ),
        (
            "auth.password.refresh_token_idle",
            password.refresh_token_idle,
        ),
        (
            "auth.client_credentials.access_token_expiration",
            settings.client_credentials.access_token_expiration,
        ),
    ];
    for (path, lifetime) in lifetimes {
        if lifetime.is_some_and(|l| l == Lifetime::default() || l > policy.longest_lifetime) {
            let longest = policy.longest_lifetime.as_seconds();
            found.push(Violation::new(
                path,
                format!("must be between 1 and {longest} seconds"),
            ));
        }
    }
    if !has_secret {
        if password.secret_required == Some(true) {
            found.push(Violation::new(
                "secret",
                "is required by auth.password.secret_required",
            ));
        }
        for grant_type in [GrantType::Basic, GrantType::ClientCredentials] {
            if settings.grant_types.contains(&grant_type) {
                let name = grant_type.as_str();
                found.push(Violation::new(
                    "secret",
                    format!("is required by grant type {name}"),
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
