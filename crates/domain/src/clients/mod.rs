//! Clients (RFC 6749 §2): the applications registered with us, and their invariants.

mod authenticate;
mod kept;
mod secrets;
mod web_origin;

pub use authenticate::{ClientAuthMethod, ClientCredentials};
pub use kept::{ClientDraft, SecretChange};
pub use secrets::{FurtherSecret, MOST_SECRETS, SecretEntry, SecretsChange};
pub use web_origin::{InvalidOrigin, WebOrigin};

use std::net::IpAddr;

use ipnet::IpNet;

use crate::document::Document;
use crate::grants::GrantType;
use crate::id::ClientId;
use crate::revision::Stamp;
use crate::scope::Scope;
use crate::secret::SecretHash;
use crate::time::{Lifetime, Timestamp};
use crate::tokens::TokenFormat;

/// A registered client.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// `client_id`.
    pub id: ClientId,
    /// Version, epoch and times.
    pub stamp: Stamp,
    /// SHA-256 of its secret. A client without any is public (RFC 6749 §2.1).
    pub secret: Option<SecretHash>,
    /// Further secrets, in the order they were written.
    pub secrets: Vec<FurtherSecret>,
    /// What its administrators write.
    pub settings: ClientSettings,
}

impl Client {
    /// Whether it must show its secret where a grant allows doing without
    /// (`auth.password.secret_required`; true when there is a secret, unless `false` is written out).
    #[must_use]
    pub fn requires_secret(&self) -> bool {
        self.settings
            .password
            .secret_required
            .unwrap_or(self.is_confidential())
    }

    /// Whether it may authenticate from an address. From an unknown one it may only when it may from
    /// everywhere.
    #[must_use]
    pub fn may_come_from(&self, address: Option<IpAddr>) -> bool {
        let networks = &self.settings.allowed_ips;
        let is_within = |address: IpAddr| {
            let address = address.to_canonical();
            networks.iter().any(|network| network.contains(&address))
        };
        networks.is_empty() || address.is_some_and(is_within)
    }

    /// Whether it may use a grant type.
    #[must_use]
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.settings.grant_types.contains(&grant_type)
    }
}

/// The attributes of a client that its administrators write.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientSettings {
    /// Shown to people.
    pub name: Option<String>,
    /// Shown to people.
    pub description: Option<String>,
    /// `type`: a free word.
    pub kind: Option<String>,
    /// Whether it is ours.
    pub first_party: bool,
    /// `false` stops everything: authentication, grants, and the sessions it has.
    pub active: bool,
    /// What it may ask for.
    pub grant_types: Vec<GrantType>,
    /// The scope it may be granted. None named: none.
    pub scope: Scope,
    /// What it is granted when it asks for no scope; part of [`Self::scope`].
    pub default_scope: Scope,
    /// From where it may authenticate. None named: from everywhere.
    pub allowed_ips: Vec<IpNet>,
    /// Pages that may read what the endpoints for browsers answer.
    pub allowed_origins: Vec<WebOrigin>,
    /// `auth.password`.
    pub password: PasswordSettings,
    /// `auth.client_credentials`.
    pub client_credentials: ClientCredentialsSettings,
    /// Whether it may introspect every token (a resource server), not only its own.
    pub introspect_any: bool,
    /// Open content.
    pub details: Document,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            name: None,
            description: None,
            kind: None,
            first_party: false,
            active: true,
            grant_types: Vec::new(),
            scope: Scope::default(),
            default_scope: Scope::default(),
            allowed_ips: Vec::new(),
            allowed_origins: Vec::new(),
            password: PasswordSettings::default(),
            client_credentials: ClientCredentialsSettings::default(),
            introspect_any: false,
            details: Document::default(),
        }
    }
}

/// `auth.password`: how the password grant treats this client, and its refresh tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordSettings {
    /// Form of access tokens.
    pub token_format: TokenFormat,
    /// Lifetime of access tokens; absent: the server's.
    pub access_token_expiration: Option<Lifetime>,
    /// Whether a refresh token is issued.
    pub refresh_token: bool,
    /// Absolute lifetime of the refresh token from its first issue; absent: the server's.
    pub refresh_token_expiration: Option<Lifetime>,
    /// How long a refresh token lives unused; slides with each refresh, within the absolute lifetime.
    pub refresh_token_idle: Option<Lifetime>,
    /// Form of refresh tokens.
    pub refresh_token_format: TokenFormat,
    /// Whether the secret must be shown. See [`Client::requires_secret`].
    pub secret_required: Option<bool>,
    /// Audiences this client may ask for; all of them when it asks for none (RFC 8707 §2).
    pub audience: Vec<String>,
    /// What a refresh does to the refresh token.
    pub refresh_policy: RefreshPolicy,
    /// Whether the answer carries the User.
    pub userinfo: bool,
    /// From then on the client may not use the password grant.
    pub sunset: Option<Timestamp>,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        Self {
            token_format: TokenFormat::Opaque,
            access_token_expiration: None,
            refresh_token: false,
            refresh_token_expiration: None,
            refresh_token_idle: None,
            refresh_token_format: TokenFormat::Opaque,
            secret_required: None,
            audience: Vec::new(),
            refresh_policy: RefreshPolicy::Rotate,
            userinfo: true,
            sunset: None,
        }
    }
}

/// `auth.client_credentials`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ClientCredentialsSettings {
    /// Form of access tokens.
    pub token_format: TokenFormat,
    /// Lifetime of access tokens; absent: the server's.
    pub access_token_expiration: Option<Lifetime>,
    /// Audiences this client may ask for; all of them when it asks for none.
    pub audience: Vec<String>,
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RefreshPolicy {
    /// A new one each time; the spent one is refused and betrays theft (RFC 9700 §4.14).
    #[default]
    Rotate,
    /// The same one until it ends; for clients whose tokens are bound otherwise.
    Static,
}
