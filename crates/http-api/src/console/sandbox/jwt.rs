//! A JWT taken apart, for people.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_domain::AuthorizationServer;
use grantor_domain::fault::Fault;
use grantor_domain::secret::TokenValue;
use grantor_domain::time::Timestamp;
use serde_json::{Map, Value};

use crate::console::show::{Instant, encoded};

use super::remaining::Until;

/// A JWT in its parts (RFC 7519).
pub(super) struct Jwt {
    pub(super) head: String,
    pub(super) claims: String,
    pub(super) signature: String,
    pub(super) header_rows: Vec<Row>,
    pub(super) claim_rows: Vec<Row>,
    /// The name of the key that signed it, and how.
    pub(super) kid: String,
    pub(super) alg: String,
}

/// A member, its value, and what it means.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) means: &'static str,
    /// The page of what it names.
    pub(super) path: Option<String>,
    pub(super) when: Option<Instant>,
    pub(super) until: Option<Until>,
}

impl Jwt {
    /// Takes a token apart. `None`: it is no JWT.
    pub(super) fn read(token: &str, now: Timestamp) -> Option<Self> {
        let (head, rest) = token.split_once('.')?;
        let (claims, signature) = rest.split_once('.')?;
        let (header, body) = (members(head)?, members(claims)?);
        let text = |name: &str| header.get(name).map(value).unwrap_or_default();
        Some(Self {
            kid: text("kid"),
            alg: text("alg"),
            header_rows: rows(&header, now),
            claim_rows: rows(&body, now),
            head: head.to_owned(),
            claims: claims.to_owned(),
            signature: signature.to_owned(),
        })
    }

    /// Whether a set of keys (RFC 7517 §5) has the key that signed it.
    pub(super) fn is_signed_by_one_of(&self, set: &Value) -> bool {
        let keys = set["keys"].as_array();
        keys.is_some_and(|keys| keys.iter().any(|key| key["kid"] == *self.kid))
    }
}

/// Whether the signature of a token is that of the key it names. It is judged as of a time when the
/// token lived: that it has ended does not make its signature wrong.
pub(super) fn is_signature_valid(
    server: &AuthorizationServer,
    token: &TokenValue,
    ends: i64,
) -> Result<bool, Fault> {
    let ports = server.ports();
    let lived = Timestamp::from_seconds(ends.saturating_sub(1));
    let at = ports.clock.now().min(lived);
    Ok(ports.signer.verify(token, at)?.is_some())
}

fn members(part: &str) -> Option<Map<String, Value>> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&json).ok()
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            words.join(" ")
        }
        other => other.to_string(),
    }
}

fn rows(members: &Map<String, Value>, now: Timestamp) -> Vec<Row> {
    let row = |(name, member): (&String, &Value)| {
        let seconds = member.as_i64();
        let value = value(member);
        let is_instant = matches!(name.as_str(), "exp" | "iat" | "nbf");
        Row {
            means: meaning(name),
            path: page(name, &value),
            when: seconds.filter(|_| is_instant).map(Instant::of_seconds),
            until: seconds
                .filter(|_| name == "exp")
                .map(|ends| Until::of(ends, now)),
            name: name.clone(),
            value,
        }
    };
    members.iter().map(row).collect()
}

fn meaning(name: &str) -> &'static str {
    match name {
        "typ" => "an access token (RFC 9068)",
        "alg" => "how it is signed",
        "kid" => "with which key",
        "iss" => "who issued it",
        "sub" => "whom it speaks for",
        "aud" => "who may accept it",
        "jti" => "its own id",
        "sid" => "its session",
        "client_id" | "cid" => "through which client",
        "scope" => "what it may do",
        "roles" => "the user's roles",
        _ => "",
    }
}

/// The page of the console about what a member names.
fn page(name: &str, value: &str) -> Option<String> {
    match name {
        "kid" => Some("/console/keys".to_owned()),
        "sid" => Some(format!("/console/sessions/{}", encoded(value))),
        "client_id" => Some(format!("/console/clients/{}", encoded(value))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1000);

    fn token(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(header), part(claims))
    }

    #[test]
    fn header_and_claims_are_read_in_their_order() {
        let header = json!({"typ": "at+jwt", "alg": "ES256", "kid": "k1"});
        let claims = json!({"sub": "user", "aud": ["a", "b"], "exp": 1060, "sid": "s 1"});
        let jwt = Jwt::read(&token(&header, &claims), NOW).unwrap();
        assert_eq!((jwt.kid.as_str(), jwt.alg.as_str()), ("k1", "ES256"));
        let rows: Vec<_> = jwt
            .claim_rows
            .iter()
            .map(|row| (row.name.as_str(), row.value.as_str(), row.path.as_deref()))
            .collect();
        assert_eq!(
            rows,
            [
                ("sub", "user", None),
                ("aud", "a b", None),
                ("exp", "1060", None),
                ("sid", "s 1", Some("/console/sessions/s%201")),
            ]
        );
        let until = jwt.claim_rows[2].until.as_ref().unwrap();
        assert_eq!(until.says, "in 1 min 0 s");
    }

    #[test]
    fn only_a_published_key_counts() {
        let header = json!({"alg": "ES256", "kid": "k1"});
        let jwt = Jwt::read(&token(&header, &json!({})), NOW).unwrap();
        assert!(jwt.is_signed_by_one_of(&json!({"keys": [{"kid": "k0"}, {"kid": "k1"}]})));
        assert!(!jwt.is_signed_by_one_of(&json!({"keys": [{"kid": "k0"}]})));
        assert!(!jwt.is_signed_by_one_of(&Value::Null));
    }

    #[test]
    fn anything_else_is_no_jwt() {
        for token in ["", "gat_opaque", "a.b.c", "e30.e30", "e30.W10.c2ln"] {
            assert!(Jwt::read(token, NOW).is_none(), "{token}");
        }
    }
}
