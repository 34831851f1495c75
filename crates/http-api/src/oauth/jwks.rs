//! `GET /.well-known/jwks.json`: the keys that verify our tokens (RFC 7517 §5).

use actix_web::{HttpRequest, get};
use grantor_domain::keys::{KeyParameters, PublicKey};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::headers::cacheable;
use crate::openapi::Faults;
use crate::reply::Reply;
use crate::state::Server;

/// A key set.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"keys": [{"kty": "EC", "use": "sig", "alg": "ES256", "kid": "k1", "crv": "P-256", "x": "…", "y": "…"}]}))]
pub(crate) struct KeySet {
    /// The keys, each with a unique `kid`.
    keys: Vec<Key>,
}

/// The public part of a key (RFC 7517 §4).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Key {
    /// `EC`, `OKP` or `RSA`.
    #[schema(example = "EC")]
    kty: &'static str,
    /// Always `sig`.
    #[schema(example = "sig")]
    r#use: &'static str,
    /// How it signs.
    #[schema(example = "ES256")]
    alg: &'static str,
    /// Its name in the header of tokens.
    kid: String,
    /// The curve, for `EC` and `OKP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    /// The x coordinate or the public key, for `EC` and `OKP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    /// The y coordinate, for `EC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    /// The modulus, for `RSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    /// The exponent, for `RSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
}

impl From<PublicKey> for Key {
    fn from(key: PublicKey) -> Self {
        let bare = Self {
            kty: "",
            r#use: "sig",
            alg: key.algorithm.as_str(),
            kid: key.kid,
            crv: None,
            x: None,
            y: None,
            n: None,
            e: None,
        };
        match key.parameters {
            KeyParameters::Ec { crv, x, y } => Self {
                kty: "EC",
                crv: Some(crv),
                x: Some(x),
                y: Some(y),
                ..bare
            },
            KeyParameters::Okp { crv, x } => Self {
                kty: "OKP",
                crv: Some(crv),
                x: Some(x),
                ..bare
            },
            KeyParameters::Rsa { n, e } => Self {
                kty: "RSA",
                n: Some(n),
                e: Some(e),
                ..bare
            },
        }
    }
}

/// The keys that verify JWT access tokens.
#[utoipa::path(
    tag = "Metadata",
    operation_id = "read_key_set",
    responses(
        (status = 200, description = "The key set", body = KeySet, content_type = "application/json"),
        (status = 304, description = "The caller has it"),
        Faults,
    ),
    security(()),
)]
#[get("/.well-known/jwks.json")]
pub(crate) async fn read_key_set(
    server: Server,
    request: HttpRequest,
) -> Result<Reply<KeySet>, Failure> {
    let keys = server
        .run(grantor_domain::AuthorizationServer::key_set)
        .await?;
    let keys = keys.into_iter().map(Key::from).collect();
    Ok(cacheable(&request, KeySet { keys }))
}
