//! A client as a resource that is kept: what it becomes, and its secret.

use crate::error::Error;
use crate::event::EventKind;
use crate::fault::Fault;
use crate::grants::GrantType;
use crate::id::ClientId;
use crate::policy::Policy;
use crate::ports::Registry;
use crate::resources::{Drafted, IndexEntry, Next, Parameter, Resource, ResourceKind, differing};
use crate::revision::Stamp;
use crate::secret::{ClientSecret, SecretHash, base64url};
use crate::server::{AuthorizationServer, Ports};
use crate::time::{Lifetime, Timestamp};
use crate::violation::Violation;

use super::{Client, ClientSettings, SecretsChange, web_origin};

const PARAMETERS: [Parameter; 5] = [
    Parameter::text("name"),
    Parameter::token("active"),
    Parameter::token("grant_types"),
    Parameter::token("first_party"),
    Parameter::token(web_origin::PARAMETER),
];

/// What a caller wants a client to be.
#[derive(Clone, Debug)]
pub struct ClientDraft {
    /// All attributes but the secrets; they replace what was there.
    pub settings: ClientSettings,
    /// What becomes of the secret.
    pub secret: SecretChange,
    /// What becomes of its further secrets.
    pub secrets: SecretsChange,
}

impl ClientDraft {
    /// These settings and this secret; further secrets stay as they are.
    #[must_use]
    pub const fn new(settings: ClientSettings, secret: SecretChange) -> Self {
        Self {
            settings,
            secret,
            secrets: SecretsChange::Keep,
        }
    }
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

impl Resource for Client {
    const KIND: ResourceKind = ResourceKind::Client;
    type Id = ClientId;
    type Draft = ClientDraft;
    type Ready = ();
    type Written = WrittenClient;

    fn id(&self) -> &ClientId {
        &self.id
    }

    fn stamp(&self) -> Stamp {
        self.stamp
    }

    fn at(self, stamp: Stamp) -> Self {
        Self { stamp, ..self }
    }

    fn without_secrets(self) -> Self {
        Self {
            secret: None,
            secrets: Vec::new(),
            ..self
        }
    }

    fn index(&self) -> Vec<IndexEntry> {
        let settings = &self.settings;
        let mut entries = vec![
            IndexEntry::new("active", settings.active.to_string()),
            IndexEntry::new("first_party", settings.first_party.to_string()),
        ];
        let name = settings.name.iter();
        entries.extend(name.map(|name| IndexEntry::new("name", name.as_str())));
        let grant_types = settings.grant_types.iter();
        entries.extend(grant_types.map(|name| IndexEntry::new("grant_types", name.as_str())));
        let origins = settings.allowed_origins.iter();
        entries
            .extend(origins.map(|origin| IndexEntry::new(web_origin::PARAMETER, origin.as_str())));
        entries
    }

    fn parameters() -> &'static [Parameter] {
        &PARAMETERS
    }

    fn registry(ports: &Ports) -> &dyn Registry<Self> {
        &*ports.clients
    }

    fn make_ready(
        _server: &AuthorizationServer,
        _id: &ClientId,
        _draft: &ClientDraft,
    ) -> Result<Drafted<()>, Fault> {
        Ok(Ok(()))
    }

    fn next(
        server: &AuthorizationServer,
        id: &ClientId,
        current: Option<&Self>,
        (draft, ()): (&ClientDraft, &()),
        now: Timestamp,
    ) -> Result<Drafted<Next<Self>>, Error> {
        let known = current.map_or(&[][..], |current| &current.secrets);
        let secrets = match server.next_secrets(known, &draft.secrets, now)? {
            Ok(secrets) => secrets,
            Err(violations) => return Ok(Err(violations)),
        };
        let (secret, generated_secret) = server.next_secret(current, draft, !secrets.is_empty())?;
        let has_secret = secret.is_some() || !secrets.is_empty();
        let violations = violations(&draft.settings, has_secret, &server.policy);
        if !violations.is_empty() {
            return Ok(Err(violations));
        }
        let resource = match current {
            None => Self {
                id: id.clone(),
                stamp: Stamp::first(now),
                secret,
                secrets,
                settings: draft.settings.clone(),
            },
            Some(current) => {
                let next = Self {
                    secret,
                    secrets,
                    settings: draft.settings.clone(),
                    ..current.clone()
                };
                changed(current, next, now)
            }
        };
        Ok(Ok(Next {
            resource,
            generated_secret,
        }))
    }

    fn side_events(current: Option<&Self>, next: &Self) -> Vec<EventKind> {
        let Some(current) = current else {
            return Vec::new();
        };
        let mut kinds = Vec::new();
        if current.settings.active && !next.settings.active {
            kinds.push(EventKind::ClientDisabled);
        }
        let hashes = |client: &Self| -> Vec<SecretHash> {
            client.secrets.iter().map(|secret| secret.hash).collect()
        };
        if current.secret != next.secret || hashes(current) != hashes(next) {
            kinds.push(EventKind::ClientSecretRotated);
        }
        kinds
    }

    fn changes(current: &Self, next: &Self) -> Vec<&'static str> {
        differing!(current, next; "secret": secret, "secrets": secrets, "name": settings.name,
            "description": settings.description, "type": settings.kind,
            "first_party": settings.first_party, "active": settings.active,
            "grant_types": settings.grant_types, "scope": settings.scope,
            "default_scope": settings.default_scope, "allowed_ips": settings.allowed_ips,
            "allowed_origins": settings.allowed_origins, "auth.password": settings.password,
            "auth.client_credentials": settings.client_credentials,
            "introspect": settings.introspect_any, "details": settings.details)
    }

    fn written(self, generated_secret: Option<ClientSecret>) -> WrittenClient {
        WrittenClient {
            client: self,
            generated_secret,
        }
    }

    fn restamp(written: &mut WrittenClient, stamp: Stamp) {
        written.client.stamp = stamp;
    }
}

impl AuthorizationServer {
    /// What a client's secret becomes, and the secret itself when it is a new one of ours.
    fn next_secret(
        &self,
        current: Option<&Client>,
        draft: &ClientDraft,
        has_others: bool,
    ) -> Result<(Option<SecretHash>, Option<ClientSecret>), Fault> {
        Ok(match &draft.secret {
            SecretChange::Set(secret) => (Some(SecretHash::of(secret)), None),
            SecretChange::SetHash(hash) => (Some(*hash), None),
            SecretChange::Remove => (None, None),
            SecretChange::Keep => match current {
                Some(current) => (current.secret, None),
                None if !has_others && is_confidential(&draft.settings) => {
                    let secret = self.generate_secret()?;
                    (Some(SecretHash::of(&secret)), Some(secret))
                }
                None => (None, None),
            },
        })
    }

    fn generate_secret(&self) -> Result<ClientSecret, Fault> {
        let mut bytes = [0; 32];
        self.ports.randomness.fill(&mut bytes)?;
        Ok(ClientSecret::new(base64url(&bytes)))
    }
}

fn changed(current: &Client, mut next: Client, now: Timestamp) -> Client {
    if next == *current {
        return next;
    }
    next.stamp = current.stamp.touched(now);
    let disabled = current.settings.active && !next.settings.active;
    if disabled || current.loses_a_secret(&next, now) {
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
