//! What a JWT of ours says.

use crate::id::{ClientId, SessionId, TokenId};
use crate::scope::Scope;
use crate::time::Timestamp;

/// The claims of an access token (RFC 9068 §2.2) or of a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// `iss`.
    pub issuer: String,
    /// `sub`: the user, or the client when it acts for itself.
    pub subject: String,
    /// `aud`: never empty.
    pub audience: Vec<String>,
    /// `iat` and `nbf`; a whole second.
    pub issued: Timestamp,
    /// `exp`; a whole second.
    pub expires: Timestamp,
    /// `jti`.
    pub id: TokenId,
    /// `client_id`.
    pub client: ClientId,
    /// `scope`, absent when empty.
    pub scope: Scope,
    /// `roles` (RFC 9068 §2.2.3.1), absent when empty.
    pub roles: Vec<String>,
    /// `sid`.
    pub session: SessionId,
    /// Whether `cid` is written too.
    pub compat_cid: bool,
}
