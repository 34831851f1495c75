//! Making the token pair of a session.

use crate::clients::Client;
use crate::error::Error;
use crate::fault::Fault;
use crate::id::{SessionId, TokenId, UserId};
use crate::scope::Scope;
use crate::secret::{TokenHash, TokenValue};
use crate::server::AuthorizationServer;
use crate::sessions::{AccessState, Session, SessionType};
use crate::time::{Lifetime, Timestamp};
use crate::users::User;

use super::{Claims, TokenFormat, TokenKind, mint};

/// The answer to a token request (RFC 6749 §5.1).
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// `access_token`.
    pub access_token: TokenValue,
    /// `expires_in`.
    pub expires_in: Lifetime,
    /// `refresh_token`.
    pub refresh_token: Option<TokenValue>,
    /// `scope` as granted; empty when none was.
    pub scope: Scope,
    /// `userinfo`: the user, when the client wants it.
    pub userinfo: Option<User>,
    /// Whether this pair takes the place of one whose answer was lost on its way.
    pub reissued: bool,
}

/// What an access token is to be.
#[derive(Debug)]
pub(crate) struct AccessGrant<'a> {
    pub(crate) session: &'a SessionId,
    pub(crate) client: &'a Client,
    /// On whose behalf, when the client does not act for itself.
    pub(crate) user: Option<&'a UserId>,
    pub(crate) scope: Scope,
    pub(crate) audience: &'a [String],
    pub(crate) kind: SessionType,
    pub(crate) now: Timestamp,
}

/// A token that exists and is not stored yet.
#[derive(Debug)]
pub(crate) struct IssuedAccess {
    pub(crate) value: TokenValue,
    pub(crate) lifetime: Lifetime,
    pub(crate) state: AccessState,
}

impl AuthorizationServer {
    pub(crate) fn issue_access(&self, grant: AccessGrant<'_>) -> Result<IssuedAccess, Error> {
        let settings = &grant.client.settings;
        let (format, lifetime) = match grant.kind {
            SessionType::Password | SessionType::Console => (
                settings.password.token_format,
                settings.password.access_token_expiration,
            ),
            SessionType::ClientCredentials => (
                settings.client_credentials.token_format,
                settings.client_credentials.access_token_expiration,
            ),
        };
        let lifetime = lifetime.unwrap_or(self.policy.access_token_lifetime);
        let issued = grant.now.floor_second();
        let expires = issued.plus(lifetime);
        let id = self.token_id()?;
        let audience = match (format, grant.audience) {
            // RFC 9068 §3: a default resource when the client has none.
            (TokenFormat::Jwt, []) => vec![self.policy.issuer.clone()],
            (_, audience) => audience.to_vec(),
        };
        let value = match format {
            TokenFormat::Opaque => self.mint_opaque(TokenKind::Access)?,
            TokenFormat::Jwt => {
                let client = &grant.client.id;
                let subject = grant.user.map_or(client.as_str(), UserId::as_str);
                let claims = Claims {
                    issuer: self.policy.issuer.clone(),
                    subject: subject.to_owned(),
                    audience: audience.clone(),
                    issued,
                    expires,
                    id: id.clone(),
                    client: client.clone(),
                    scope: grant.scope.clone(),
                    roles: self.roles_for(grant.user, &grant.scope)?,
                    session: grant.session.clone(),
                    compat_cid: self.policy.compat_cid,
                };
                self.ports.signer.sign(TokenKind::Access, &claims)?
            }
        };
        let hash = TokenHash::of(&value);
        let state = AccessState {
            hash,
            id,
            scope: grant.scope,
            audience,
            issued,
            expires,
        };
        Ok(IssuedAccess {
            value,
            lifetime,
            state,
        })
    }

    /// A refresh token of `session`, which ends at `expires`.
    pub(crate) fn issue_refresh(
        &self,
        session: &Session,
        format: TokenFormat,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<TokenValue, Error> {
        if format == TokenFormat::Opaque {
            return Ok(self.mint_opaque(TokenKind::Refresh)?);
        }
        let subject = session
            .user
            .as_ref()
            .map_or(session.client.id.as_str(), |u| u.id.as_str());
        let claims = Claims {
            issuer: self.policy.issuer.clone(),
            subject: subject.to_owned(),
            audience: vec![self.policy.issuer.clone()],
            issued: now.floor_second(),
            expires,
            id: self.token_id()?,
            client: session.client.id.clone(),
            scope: Scope::default(),
            roles: Vec::new(),
            session: session.id.clone(),
            compat_cid: false,
        };
        Ok(self.ports.signer.sign(TokenKind::Refresh, &claims)?)
    }

    fn mint_opaque(&self, kind: TokenKind) -> Result<TokenValue, Fault> {
        let random: [u8; 32] = self.random()?;
        Ok(mint(kind, &random))
    }

    pub(crate) fn token_id(&self) -> Result<TokenId, Fault> {
        let random: [u8; 16] = self.random()?;
        let id = uuid::Builder::from_random_bytes(random).into_uuid();
        Ok(TokenId::from_row(id.to_string()))
    }
}
