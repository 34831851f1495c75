//! `Client.auth`: how each grant treats a client.

use grantor_domain::clients::{
    ClientCredentialsSettings, ClientSettings, PasswordSettings, RefreshPolicy,
};
use grantor_domain::time::Lifetime;
use grantor_domain::tokens::TokenFormat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::oauth::request::OneOrMany;
use crate::resources::instant;

/// How each grant treats the client.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClientAuth)]
pub(super) struct AuthBody {
    /// The password grant, and the refresh tokens it issues.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<PasswordBody>,
    /// The client credentials grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_credentials: Option<ClientCredentialsBody>,
}

/// `auth.password`.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClientAuthPassword)]
pub(super) struct PasswordBody {
    /// Form of access tokens. Default `opaque`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_format: Option<Format>,
    /// Seconds an access token lives. Default: the server's, 3600.
    #[serde(alias = "token_expiration", skip_serializing_if = "Option::is_none")]
    #[schema(example = 3600)]
    access_token_expiration: Option<u32>,
    /// Whether a refresh token is issued. Default `false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<bool>,
    /// Seconds a refresh token lives, from its first issue. Default: the server's, 2,592,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expiration: Option<u32>,
    /// Seconds a refresh token lives unused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_idle: Option<u32>,
    /// Form of refresh tokens. Default `opaque`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_format: Option<Format>,
    /// Whether the secret must be shown. Default `true` when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_required: Option<bool>,
    /// `aud`; a requested audience must be among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<OneOrMany>,
    /// What a refresh does to the refresh token. Default `rotate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_policy: Option<Policy>,
    /// Whether the answer carries the User. Default `true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    userinfo: Option<bool>,
    /// From then on the client may not use the password grant: a date or an instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-01-01")]
    sunset: Option<String>,
}

/// `auth.client_credentials`.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClientAuthClientCredentials)]
pub(super) struct ClientCredentialsBody {
    /// Form of access tokens. Default `opaque`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_format: Option<Format>,
    /// Seconds an access token lives. Default: the server's, 3600.
    #[serde(alias = "token_expiration", skip_serializing_if = "Option::is_none")]
    access_token_expiration: Option<u32>,
    /// `aud`; a requested audience must be among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<OneOrMany>,
}

/// Form of a token.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TokenFormat)]
pub(super) enum Format {
    /// Random text that means nothing outside.
    Opaque,
    /// A signed JWT.
    Jwt,
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = RefreshPolicy)]
pub(super) enum Policy {
    /// A new one each time.
    Rotate,
    /// The same one until it ends.
    Static,
}

impl From<Format> for TokenFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Opaque => Self::Opaque,
            Format::Jwt => Self::Jwt,
        }
    }
}

impl From<TokenFormat> for Format {
    fn from(format: TokenFormat) -> Self {
        match format {
            TokenFormat::Opaque => Self::Opaque,
            TokenFormat::Jwt => Self::Jwt,
        }
    }
}

impl AuthBody {
    /// What is set, and nothing that is merely the default.
    pub(super) fn of(settings: &ClientSettings) -> Option<Self> {
        let password = (settings.password != PasswordSettings::default())
            .then(|| PasswordBody::from(&settings.password));
        let defaults = ClientCredentialsSettings::default();
        let client_credentials = (settings.client_credentials != defaults)
            .then(|| ClientCredentialsBody::from(&settings.client_credentials));
        let any = password.is_some() || client_credentials.is_some();
        any.then_some(Self {
            password,
            client_credentials,
        })
    }

    pub(super) fn password_settings(&self) -> Result<PasswordSettings, Problem> {
        let Some(body) = &self.password else {
            return Ok(PasswordSettings::default());
        };
        let sunset = body.sunset.as_deref().map(|text| {
            let at = "auth.password.sunset";
            instant::beginning(text).ok_or_else(|| Problem::at(at, "must be a date or an instant"))
        });
        let seconds = |seconds: Option<u32>| seconds.map(Lifetime::from_seconds);
        Ok(PasswordSettings {
            token_format: body.token_format.map(Into::into).unwrap_or_default(),
            access_token_expiration: seconds(body.access_token_expiration),
            refresh_token: body.refresh_token.unwrap_or(false),
            refresh_token_expiration: seconds(body.refresh_token_expiration),
            refresh_token_idle: seconds(body.refresh_token_idle),
            refresh_token_format: body
                .refresh_token_format
                .map(Into::into)
                .unwrap_or_default(),
            secret_required: body.secret_required,
            audience: list(body.audience.as_ref()),
            refresh_policy: match body.refresh_policy {
                Some(Policy::Static) => RefreshPolicy::Static,
                Some(Policy::Rotate) | None => RefreshPolicy::Rotate,
            },
            userinfo: body.userinfo.unwrap_or(true),
            sunset: sunset.transpose()?,
        })
    }

    pub(super) fn client_credentials_settings(&self) -> ClientCredentialsSettings {
        let Some(body) = &self.client_credentials else {
            return ClientCredentialsSettings::default();
        };
        ClientCredentialsSettings {
            token_format: body.token_format.map(Into::into).unwrap_or_default(),
            access_token_expiration: body.access_token_expiration.map(Lifetime::from_seconds),
            audience: list(body.audience.as_ref()),
        }
    }
}

fn list(audience: Option<&OneOrMany>) -> Vec<String> {
    audience
        .cloned()
        .map(OneOrMany::into_vec)
        .unwrap_or_default()
}

fn shown(audience: &[String]) -> Option<OneOrMany> {
    match audience {
        [] => None,
        [one] => Some(OneOrMany::One(one.clone())),
        many => Some(OneOrMany::Many(many.to_vec())),
    }
}

impl From<&PasswordSettings> for PasswordBody {
    fn from(settings: &PasswordSettings) -> Self {
        let seconds = |lifetime: Option<Lifetime>| lifetime.map(Lifetime::as_seconds);
        Self {
            token_format: Some(settings.token_format.into()),
            access_token_expiration: seconds(settings.access_token_expiration),
            refresh_token: Some(settings.refresh_token),
            refresh_token_expiration: seconds(settings.refresh_token_expiration),
            refresh_token_idle: seconds(settings.refresh_token_idle),
            refresh_token_format: Some(settings.refresh_token_format.into()),
            secret_required: settings.secret_required,
            audience: shown(&settings.audience),
            refresh_policy: Some(match settings.refresh_policy {
                RefreshPolicy::Rotate => Policy::Rotate,
                RefreshPolicy::Static => Policy::Static,
            }),
            userinfo: Some(settings.userinfo),
            sunset: settings.sunset.map(instant::instant),
        }
    }
}

impl From<&ClientCredentialsSettings> for ClientCredentialsBody {
    fn from(settings: &ClientCredentialsSettings) -> Self {
        Self {
            token_format: Some(settings.token_format.into()),
            access_token_expiration: settings.access_token_expiration.map(Lifetime::as_seconds),
            audience: shown(&settings.audience),
        }
    }
}
