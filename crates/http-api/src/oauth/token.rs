//! `POST /auth/token`: the token endpoint (RFC 6749 §3.2).

use actix_web::post;
use grantor_domain::Reason;
use grantor_domain::grants::{Grant, GrantType, TokenRequest};
use grantor_domain::scope::Scope;
use grantor_domain::secret::{Password, TokenValue};
use grantor_domain::tokens::{TokenKind, TokenResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Failure;
use crate::openapi::TokenErrors;
use crate::reply::Reply;
use crate::state::Server;

use super::request::{OAuthRequest, OneOrMany, required};
use super::userinfo::UserInfo;

/// The parameters of a token request. Which are required depends on `grant_type`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TokenRequest)]
pub(crate) struct TokenBody {
    /// `password`, `refresh_token` or `client_credentials`.
    #[schema(required = true, example = "password")]
    grant_type: Option<String>,
    /// The client, when it does not authenticate with the `Authorization` header.
    #[schema(example = "myapp")]
    #[expect(
        dead_code,
        reason = "read with the client's credentials, listed for the document"
    )]
    client_id: Option<String>,
    /// The client's secret, when it does not authenticate with the `Authorization` header.
    #[schema(example = "verysecret", format = Password)]
    #[expect(
        dead_code,
        reason = "read with the client's credentials, listed for the document"
    )]
    client_secret: Option<String>,
    /// `password`: the user's `userName`, `email` or `id`.
    #[schema(example = "user")]
    username: Option<String>,
    /// `password`: the user's password.
    #[schema(example = "password", format = Password)]
    password: Option<String>,
    /// `refresh_token`: the refresh token.
    refresh_token: Option<String>,
    /// Scope tokens separated by spaces.
    #[schema(example = "contacts.read")]
    scope: Option<String>,
    /// For whom the token is to be.
    audience: Option<OneOrMany>,
    /// For whom the token is to be (RFC 8707).
    resource: Option<OneOrMany>,
}

impl TokenBody {
    fn grant(&mut self) -> Result<Grant, Failure> {
        let name = required("grant_type", self.grant_type.take())?;
        match GrantType::parse(&name) {
            Some(GrantType::Password) => Ok(Grant::Password {
                username: required("username", self.username.take())?,
                password: Password::new(required("password", self.password.take())?),
            }),
            Some(GrantType::RefreshToken) => {
                let token = required("refresh_token", self.refresh_token.take())?;
                Ok(Grant::RefreshToken {
                    refresh_token: TokenValue::new(token),
                })
            }
            Some(GrantType::ClientCredentials) => Ok(Grant::ClientCredentials),
            // `basic` is a right to call without a token, not a way to ask for one.
            Some(GrantType::Basic) | None => Err(Reason::GrantTypeNotEnabled.into()),
        }
    }

    fn scope(&self) -> Result<Option<Scope>, Failure> {
        let scope = self.scope.as_deref().map(Scope::parse).transpose();
        scope.map_err(|_| Reason::ScopeNotAllowed.into())
    }

    fn audience(&mut self) -> Vec<String> {
        let named = [self.audience.take(), self.resource.take()];
        let all = named.into_iter().flatten().flat_map(OneOrMany::into_vec);
        all.filter(|name| !name.is_empty()).collect()
    }
}

impl TryFrom<OAuthRequest<TokenBody>> for TokenRequest {
    type Error = Failure;

    fn try_from(request: OAuthRequest<TokenBody>) -> Result<Self, Failure> {
        let mut body = request.body;
        Ok(Self {
            client: request.asker.into_client()?,
            origin: request.origin,
            grant: body.grant()?,
            scope: body.scope()?,
            audience: body.audience(),
        })
    }
}

/// The answer to a token request (RFC 6749 §5.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TokenResponse, example = json!({"token_type": "Bearer", "expires_in": 3600, "access_token": "gat_…", "refresh_token": "grt_…", "scope": "a b", "userinfo": {"resourceType": "User", "id": "user", "sub": "user", "email": "user@mail.com"}}))]
pub(crate) struct TokenReply {
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token ends.
    #[schema(example = 3600)]
    expires_in: u32,
    /// The access token.
    access_token: String,
    /// The refresh token, for clients with `auth.password.refresh_token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// The scope granted; absent when it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// The User who logged in, with `sub`; password grant only.
    #[serde(skip_serializing_if = "Option::is_none")]
    userinfo: Option<UserInfo>,
}

impl From<TokenResponse> for TokenReply {
    fn from(response: TokenResponse) -> Self {
        let text = |token: TokenValue| token.expose().to_owned();
        Self {
            token_type: "Bearer",
            expires_in: response.expires_in.as_seconds(),
            access_token: text(response.access_token),
            refresh_token: response.refresh_token.map(text),
            scope: (!response.scope.is_empty()).then(|| response.scope.to_string()),
            userinfo: response.userinfo.as_ref().map(UserInfo::from),
        }
    }
}

/// Exchanges credentials for an access token.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "request_token",
    request_body(content(
        (TokenBody = "application/x-www-form-urlencoded"),
        (TokenBody = "application/json"),
        (TokenBody = "text/yaml"),
    )),
    responses((status = 200, description = "A token", content((TokenReply = "application/json"), (TokenReply = "text/yaml"))), TokenErrors),
    security((), ("basic" = [])),
)]
#[post("/auth/token")]
pub(crate) async fn request_token(
    server: Server,
    request: OAuthRequest<TokenBody>,
) -> Result<Reply<TokenReply>, Failure> {
    answer(server, request).await
}

/// The same under ts-oauth2-server's path.
#[post("/token")]
pub(crate) async fn request_token_alias(
    server: Server,
    request: OAuthRequest<TokenBody>,
) -> Result<Reply<TokenReply>, Failure> {
    answer(server, request).await
}

async fn answer(
    server: Server,
    request: OAuthRequest<TokenBody>,
) -> Result<Reply<TokenReply>, Failure> {
    let request = TokenRequest::try_from(request)?;
    let grant = request.grant.grant_type();
    let answer = if grant == GrantType::Password {
        server
            .run_login_promptly(move |server| server.token(&request))
            .await
    } else {
        server
            .run_promptly(move |server| server.token(&request))
            .await
    };
    count(grant, &answer);
    Ok(Reply::ok(answer?.into()))
}

fn count(grant: GrantType, answer: &Result<TokenResponse, Failure>) {
    if grant == GrantType::Password {
        let result = match answer {
            Ok(_) => "ok",
            Err(Failure::Refused(reason)) => reason.name(),
            Err(_) => "fault",
        };
        metrics::counter!("grantor_login_total", "result" => result).increment(1);
    }
    if grant == GrantType::RefreshToken {
        metrics::counter!("grantor_refresh_total", "result" => refreshed(answer)).increment(1);
    }
    if let Ok(response) = answer {
        let token = response.access_token.expose();
        let opaque = token.starts_with(TokenKind::Access.prefix());
        let format = if opaque { "opaque" } else { "jwt" };
        metrics::counter!("grantor_tokens_issued_total", "grant" => grant.as_str(), "format" => format)
            .increment(1);
    }
}

/// How a refresh went, in the few words that alerts are made of.
const fn refreshed(answer: &Result<TokenResponse, Failure>) -> &'static str {
    match answer {
        Ok(response) if response.reissued => "replay_recovered",
        Ok(_) => "ok",
        Err(Failure::Refused(Reason::RefreshTokenReused)) => "reuse",
        Err(Failure::Refused(Reason::SessionExpired)) => "expired",
        Err(Failure::Refused(_)) => "refused",
        Err(_) => "fault",
    }
}
