//! A client as a resource that is kept: what it becomes, and its secret.

use crate::error::Error;
use crate::event::EventKind;
use crate::fault::Fault;
use crate::grants::GrantType;
use crate::id::ClientId;
use crate::policy::Policy;
use crate::ports::Registry;
use crate::resources::{
    Drafted, IndexEntry, Parameter, Resource, ResourceKind, SessionOwner, Wanted, WrittenResource,
    differing,
};
use crate::revision::Stamp;
use crate::secret::{ClientSecret, SecretHash, base64url};
use crate::server::{AuthorizationServer, Ports};
use crate::sessions::SessionQuery;
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

impl Resource for Client {
    const KIND: ResourceKind = ResourceKind::Client;
    type Id = ClientId;
    type Draft = ClientDraft;
    type Ready = ();

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
        current: Option<&Self>,
        wanted: Wanted<'_, Self>,
        now: Timestamp,
    ) -> Result<Drafted<WrittenResource<Self>>, Error> {
        let draft = wanted.draft;
        let known = current.map_or(&[][..], |current| &current.secrets);
        let secrets = match server.next_secrets(known, &draft.secrets, now)? {
            Ok(secrets) => secrets,
            Err(violations) => return Ok(Err(violations)),
        };
        let (secret, generated_secret) = server.next_secret(current, draft, !secrets.is_empty())?;
        let resource = Self {
            id: wanted.id.clone(),
            stamp: Stamp::kept(current.map(Self::stamp), now),
            secret,
            secrets,
            settings: draft.settings.clone(),
        };
        let violations = violations(&resource, &server.policy);
        if !violations.is_empty() {
            return Ok(Err(violations));
        }
        Ok(Ok(WrittenResource {
            resource,
            generated_secret,
        }))
    }

    fn ends_sessions(current: &Self, next: &Self, now: Timestamp) -> bool {
        is_disabled(current, next) || current.loses_a_secret(next, now)
    }

    fn side_events(current: Option<&Self>, next: &Self) -> Vec<EventKind> {
        let Some(current) = current else {
            return Vec::new();
        };
        let mut kinds = Vec::new();
        if is_disabled(current, next) {
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
}

impl SessionOwner for Client {
    const SESSIONS_ENDED: EventKind = EventKind::ClientSessionsEnded;

    fn live_sessions(id: &ClientId, now: Timestamp) -> SessionQuery {
        SessionQuery::of_client(id.clone(), now)
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
                None if !has_others && needs_secret(&draft.settings) => {
                    let secret = self.generate_secret()?;
                    (Some(SecretHash::of(&secret)), Some(secret))
                }
                None => (None, None),
            },
        })
    }

    fn generate_secret(&self) -> Result<ClientSecret, Fault> {
        let bytes: [u8; 32] = self.random()?;
        Ok(ClientSecret::new(base64url(&bytes)))
    }
}

fn is_disabled(current: &Client, next: &Client) -> bool {
    current.settings.active && !next.settings.active
}

/// Whether a new client must have a secret although none was written.
fn needs_secret(settings: &ClientSettings) -> bool {
    settings.password.secret_required == Some(true)
        || settings.grant_types.contains(&GrantType::ClientCredentials)
        || settings.grant_types.contains(&GrantType::Basic)
}

fn violations(client: &Client, policy: &Policy) -> Vec<Violation> {
    let settings = &client.settings;
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
    if !client.is_confidential() {
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
