//! Sessions: one granted relationship and its live token pair. The aggregate of this server.

mod census;
mod close;
mod liveness;
mod open;
mod read;
mod reap;
mod refresh;
mod search;
mod settle;

pub use census::{Census, SessionCounts};
pub(crate) use close::closing;
pub use liveness::{access_liveness, liveness};
pub use refresh::{RefreshDecision, Shown};
pub use search::{DateField, Owner, SearchRequest, SessionQuery, SessionSort, SortKey, TimeRange};
pub(crate) use settle::Decision;

use crate::id::{ClientId, SessionId, TokenId, UserId};
use crate::origin::Origin;
use crate::revision::{Epoch, Generation};
use crate::scope::Scope;
use crate::secret::TokenHash;
use crate::time::{Lifetime, Timestamp};

/// How a session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionType {
    /// By a user's password.
    Password,
    /// By a client for itself.
    ClientCredentials,
    /// By a user who signed in with a browser. It has a cookie in place of tokens.
    Console,
}

impl SessionType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::Password, Self::ClientCredentials, Self::Console];

    /// `type` of the Session resource.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
            Self::Console => "console",
        }
    }

    /// The type with this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Somebody a session belongs to, and the epoch it was opened under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond<Id> {
    /// Who.
    pub id: Id,
    /// The epoch then. A raised one ends the session.
    pub epoch: Epoch,
}

/// The access token of a session: only the latest one lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessState {
    /// What it is found by.
    pub hash: TokenHash,
    /// `jti`.
    pub id: TokenId,
    /// Its scope: the session's, or less after a narrowing refresh.
    pub scope: Scope,
    /// For whom it is: the session's audience, or less after a narrowing refresh; the issuer for a JWT
    /// that would have none.
    pub audience: Vec<String>,
    /// When it was issued; a whole second.
    pub issued: Timestamp,
    /// When it ends; a whole second.
    pub expires: Timestamp,
}

/// The refresh token of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshState {
    /// The live one.
    pub hash: TokenHash,
    /// The one before it, kept only while the live pair is unused: its reply may have been lost.
    pub previous: Option<TokenHash>,
    /// When the refresh token ends whatever happens.
    pub expires: Timestamp,
    /// How long it lives unused.
    pub idle: Option<Lifetime>,
}

/// Whether a session was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It was not. It may still have ended by time or by an epoch: see [`liveness`].
    Open,
    /// It was, and stays so.
    Closed {
        /// When.
        at: Timestamp,
    },
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id, the `sid` of its tokens.
    pub id: SessionId,
    /// How it was opened.
    pub kind: SessionType,
    /// Whose it is as a client.
    pub client: Bond<ClientId>,
    /// Whose it is as a user.
    pub user: Option<Bond<UserId>>,
    /// All that was granted.
    pub scope: Scope,
    /// For whom its tokens are.
    pub audience: Vec<String>,
    /// The live access token.
    pub access: AccessState,
    /// The live refresh token.
    pub refresh: Option<RefreshState>,
    /// Whether it was closed.
    pub state: SessionState,
    /// Raised by every change.
    pub generation: Generation,
    /// When it was opened.
    pub start: Timestamp,
    /// When a token of it was last issued.
    pub last_used: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Where it was opened from.
    pub origin: Origin,
}

impl Session {
    /// When nothing of it can live any more, closed or not.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        match self.state {
            SessionState::Closed { at } => at,
            SessionState::Open => {
                let access = self.access.expires;
                self.refresh_ends()
                    .map_or(access, |refresh| refresh.max(access))
            }
        }
    }

    /// When its refresh token ends, sliding expiry included.
    #[must_use]
    pub fn refresh_ends(&self) -> Option<Timestamp> {
        let refresh = self.refresh.as_ref()?;
        let idle = refresh.idle.map(|idle| self.last_used.plus(idle));
        Some(idle.map_or(refresh.expires, |idle| idle.min(refresh.expires)))
    }

    /// The session closed at `now`; one that is closed stays as it is.
    #[must_use]
    pub fn close(&self, now: Timestamp) -> Self {
        match self.state {
            SessionState::Closed { .. } => self.clone(),
            SessionState::Open => Self {
                state: SessionState::Closed { at: now },
                generation: self.generation.next(),
                updated: now,
                ..self.clone()
            },
        }
    }

    /// The session after its live pair was used: the token before it can no longer be replayed.
    /// `None` when nothing changes.
    #[must_use]
    pub fn confirm(&self, now: Timestamp) -> Option<Self> {
        let refresh = self.refresh.as_ref()?;
        refresh.previous?;
        let refresh = RefreshState {
            previous: None,
            ..refresh.clone()
        };
        Some(Self {
            refresh: Some(refresh),
            generation: self.generation.next(),
            updated: now,
            ..self.clone()
        })
    }
}
