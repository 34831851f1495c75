//! The claims of our JWTs, in JSON (RFC 7519 §4.1, RFC 9068 §2.2).

use std::borrow::Cow;

use grantor_domain::id::{ClientId, SessionId, TokenId};
use grantor_domain::scope::Scope;
use grantor_domain::time::Timestamp;
use grantor_domain::tokens::Claims;
use serde::{Deserialize, Deserializer, Serialize};

/// Claims as they are written, in this order. Times are whole seconds; members that are not ours
/// are passed over when read, ours must have their types.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ClaimSet<'a> {
    iss: Cow<'a, str>,
    sub: Cow<'a, str>,
    aud: Audience<'a>,
    exp: i64,
    iat: i64,
    nbf: i64,
    jti: Cow<'a, str>,
    client_id: Cow<'a, str>,
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    scope: Option<String>,
    #[serde(default, skip_serializing_if = "is_empty")]
    roles: Cow<'a, [String]>,
    sid: Cow<'a, str>,
    /// `client_id` again, as Aidbox names it.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    cid: Option<String>,
}

/// `aud`: a string when there is one, else an array (RFC 7519 §4.1.3).
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Audience<'a> {
    One(Cow<'a, str>),
    Several(Cow<'a, [String]>),
}

/// Whether nobody is told anything by a list.
fn is_empty(list: &[String]) -> bool {
    list.is_empty()
}

/// A member that may be absent, and is text when it is there.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

impl<'a> ClaimSet<'a> {
    pub(super) fn of(claims: &'a Claims) -> Self {
        let client = claims.client.as_str();
        Self {
            iss: Cow::Borrowed(&claims.issuer),
            sub: Cow::Borrowed(&claims.subject),
            aud: match claims.audience.as_slice() {
                [one] => Audience::One(Cow::Borrowed(one)),
                several => Audience::Several(Cow::Borrowed(several)),
            },
            exp: claims.expires.as_seconds(),
            iat: claims.issued.as_seconds(),
            nbf: claims.issued.as_seconds(),
            jti: Cow::Borrowed(claims.id.as_str()),
            client_id: Cow::Borrowed(client),
            scope: (!claims.scope.is_empty()).then(|| claims.scope.to_string()),
            roles: Cow::Borrowed(&claims.roles),
            sid: Cow::Borrowed(claims.session.as_str()),
            cid: claims.compat_cid.then(|| client.to_owned()),
        }
    }

    /// Whether the token has not ended: `now` < `exp`, without leeway.
    ///
    /// A token of ours is good from its issue on. That its `nbf` is still to come only says that the clock was set
    /// back, or that another replica's is ahead, and must not take a token from its holder.
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        now < Timestamp::from_seconds(self.exp)
    }

    /// The claims, when each follows its grammar and they agree with each other.
    pub(super) fn into_claims(self) -> Option<Claims> {
        let audience = match self.aud {
            Audience::One(one) => vec![one.into_owned()],
            Audience::Several(several) => several.into_owned(),
        };
        let is_odd = self.nbf != self.iat
            || audience.is_empty()
            || self.cid.as_ref().is_some_and(|cid| *cid != self.client_id);
        if is_odd {
            return None;
        }
        Some(Claims {
            issuer: self.iss.into_owned(),
            subject: self.sub.into_owned(),
            audience,
            issued: Timestamp::from_seconds(self.iat),
            expires: Timestamp::from_seconds(self.exp),
            id: TokenId::parse(&self.jti).ok()?,
            client: ClientId::parse(&self.client_id).ok()?,
            scope: Scope::parse(self.scope.as_deref().unwrap_or_default()).ok()?,
            roles: self.roles.into_owned(),
            session: SessionId::parse(&self.sid).ok()?,
            compat_cid: self.cid.is_some(),
        })
    }
}
