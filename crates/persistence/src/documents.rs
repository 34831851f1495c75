//! What the `settings` columns hold. These shapes are storage's own: they gain members, each with a
//! default, and never lose or rename one while a stored document may have it.

use grantor_domain::access::{Link, PolicySettings, Rule};
use grantor_domain::clients::{
    ClientCredentialsSettings, ClientSettings, PasswordSettings, RefreshPolicy, WebOrigin,
};
use grantor_domain::document::Document;
use grantor_domain::grants::GrantType;
use grantor_domain::id::{ClientId, RoleId, UserId};
use grantor_domain::roles::RoleSettings;
use grantor_domain::scope::{InvalidScope, Scope};
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::TokenFormat;
use grantor_domain::users::UserSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A client's settings, less what has a column (`active`).
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ClientDocument {
    name: Option<String>,
    description: Option<String>,
    kind: Option<String>,
    first_party: bool,
    grant_types: Vec<StoredGrantType>,
    scope: String,
    default_scope: String,
    allowed_ips: Vec<String>,
    allowed_origins: Vec<String>,
    password: PasswordDocument,
    client_credentials: ClientCredentialsDocument,
    introspect_any: bool,
    details: Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(default)]
struct PasswordDocument {
    token_format: StoredFormat,
    access_token_expiration: Option<u32>,
    refresh_token: bool,
    refresh_token_expiration: Option<u32>,
    refresh_token_idle: Option<u32>,
    refresh_token_format: StoredFormat,
    secret_required: Option<bool>,
    audience: Vec<String>,
    refresh_policy: StoredRefreshPolicy,
    userinfo: bool,
    sunset: Option<i64>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct ClientCredentialsDocument {
    token_format: StoredFormat,
    access_token_expiration: Option<u32>,
    audience: Vec<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredGrantType {
    Basic,
    ClientCredentials,
    Password,
    RefreshToken,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredFormat {
    #[default]
    Opaque,
    Jwt,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredRefreshPolicy {
    #[default]
    Rotate,
    Static,
}

/// A user's settings, less what has a column (`user_name`, `email`, `inactive`).
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct UserDocument {
    roles: Vec<String>,
    names: Vec<String>,
    identifiers: Vec<String>,
    profile: Map<String, Value>,
}

/// A role's settings, less what has a column (`user_id`).
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RoleDocument {
    name: String,
    description: Option<String>,
    links: Map<String, Value>,
    context: Map<String, Value>,
}

/// A policy's settings.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PolicyDocument {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    links: Vec<StoredLink>,
    #[serde(default)]
    role_name: Option<String>,
    rule: StoredRule,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id")]
enum StoredLink {
    User(String),
    Client(String),
    Role(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "engine", content = "is", rename_all = "snake_case")]
enum StoredRule {
    Allow,
    Matcho(Map<String, Value>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Cedar(String),
}

impl Default for PasswordDocument {
    fn default() -> Self {
        Self::from(&PasswordSettings::default())
    }
}

impl From<&ClientSettings> for ClientDocument {
    fn from(settings: &ClientSettings) -> Self {
        Self {
            name: settings.name.clone(),
            description: settings.description.clone(),
            kind: settings.kind.clone(),
            first_party: settings.first_party,
            grant_types: settings.grant_types.iter().map(|&g| g.into()).collect(),
            scope: settings.scope.to_string(),
            default_scope: settings.default_scope.to_string(),
            allowed_ips: texts(&settings.allowed_ips),
            allowed_origins: texts(&settings.allowed_origins),
            password: (&settings.password).into(),
            client_credentials: (&settings.client_credentials).into(),
            introspect_any: settings.introspect_any,
            details: settings.details.as_object().clone(),
        }
    }
}

impl ClientDocument {
    /// The settings it stands for, with the column `active`; what is wrong when it stands for none.
    pub(crate) fn into_settings(self, active: bool) -> Result<ClientSettings, &'static str> {
        let invalid_scope = |_: InvalidScope| "settings holds an invalid scope";
        Ok(ClientSettings {
            name: self.name,
            description: self.description,
            kind: self.kind,
            first_party: self.first_party,
            active,
            grant_types: self.grant_types.into_iter().map(Into::into).collect(),
            scope: Scope::parse(&self.scope).map_err(invalid_scope)?,
            default_scope: Scope::parse(&self.default_scope).map_err(invalid_scope)?,
            allowed_ips: all(&self.allowed_ips, |text| text.parse().ok())
                .ok_or("settings holds an invalid network")?,
            allowed_origins: all(&self.allowed_origins, |text| WebOrigin::parse(text).ok())
                .ok_or("settings holds an invalid origin")?,
            password: self.password.into(),
            client_credentials: self.client_credentials.into(),
            introspect_any: self.introspect_any,
            details: Document::new(self.details),
        })
    }
}

fn texts(values: &[impl ToString]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// All of them, when all can be read.
fn all<T>(texts: &[String], read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    texts.iter().map(|text| read(text)).collect()
}

impl From<&PasswordSettings> for PasswordDocument {
    fn from(settings: &PasswordSettings) -> Self {
        Self {
            token_format: settings.token_format.into(),
            access_token_expiration: settings.access_token_expiration.map(Lifetime::as_seconds),
            refresh_token: settings.refresh_token,
            refresh_token_expiration: settings.refresh_token_expiration.map(Lifetime::as_seconds),
            refresh_token_idle: settings.refresh_token_idle.map(Lifetime::as_seconds),
            refresh_token_format: settings.refresh_token_format.into(),
            secret_required: settings.secret_required,
            audience: settings.audience.clone(),
            refresh_policy: settings.refresh_policy.into(),
            userinfo: settings.userinfo,
            sunset: settings.sunset.map(Timestamp::as_micros),
        }
    }
}

impl From<PasswordDocument> for PasswordSettings {
    fn from(stored: PasswordDocument) -> Self {
        Self {
            token_format: stored.token_format.into(),
            access_token_expiration: stored.access_token_expiration.map(Lifetime::from_seconds),
            refresh_token: stored.refresh_token,
            refresh_token_expiration: stored.refresh_token_expiration.map(Lifetime::from_seconds),
            refresh_token_idle: stored.refresh_token_idle.map(Lifetime::from_seconds),
            refresh_token_format: stored.refresh_token_format.into(),
            secret_required: stored.secret_required,
            audience: stored.audience,
            refresh_policy: stored.refresh_policy.into(),
            userinfo: stored.userinfo,
            sunset: stored.sunset.map(Timestamp::from_micros),
        }
    }
}

impl From<&ClientCredentialsSettings> for ClientCredentialsDocument {
    fn from(settings: &ClientCredentialsSettings) -> Self {
        Self {
            token_format: settings.token_format.into(),
            access_token_expiration: settings.access_token_expiration.map(Lifetime::as_seconds),
            audience: settings.audience.clone(),
        }
    }
}

impl From<ClientCredentialsDocument> for ClientCredentialsSettings {
    fn from(stored: ClientCredentialsDocument) -> Self {
        Self {
            token_format: stored.token_format.into(),
            access_token_expiration: stored.access_token_expiration.map(Lifetime::from_seconds),
            audience: stored.audience,
        }
    }
}

impl From<&UserSettings> for UserDocument {
    fn from(settings: &UserSettings) -> Self {
        Self {
            roles: settings.roles.clone(),
            names: settings.names.clone(),
            identifiers: settings.identifiers.clone(),
            profile: settings.profile.as_object().clone(),
        }
    }
}

impl UserDocument {
    /// The settings it stands for, with what has columns.
    pub(crate) fn into_settings(self, columns: UserSettings) -> UserSettings {
        UserSettings {
            roles: self.roles,
            names: self.names,
            identifiers: self.identifiers,
            profile: Document::new(self.profile),
            ..columns
        }
    }
}

impl From<&RoleSettings> for RoleDocument {
    fn from(settings: &RoleSettings) -> Self {
        Self {
            name: settings.name.clone(),
            description: settings.description.clone(),
            links: settings.links.as_object().clone(),
            context: settings.context.as_object().clone(),
        }
    }
}

impl RoleDocument {
    /// The settings it stands for, with the column `user_id`.
    pub(crate) fn into_settings(self, user: UserId) -> RoleSettings {
        RoleSettings {
            name: self.name,
            description: self.description,
            user,
            links: Document::new(self.links),
            context: Document::new(self.context),
        }
    }
}

impl From<&PolicySettings> for PolicyDocument {
    fn from(settings: &PolicySettings) -> Self {
        Self {
            description: settings.description.clone(),
            links: settings.links.iter().map(Into::into).collect(),
            role_name: settings.role_name.clone(),
            rule: (&settings.rule).into(),
        }
    }
}

impl From<PolicyDocument> for PolicySettings {
    fn from(stored: PolicyDocument) -> Self {
        Self {
            description: stored.description,
            links: stored.links.into_iter().map(Into::into).collect(),
            role_name: stored.role_name,
            rule: stored.rule.into(),
        }
    }
}

impl From<&Link> for StoredLink {
    fn from(link: &Link) -> Self {
        match link {
            Link::User(id) => Self::User(id.as_str().to_owned()),
            Link::Client(id) => Self::Client(id.as_str().to_owned()),
            Link::Role(id) => Self::Role(id.as_str().to_owned()),
        }
    }
}

impl From<StoredLink> for Link {
    fn from(stored: StoredLink) -> Self {
        match stored {
            StoredLink::User(id) => Self::User(UserId::from_row(id)),
            StoredLink::Client(id) => Self::Client(ClientId::from_row(id)),
            StoredLink::Role(id) => Self::Role(RoleId::from_row(id)),
        }
    }
}

impl From<&Rule> for StoredRule {
    fn from(rule: &Rule) -> Self {
        match rule {
            Rule::Allow => Self::Allow,
            Rule::Matcho(pattern) => Self::Matcho(pattern.as_object().clone()),
            Rule::All(rules) => Self::All(rules.iter().map(Into::into).collect()),
            Rule::Any(rules) => Self::Any(rules.iter().map(Into::into).collect()),
            Rule::Cedar(text) => Self::Cedar(text.clone()),
        }
    }
}

impl From<StoredRule> for Rule {
    fn from(stored: StoredRule) -> Self {
        match stored {
            StoredRule::Allow => Self::Allow,
            StoredRule::Matcho(pattern) => Self::Matcho(Document::new(pattern)),
            StoredRule::All(rules) => Self::All(rules.into_iter().map(Into::into).collect()),
            StoredRule::Any(rules) => Self::Any(rules.into_iter().map(Into::into).collect()),
            StoredRule::Cedar(text) => Self::Cedar(text),
        }
    }
}

macro_rules! stored_as {
    ($domain:ident, $stored:ident { $($variant:ident),+ }) => {
        impl From<$domain> for $stored {
            fn from(value: $domain) -> Self {
                match value {
                    $($domain::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$stored> for $domain {
            fn from(stored: $stored) -> Self {
                match stored {
                    $($stored::$variant => Self::$variant,)+
                }
            }
        }
    };
}

stored_as!(
    GrantType,
    StoredGrantType {
        Basic,
        ClientCredentials,
        Password,
        RefreshToken
    }
);
stored_as!(TokenFormat, StoredFormat { Opaque, Jwt });
stored_as!(RefreshPolicy, StoredRefreshPolicy { Rotate, Static });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_document_reads_as_the_defaults() {
        let document: ClientDocument = serde_json::from_str("{}").unwrap();
        assert_eq!(document.into_settings(true), Ok(ClientSettings::default()));
    }

    #[test]
    fn a_document_of_a_later_version_still_reads() {
        let text = r#"{"name": "App", "invented_later": [1], "password": {"also_later": 2}}"#;
        let document: ClientDocument = serde_json::from_str(text).unwrap();
        assert_eq!(
            document.into_settings(true).unwrap().name.as_deref(),
            Some("App")
        );
    }
}
