//! The token endpoint's workflow (RFC 6749 §3.2): phases that every grant goes through, and one
//! file for what is a grant's own. A grant cannot skip a phase, because it is not asked.

mod client_credentials;
mod password;
mod refresh_token;
#[cfg(test)]
mod tests;

use self::client_credentials::prove_client;

use crate::clients::{Client, ClientCredentials};
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::origin::Origin;
use crate::reason::Reason;
use crate::scope::Scope;
use crate::secret::{Password, TokenValue};
use crate::server::AuthorizationServer;
use crate::sessions::Session;
use crate::time::Timestamp;
use crate::tokens::TokenResponse;
use crate::users::User;

/// A way to ask for a token, and the names that may stand in a client's `grant_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantType {
    /// `basic`: no grant, but the right to call with id and secret instead of a token.
    Basic,
    /// `client_credentials` (RFC 6749 §4.4).
    ClientCredentials,
    /// `password` (RFC 6749 §4.3).
    Password,
    /// `refresh_token` (RFC 6749 §6). A session that has a refresh token may always use it.
    RefreshToken,
}

impl GrantType {
    /// Every name.
    pub const ALL: [Self; 4] = [
        Self::Basic,
        Self::ClientCredentials,
        Self::Password,
        Self::RefreshToken,
    ];

    /// The name in `grant_type` and `grant_types`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
        }
    }

    /// The grant type with this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|grant_type| grant_type.as_str() == text)
    }
}

/// A token request, read and well-formed.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// What it shows of its client.
    pub client: Option<ClientCredentials>,
    /// Where it comes from.
    pub origin: Origin,
    /// `scope`, when asked for.
    pub scope: Option<Scope>,
    /// `audience` and `resource` (RFC 8707), when asked for.
    pub audience: Vec<String>,
    /// What it asks with.
    pub grant: Grant,
}

/// The part of a token request that is a grant type's own.
#[derive(Clone, Debug)]
pub enum Grant {
    /// RFC 6749 §4.3.2.
    Password {
        /// `username`.
        username: String,
        /// `password`.
        password: Password,
    },
    /// RFC 6749 §6.
    RefreshToken {
        /// `refresh_token`.
        refresh_token: TokenValue,
    },
    /// RFC 6749 §4.4.2.
    ClientCredentials,
}

impl Grant {
    /// Its name.
    #[must_use]
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::Password { .. } => GrantType::Password,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
            Self::ClientCredentials => GrantType::ClientCredentials,
        }
    }
}

/// What all grants know when their own part begins.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) client: &'a Client,
    pub(crate) proven: bool,
    pub(crate) origin: &'a Origin,
    pub(crate) scope: Option<&'a Scope>,
    pub(crate) audience: &'a [String],
    pub(crate) now: Timestamp,
}

/// What a grant proved: on whose behalf a session is opened.
#[derive(Debug)]
pub(crate) enum Proved {
    /// Open a session.
    Open { user: Option<Box<User>> },
    /// A session there was went on; it is committed.
    Continued(Box<TokenResponse>),
}

impl AuthorizationServer {
    /// Answers a token request.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason; [`Error::Fault`] when something outside does not answer.
    pub fn token(&self, request: &TokenRequest) -> Result<TokenResponse, Error> {
        let now = self.ports.clock.now();
        let answer = self.token_in_phases(request, now);
        if let Err(Error::Refused(reason)) = &answer
            && is_worth_an_event(*reason)
        {
            let mut event = Event::new(EventKind::TokenRefused, now)
                .because(*reason)
                .from(&request.origin);
            event.client = request
                .client
                .as_ref()
                .and_then(|c| crate::id::ClientId::parse(&c.id).ok());
            self.ports.events.append(&[event])?;
        }
        answer
    }

    fn token_in_phases(
        &self,
        request: &TokenRequest,
        now: Timestamp,
    ) -> Result<TokenResponse, Error> {
        // 1 Who asks?
        let authenticated =
            self.authenticate_client(request.client.as_ref(), &request.origin, now)?;
        let client = &authenticated.client;
        // 2 May it ask so?
        let grant_type = request.grant.grant_type();
        self.must_be_enabled(grant_type)?;
        must_be_allowed(client, grant_type)?;
        // 3 For what?
        if grant_type != GrantType::RefreshToken {
            must_be_within(request.scope.as_ref(), &client.settings.scope)?;
        }
        let asked = Asked {
            client,
            proven: authenticated.proven,
            origin: &request.origin,
            scope: request.scope.as_ref(),
            audience: &request.audience,
            now,
        };
        // 4 What does the grant prove?
        let proved = match &request.grant {
            Grant::Password { username, password } => {
                self.prove_password(&asked, username, password)?
            }
            Grant::RefreshToken { refresh_token } => self.prove_refresh(&asked, refresh_token)?,
            Grant::ClientCredentials => prove_client(&asked)?,
        };
        // 5 and 6 Issue and commit, as one.
        match proved {
            Proved::Continued(response) => Ok(*response),
            Proved::Open { user } => self.open_session(&asked, user.map(|user| *user)),
        }
    }

    fn must_be_enabled(&self, grant_type: GrantType) -> Result<(), Error> {
        if self.is_enabled(grant_type) {
            Ok(())
        } else {
            Err(Reason::GrantTypeNotEnabled.into())
        }
    }

    fn open_session(&self, asked: &Asked<'_>, user: Option<User>) -> Result<TokenResponse, Error> {
        let (session, mut response) = Session::open(self, asked, user.as_ref())?;
        let mut created = Event::new(EventKind::SessionCreated, asked.now)
            .session(&session.id)
            .client(&asked.client.id)
            .from(asked.origin);
        let mut events = Vec::with_capacity(2);
        if let Some(user) = &user {
            created = created.user(&user.id);
            events.push(Event {
                kind: EventKind::LoginOk,
                ..created.clone()
            });
        }
        events.push(created);
        self.ports.sessions.open(&session, &events)?;
        response.userinfo = user.filter(|_| asked.client.settings.password.userinfo);
        Ok(response)
    }
}

/// Refusals of logins and of reused tokens have written their own event.
const fn is_worth_an_event(reason: Reason) -> bool {
    !matches!(
        reason,
        Reason::UnknownUser
            | Reason::WrongPassword
            | Reason::NoPassword
            | Reason::UserDisabled
            | Reason::PasswordChangeRequired
            | Reason::Throttled { .. }
            | Reason::RefreshTokenReused
    )
}

fn must_be_allowed(client: &Client, grant_type: GrantType) -> Result<(), Error> {
    // A refresh token was issued on purpose: it may be used whether or not the list repeats it.
    if client.may_use(grant_type) || grant_type == GrantType::RefreshToken {
        Ok(())
    } else {
        Err(Reason::GrantTypeNotAllowed.into())
    }
}

/// RFC 6749 §3.3: what is asked for must be within what may be granted.
pub(crate) fn must_be_within(asked: Option<&Scope>, allowed: &Scope) -> Result<(), Error> {
    match asked {
        Some(scope) if !scope.is_subset(allowed) => Err(Reason::ScopeNotAllowed.into()),
        _ => Ok(()),
    }
}
