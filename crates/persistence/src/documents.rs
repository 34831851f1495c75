//! What the `settings` columns hold. These shapes are storage's own: they gain members, each with a
//! default, and never lose or rename one while a stored document may have it.

use grantor_domain::clients::{
    ClientCredentialsSettings, ClientSettings, PasswordSettings, RefreshPolicy,
};
use grantor_domain::document::Document;
use grantor_domain::grants::GrantType;
use grantor_domain::scope::{InvalidScope, Scope};
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::TokenFormat;
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
    profile: Map<String, Value>,
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
            password: (&settings.password).into(),
            client_credentials: (&settings.client_credentials).into(),
            introspect_any: settings.introspect_any,
            details: settings.details.as_object().clone(),
        }
    }
}

impl ClientDocument {
    /// The settings it stands for, with the column `active`.
    pub(crate) fn into_settings(self, active: bool) -> Result<ClientSettings, InvalidScope> {
        Ok(ClientSettings {
            name: self.name,
            description: self.description,
            kind: self.kind,
            first_party: self.first_party,
            active,
            grant_types: self.grant_types.into_iter().map(Into::into).collect(),
            scope: Scope::parse(&self.scope)?,
            default_scope: Scope::parse(&self.default_scope)?,
            password: self.password.into(),
            client_credentials: self.client_credentials.into(),
            introspect_any: self.introspect_any,
            details: Document::new(self.details),
        })
    }
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

impl From<&Document> for UserDocument {
    fn from(profile: &Document) -> Self {
        Self {
            profile: profile.as_object().clone(),
        }
    }
}

impl From<UserDocument> for Document {
    fn from(stored: UserDocument) -> Self {
        Self::new(stored.profile)
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
