//! Opening a session, with its first token pair.

use crate::clients::Client;
use crate::error::Error;
use crate::grants::Asked;
use crate::id::SessionId;
use crate::reason::Reason;
use crate::revision::Generation;
use crate::scope::Scope;
use crate::secret::{TokenHash, TokenValue};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;
use crate::tokens::{AccessGrant, TokenResponse};
use crate::users::User;

use super::{Bond, RefreshState, Session, SessionState, SessionType};

impl Session {
    /// The session a grant opens, and the answer that hands its tokens out. Nothing is stored yet.
    pub(crate) fn open(
        server: &AuthorizationServer,
        asked: &Asked<'_>,
        user: Option<&User>,
    ) -> Result<(Self, TokenResponse), Error> {
        let client = asked.client;
        let kind = if user.is_some() {
            SessionType::Password
        } else {
            SessionType::ClientCredentials
        };
        let audience = granted_audience(client, kind, asked.audience)?;
        let scope = granted_scope(client, asked.scope);
        let id = SessionId::from_row(server.uuid(asked.now)?);
        let access = server.issue_access(AccessGrant {
            session: &id,
            client,
            user: user.map(|user| &user.id),
            scope: scope.clone(),
            audience: &audience,
            kind,
            now: asked.now,
        })?;
        let mut session = Self {
            id,
            kind,
            client: Bond {
                id: client.id.clone(),
                epoch: client.stamp.epoch,
            },
            user: user.map(|user| Bond {
                id: user.id.clone(),
                epoch: user.stamp.epoch,
            }),
            scope: scope.clone(),
            audience,
            access: access.state,
            refresh: None,
            state: SessionState::Open,
            generation: Generation::FIRST,
            start: asked.now,
            last_used: asked.now,
            updated: asked.now,
            origin: asked.origin.clone(),
        };
        let refresh_token = server.first_refresh(client, &mut session, asked.now)?;
        let response = TokenResponse {
            access_token: access.value,
            expires_in: access.lifetime,
            refresh_token,
            scope,
            userinfo: None,
            reissued: false,
        };
        Ok((session, response))
    }
}

impl AuthorizationServer {
    fn first_refresh(
        &self,
        client: &Client,
        session: &mut Session,
        now: Timestamp,
    ) -> Result<Option<TokenValue>, Error> {
        let settings = &client.settings.password;
        if session.kind != SessionType::Password || !settings.refresh_token {
            return Ok(None);
        }
        let lifetime = settings
            .refresh_token_expiration
            .unwrap_or(self.policy.refresh_token_lifetime);
        let expires = now.floor_second().plus(lifetime);
        let value = self.issue_refresh(session, settings.refresh_token_format, expires, now)?;
        session.refresh = Some(RefreshState {
            hash: TokenHash::of(&value),
            previous: None,
            expires,
            idle: settings.refresh_token_idle,
        });
        Ok(Some(value))
    }
}

fn granted_scope(client: &Client, asked: Option<&Scope>) -> Scope {
    asked.unwrap_or(&client.settings.default_scope).clone()
}

/// RFC 8707 §2: what is asked for must be the client's; all of it when nothing is.
fn granted_audience(
    client: &Client,
    kind: SessionType,
    asked: &[String],
) -> Result<Vec<String>, Error> {
    let allowed = match kind {
        SessionType::Password | SessionType::Console => &client.settings.password.audience,
        SessionType::ClientCredentials => &client.settings.client_credentials.audience,
    };
    if asked.is_empty() {
        Ok(allowed.clone())
    } else if asked.iter().all(|audience| allowed.contains(audience)) {
        Ok(asked.to_vec())
    } else {
        Err(Reason::AudienceNotAllowed.into())
    }
}
