//! Reading a JWT of ours (RFC 7519 §7.2, RFC 8725).

use grantor_domain::time::Timestamp;
use grantor_domain::tokens::Claims;

use super::claims::ClaimSet;
use crate::signing_key::SigningKey;

/// The claims of `token` when `key` signed it and it has not ended at `now`.
///
/// The caller has read its header: the algorithm is the key's and the type is one of ours.
pub(crate) fn verify(token: &str, key: &SigningKey, now: Timestamp) -> Option<Claims> {
    let (verifying, validation) = key.verifying();
    let claims = jsonwebtoken::decode::<ClaimSet<'static>>(token, verifying, validation)
        .ok()?
        .claims;
    claims.is_current(now).then(|| claims.into_claims())?
}
