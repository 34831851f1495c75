//! A signer that does not sign.

use grantor_domain::Fault;
use grantor_domain::id::{ClientId, SessionId, TokenId};
use grantor_domain::keys::PublicKey;
use grantor_domain::ports::{TokenSigner, VerifiedToken};
use grantor_domain::scope::Scope;
use grantor_domain::secret::TokenValue;
use grantor_domain::time::Timestamp;
use grantor_domain::tokens::{Claims, TokenKind};

/// Writes claims as readable text in three dotted parts. Anyone can forge it: for tests only.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainSigner;

const SEPARATOR: char = '|';

impl TokenSigner for PlainSigner {
    fn sign(&self, kind: TokenKind, claims: &Claims) -> Result<TokenValue, Fault> {
        let fields = [
            claims.issuer.replace('.', "%2E"),
            claims.subject.clone(),
            claims.audience.join(" ").replace('.', "%2E"),
            claims.issued.as_seconds().to_string(),
            claims.expires.as_seconds().to_string(),
            claims.id.to_string(),
            claims.client.to_string(),
            claims.scope.to_string(),
            claims.session.to_string(),
            claims.roles.join(" ").replace('.', "%2E"),
        ];
        let body = fields.join(&SEPARATOR.to_string());
        Ok(TokenValue::new(format!(
            "{}.{body}.unsigned",
            kind.jwt_type()
        )))
    }

    fn verify(&self, token: &TokenValue, now: Timestamp) -> Result<Option<VerifiedToken>, Fault> {
        Ok(read(token.expose()).filter(|token| now < token.claims.expires))
    }

    fn public_keys(&self, _now: Timestamp) -> Result<Vec<PublicKey>, Fault> {
        Ok(Vec::new())
    }
}

fn read(text: &str) -> Option<VerifiedToken> {
    let (kind, rest) = text.split_once('.')?;
    let (body, "unsigned") = rest.split_once('.')? else {
        return None;
    };
    let kind = [TokenKind::Access, TokenKind::Refresh]
        .into_iter()
        .find(|k| k.jwt_type() == kind)?;
    let fields: Vec<&str> = body.split(SEPARATOR).collect();
    let [
        iss,
        subject,
        audience,
        issued,
        expires,
        id,
        client,
        scope,
        session,
        roles,
    ] = <[&str; 10]>::try_from(fields).ok()?;
    let claims = Claims {
        issuer: iss.replace("%2E", "."),
        subject: subject.to_owned(),
        audience: audience
            .replace("%2E", ".")
            .split(' ')
            .map(str::to_owned)
            .collect(),
        issued: Timestamp::from_seconds(issued.parse().ok()?),
        expires: Timestamp::from_seconds(expires.parse().ok()?),
        id: TokenId::parse(id).ok()?,
        client: ClientId::parse(client).ok()?,
        scope: Scope::parse(scope).ok()?,
        session: SessionId::parse(session).ok()?,
        roles: roles
            .split_whitespace()
            .map(|role| role.replace("%2E", "."))
            .collect(),
        compat_cid: false,
    };
    Some(VerifiedToken { kind, claims })
}
