//! Token introspection (RFC 7662).

use crate::access::Interaction;
use crate::caller::Call;
use crate::clients::{Client, ClientCredentials};
use crate::error::Error;
use crate::ports::{Found, SessionKey};
use crate::reason::Reason;
use crate::resources::ResourceKind;
use crate::scope::Scope;
use crate::secret::{TokenHash, TokenValue};
use crate::server::AuthorizationServer;
use crate::sessions::{Session, Shown, liveness};
use crate::time::Timestamp;

use super::{CallerCredentials, TokenKind};

/// What a resource server learns (RFC 7662 §2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Introspection {
    /// Dead, foreign, malformed, or none of the asker's business: nothing more is said.
    Inactive,
    /// Alive.
    Active(Box<ActiveToken>),
}

/// A token that lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveToken {
    /// Access or refresh.
    pub kind: TokenKind,
    /// `scope`.
    pub scope: Scope,
    /// `exp`.
    pub expires: Timestamp,
    /// `iat` and `nbf`.
    pub issued: Timestamp,
    /// `username`: the user's `userName`, when it has one.
    pub username: Option<String>,
    /// `aud`: for whom an access token is.
    pub audience: Vec<String>,
    /// `roles`: what the user is now, for an access token whose scope asks for it.
    pub roles: Vec<String>,
    /// Its session: client, user, ids.
    pub session: Session,
}

impl ActiveToken {
    /// `sub`: the user, or the client when it acts for itself.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.session
            .user
            .as_ref()
            .map_or(self.session.client.id.as_str(), |u| u.id.as_str())
    }
}

/// Who may learn about a token.
#[derive(Debug)]
enum Asker {
    Anything,
    Client(Box<Client>),
}

impl Asker {
    fn may_learn_of(&self, token: &ActiveToken) -> bool {
        match self {
            Self::Anything => true,
            Self::Client(client) => {
                client.settings.introspect_any
                    || token.session.client.id == client.id
                    || token
                        .audience
                        .iter()
                        .any(|audience| audience == client.id.as_str())
            }
        }
    }
}

impl AuthorizationServer {
    /// Says whether a token lives. A client learns of its own tokens and of those meant for it;
    /// one with `introspect: any`, and a bearer token whose owner a policy permits it, of all.
    ///
    /// # Errors
    /// Those of client authentication (RFC 7662 §2.1); [`Error::Fault`] when the store is away,
    /// which is never "inactive".
    pub fn introspect(
        &self,
        shown: Option<&CallerCredentials>,
        token: &TokenValue,
        call: &Call,
    ) -> Result<Introspection, Error> {
        let asker = self.asker(shown, call)?;
        let now = self.ports.clock.now();
        let active = match self.session_key(token, now)? {
            Some(key @ SessionKey::Access(_)) => self.live_access(&key, now)?.map(access_token),
            Some(key @ SessionKey::Refresh(_)) => {
                let found = self.ports.sessions.find(&key)?;
                found.and_then(|found| refresh_token(found, token, now))
            }
            Some(SessionKey::Id(_)) | None => None,
        };
        Ok(match active {
            Some(mut active) if asker.may_learn_of(&active) => {
                if active.kind == TokenKind::Access {
                    let user = active.session.user.as_ref().map(|user| &user.id);
                    active.roles = self.roles_for(user, &active.scope)?;
                }
                Introspection::Active(Box::new(active))
            }
            _ => Introspection::Inactive,
        })
    }

    fn asker(&self, shown: Option<&CallerCredentials>, call: &Call) -> Result<Asker, Error> {
        match shown {
            Some(token @ (CallerCredentials::Bearer(_) | CallerCredentials::Browser(_))) => {
                let caller = self.identify(Some(token), call)?;
                self.permit(
                    &caller,
                    Interaction::Introspect,
                    ResourceKind::Session,
                    None,
                )?;
                Ok(Asker::Anything)
            }
            Some(CallerCredentials::Basic(credentials)) => {
                self.asking_client(Some(credentials), call)
            }
            None => self.asking_client(None, call),
        }
    }

    fn asking_client(
        &self,
        shown: Option<&ClientCredentials>,
        call: &Call,
    ) -> Result<Asker, Error> {
        let now = self.ports.clock.now();
        let authenticated = self.authenticate_client(shown, &call.origin, now)?;
        if authenticated.proven {
            Ok(Asker::Client(Box::new(authenticated.client)))
        } else {
            Err(Reason::MissingClientSecret.into())
        }
    }
}

fn access_token(found: Found) -> ActiveToken {
    let access = &found.session.access;
    ActiveToken {
        kind: TokenKind::Access,
        scope: access.scope.clone(),
        audience: access.audience.clone(),
        expires: access.expires,
        issued: access.issued,
        username: found.user.and_then(|user| user.user_name),
        roles: Vec::new(),
        session: found.session,
    }
}

fn refresh_token(found: Found, token: &TokenValue, now: Timestamp) -> Option<ActiveToken> {
    let current = found.session.shown(&TokenHash::of(token)) == Shown::Current;
    let expires = found.session.refresh_ends()?;
    if !current || liveness(&found, now).is_err() || expires <= now {
        return None;
    }
    Some(ActiveToken {
        kind: TokenKind::Refresh,
        scope: found.session.scope.clone(),
        audience: Vec::new(),
        expires,
        issued: found.session.access.issued,
        username: found.user.and_then(|user| user.user_name),
        roles: Vec::new(),
        session: found.session,
    })
}

#[cfg(test)]
mod tests;
