//! JWTs as a resource server sees them: through the published keys, with another library than ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwt_simple::prelude::{
    Duration as Validity, ECDSAP256PublicKeyLike as _, ES256PublicKey, Ed25519PublicKey,
    EdDSAPublicKeyLike as _, JWTClaims, PS256PublicKey, RS256PublicKey, RSAPublicKeyLike as _,
    VerificationOptions,
};
use serde_json::Value;

use super::http::{Call, Http};
use super::server::World;

/// The three parts of a token, decoded but not verified.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) signature: Vec<u8>,
}

/// Decodes a token without believing it.
#[track_caller]
pub(crate) fn decode(token: &str) -> Parts {
    let parts: Vec<Vec<u8>> = token
        .split('.')
        .map(|part| URL_SAFE_NO_PAD.decode(part).unwrap())
        .collect();
    assert_eq!(parts.len(), 3, "{token}");
    let json = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap();
    Parts {
        header: json(&parts[0]),
        claims: json(&parts[1]),
        signature: parts[2].clone(),
    }
}

/// The token with this header and these claims, and a signature that need not fit them.
pub(crate) fn encode(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (header, claims) = (header.to_string(), claims.to_string());
    format!(
        "{}.{}.{}",
        part(header.as_bytes()),
        part(claims.as_bytes()),
        part(signature)
    )
}

/// The published keys.
#[track_caller]
pub(crate) fn published(world: &World) -> Vec<Value> {
    published_by(&world.http)
}

/// The keys one server publishes.
#[track_caller]
pub(crate) fn published_by(http: &Http) -> Vec<Value> {
    let set = http
        .send(Call::get("/.well-known/jwks.json"))
        .expect(200)
        .json();
    set["keys"].as_array().unwrap().clone()
}

/// Verifies a token through the published key it names, and answers its claims.
#[track_caller]
pub(crate) fn verify(world: &World, token: &str, issuer: &str) -> Result<Value, String> {
    verify_with(&published(world), token, issuer)
}

/// Verifies a token through one of these keys, and answers its claims.
pub(crate) fn verify_with(keys: &[Value], token: &str, issuer: &str) -> Result<Value, String> {
    let header = decode(token).header;
    let key = keys.iter().find(|key| key["kid"] == header["kid"]);
    let key = key.ok_or_else(|| format!("{header} names none of {keys:?}"))?;
    if key["alg"] != header["alg"] {
        return Err(format!("{header} is not for {key}"));
    }
    let options = VerificationOptions {
        allowed_issuers: Some([issuer.to_owned()].into()),
        required_signature_type: Some("at+jwt".to_owned()),
        // How old a token is was measured by the test's clock, which is not this machine's.
        artificial_time: decode(token).claims["iat"]
            .as_u64()
            .map(Validity::from_secs),
        ..VerificationOptions::default()
    };
    let (text, some) = (key.to_string(), Some(options));
    let claims: Result<JWTClaims<Value>, _> = match header["alg"].as_str() {
        Some("ES256") => {
            ES256PublicKey::from_jwk(&text).and_then(|key| key.verify_token(token, some))
        }
        Some("EdDSA") => {
            Ed25519PublicKey::from_jwk(&text).and_then(|key| key.verify_token(token, some))
        }
        Some("RS256") => {
            RS256PublicKey::from_jwk(&text).and_then(|key| key.verify_token(token, some))
        }
        Some("PS256") => {
            PS256PublicKey::from_jwk(&text).and_then(|key| key.verify_token(token, some))
        }
        other => return Err(format!("unexpected algorithm {other:?}")),
    };
    claims.map_err(|error| error.to_string())?;
    Ok(decode(token).claims)
}
