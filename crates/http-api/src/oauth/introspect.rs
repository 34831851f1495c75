//! `POST /auth/introspect`: token introspection (RFC 7662).

use actix_web::{HttpRequest, post};
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::{ActiveToken, Introspection, TokenKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::call;
use crate::openapi::IntrospectionErrors;
use crate::reply::Reply;
use crate::state::Server;

use super::request::{OAuthRequest, required};

/// The parameters of an introspection or revocation request.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TokenParameters)]
pub(crate) struct TokenParameters {
    /// The token.
    #[schema(required = true)]
    pub(super) token: Option<String>,
    /// `access_token` or `refresh_token`. A hint that nothing depends on.
    #[expect(
        dead_code,
        reason = "tokens say themselves what they are; listed for the document"
    )]
    token_type_hint: Option<String>,
    /// The client, when it does not authenticate with the `Authorization` header.
    #[expect(
        dead_code,
        reason = "read with the client's credentials, listed for the document"
    )]
    client_id: Option<String>,
    /// The client's secret, when it does not authenticate with the `Authorization` header.
    #[schema(format = Password)]
    #[expect(
        dead_code,
        reason = "read with the client's credentials, listed for the document"
    )]
    client_secret: Option<String>,
}

/// What is known of a token (RFC 7662 §2.2). A dead one has `active: false` and nothing else.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Introspection, example = json!({"active": true, "client_id": "myapp", "username": "user", "sub": "user", "scope": "a b", "token_type": "Bearer", "exp": 1_767_229_200, "iat": 1_767_225_600, "nbf": 1_767_225_600, "iss": "https://auth.example", "jti": "019b76da-a800-7585-a712-0fbbe785a83d", "sid": "019b76da-a800-7585-a712-0fbbe785a83e"}))]
pub(crate) struct IntrospectionReply {
    /// Whether it lives.
    active: bool,
    /// Whose token it is as a client.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// The user's `userName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The user, or the client when it acts for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    /// Its scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// `Bearer`, for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// When it ends, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    /// Since when it lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    /// For whom it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<Vec<String>>,
    /// Its id, for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    /// The user's roles as they are now, for access tokens with scope `roles`.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    /// Its session.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
}

fn known(token: &ActiveToken, issuer: &str) -> IntrospectionReply {
    let access = token.kind == TokenKind::Access;
    let session = &token.session;
    IntrospectionReply {
        active: true,
        client_id: Some(session.client.id.to_string()),
        username: token.username.clone(),
        sub: Some(token.subject().to_owned()),
        scope: (!token.scope.is_empty()).then(|| token.scope.to_string()),
        token_type: access.then_some("Bearer"),
        exp: Some(token.expires.as_seconds()),
        iat: Some(token.issued.as_seconds()),
        nbf: Some(token.issued.as_seconds()),
        iss: Some(issuer.to_owned()),
        aud: (!token.audience.is_empty()).then(|| token.audience.clone()),
        jti: access.then(|| session.access.id.to_string()),
        roles: (!token.roles.is_empty()).then(|| token.roles.clone()),
        sid: Some(session.id.to_string()),
    }
}

/// Says whether a token lives, and what it stands for.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "introspect_token",
    request_body(content(
        (TokenParameters = "application/x-www-form-urlencoded"),
        (TokenParameters = "application/json"),
        (TokenParameters = "text/yaml"),
    )),
    responses((status = 200, description = "Whether the token lives", content((IntrospectionReply = "application/json"), (IntrospectionReply = "text/yaml"))), IntrospectionErrors),
    security(("basic" = []), ("bearer" = []), ()),
)]
#[post("/auth/introspect")]
pub(crate) async fn introspect_token(
    server: Server,
    request: OAuthRequest<TokenParameters>,
    http: HttpRequest,
) -> Result<Reply<IntrospectionReply>, Failure> {
    let call = call(&http);
    let shown = request.asker.into_shown();
    // Who asks is judged before what is asked for, also when it is missing.
    let token = request.body.token.unwrap_or_default();
    let missing = token.is_empty();
    let token = TokenValue::new(token);
    let answer = server
        .run_promptly(move |server| server.introspect(shown.as_ref(), &token, &call))
        .await?;
    if missing {
        required("token", None)?;
    }
    metrics::counter!("grantor_introspections_total", "active" => active(&answer)).increment(1);
    Ok(Reply::ok(match answer {
        Introspection::Inactive => IntrospectionReply::default(),
        Introspection::Active(token) => known(&token, server.issuer()),
    }))
}

const fn active(answer: &Introspection) -> &'static str {
    match answer {
        Introspection::Active(_) => "true",
        Introspection::Inactive => "false",
    }
}
