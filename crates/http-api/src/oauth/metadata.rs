//! `GET /.well-known/oauth-authorization-server`: metadata (RFC 8414).

use actix_web::{HttpRequest, get};
use grantor_domain::grants::GrantType;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::headers::cacheable;
use crate::openapi::Faults;
use crate::reply::Reply;
use crate::state::{Server, State};

/// What this server does (RFC 8414 §2).
///
/// `response_types_supported` is left out: there is no authorization endpoint, so the list has no
/// elements, and RFC 8414 §3.2 omits claims without elements.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"issuer": "https://auth.example", "token_endpoint": "https://auth.example/auth/token", "jwks_uri": "https://auth.example/.well-known/jwks.json", "grant_types_supported": ["password", "refresh_token"]}))]
pub(crate) struct Metadata {
    /// The issuer identifier.
    #[schema(example = "https://auth.example")]
    issuer: String,
    /// The token endpoint.
    #[schema(example = "https://auth.example/auth/token")]
    token_endpoint: String,
    /// The introspection endpoint.
    introspection_endpoint: String,
    /// The revocation endpoint.
    revocation_endpoint: String,
    /// The user behind an access token.
    userinfo_endpoint: String,
    /// The key set.
    jwks_uri: String,
    /// The grant types that are enabled.
    grant_types_supported: Vec<&'static str>,
    /// How clients authenticate at the token endpoint.
    token_endpoint_auth_methods_supported: &'static [&'static str],
    /// How clients authenticate at the introspection endpoint.
    introspection_endpoint_auth_methods_supported: &'static [&'static str],
    /// How clients authenticate at the revocation endpoint.
    revocation_endpoint_auth_methods_supported: &'static [&'static str],
    /// Documentation for people.
    service_documentation: String,
}

const CONFIDENTIAL: &[&str] = &["client_secret_basic", "client_secret_post"];
const ALL: &[&str] = &["client_secret_basic", "client_secret_post", "none"];

impl Metadata {
    fn of(state: &State) -> Self {
        let issuer = state.issuer();
        let at = |path: &str| format!("{issuer}{path}");
        let grants = state.server.grant_types().iter();
        Self {
            issuer: issuer.to_owned(),
            token_endpoint: at("/auth/token"),
            introspection_endpoint: at("/auth/introspect"),
            revocation_endpoint: at("/auth/revoke"),
            userinfo_endpoint: at("/auth/userinfo"),
            jwks_uri: at("/.well-known/jwks.json"),
            grant_types_supported: grants
                .filter(|grant| **grant != GrantType::Basic)
                .map(|grant| grant.as_str())
                .collect(),
            token_endpoint_auth_methods_supported: ALL,
            introspection_endpoint_auth_methods_supported: CONFIDENTIAL,
            revocation_endpoint_auth_methods_supported: ALL,
            service_documentation: at("/docs"),
        }
    }
}

/// What this server does, for clients that configure themselves.
#[utoipa::path(
    tag = "Metadata",
    operation_id = "read_metadata",
    responses(
        (status = 200, description = "The metadata", body = Metadata, content_type = "application/json"),
        (status = 304, description = "The caller has it"),
        Faults,
    ),
    security(()),
)]
#[get("/.well-known/oauth-authorization-server")]
pub(crate) async fn read_metadata(
    server: Server,
    request: HttpRequest,
) -> Result<Reply<Metadata>, Failure> {
    Ok(cacheable(&request, Metadata::of(&server)))
}
