//! Writing a JWT (RFC 7515 §5.1).

use grantor_domain::fault::Fault;
use grantor_domain::secret::{TokenValue, base64url};
use grantor_domain::tokens::{Claims, TokenKind};
use serde::Serialize;

use super::{Header, claims::ClaimSet};
use crate::signing_key::SigningKey;

/// Makes a JWT of `kind` signed by `key`.
pub(crate) fn encode(
    key: &SigningKey,
    kind: TokenKind,
    claims: &Claims,
) -> Result<TokenValue, Fault> {
    let header = part(&Header::new(key.algorithm(), kind, key.kid()))?;
    let mut token = header + "." + &part(&ClaimSet::of(claims))?;
    let signature = key.sign(token.as_bytes()).map_err(unavailable)?;
    token.push('.');
    token.push_str(&base64url(&signature));
    Ok(TokenValue::new(token))
}

fn part(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_vec(value)
        .map(|json| base64url(&json))
        .map_err(unavailable)
}

fn unavailable(error: impl std::error::Error) -> Fault {
    Fault::Unavailable(format!("a token cannot be signed: {error}"))
}
