//! Security events as values. A change carries its events into the same commit.

use std::net::IpAddr;

use crate::id::{ClientId, SessionId, UserId};
use crate::origin::Origin;
use crate::reason::Reason;
use crate::time::Timestamp;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A session was opened by a token request.
    SessionCreated,
    /// A session was closed.
    SessionEnded,
    /// A token pair was rotated or issued again.
    TokenRefreshed,
    /// A spent refresh token came back; its session was closed.
    TokenReuseDetected,
    /// A token request was refused.
    TokenRefused,
    /// A password was right and the session was opened for its user.
    LoginOk,
    /// A password or a user name was wrong, or the user is inactive.
    LoginFailed,
    /// A password check was refused before it was made.
    LoginThrottled,
    /// A user was written for the first time.
    UserCreated,
    /// A user was written again.
    UserChanged,
    /// A user was removed.
    UserRemoved,
    /// All sessions of a user were ended.
    UserSessionsEnded,
    /// A client was written for the first time.
    ClientCreated,
    /// A client was written again.
    ClientChanged,
    /// A client was removed.
    ClientRemoved,
    /// All sessions of a client were ended.
    ClientSessionsEnded,
}

impl EventKind {
    /// The stable name of the event.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SessionCreated => "session.created",
            Self::SessionEnded => "session.ended",
            Self::TokenRefreshed => "token.refreshed",
            Self::TokenReuseDetected => "token.reuse_detected",
            Self::TokenRefused => "token.refused",
            Self::LoginOk => "login.ok",
            Self::LoginFailed => "login.failed",
            Self::LoginThrottled => "login.throttled",
            Self::UserCreated => "user.created",
            Self::UserChanged => "user.changed",
            Self::UserRemoved => "user.removed",
            Self::UserSessionsEnded => "user.sessions_ended",
            Self::ClientCreated => "client.created",
            Self::ClientChanged => "client.changed",
            Self::ClientRemoved => "client.removed",
            Self::ClientSessionsEnded => "client.sessions_ended",
        }
    }
}

/// One security event. It never holds a secret, and an address only as its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Why it was refused, when it was.
    pub reason: Option<Reason>,
    /// The client it concerns or came through.
    pub client: Option<ClientId>,
    /// The user it concerns.
    pub user: Option<UserId>,
    /// The session it concerns.
    pub session: Option<SessionId>,
    /// The network it came from.
    pub network: Option<IpAddr>,
}

impl Event {
    /// An event about nothing yet.
    #[must_use]
    pub const fn new(kind: EventKind, at: Timestamp) -> Self {
        Self {
            at,
            kind,
            reason: None,
            client: None,
            user: None,
            session: None,
            network: None,
        }
    }

    /// With the reason of a refusal.
    #[must_use]
    pub const fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// About or through a client.
    #[must_use]
    pub fn client(mut self, id: &ClientId) -> Self {
        self.client = Some(id.clone());
        self
    }

    /// About a user.
    #[must_use]
    pub fn user(mut self, id: &UserId) -> Self {
        self.user = Some(id.clone());
        self
    }

    /// About a session.
    #[must_use]
    pub fn session(mut self, id: &SessionId) -> Self {
        self.session = Some(id.clone());
        self
    }

    /// From somewhere.
    #[must_use]
    pub fn from(mut self, origin: &Origin) -> Self {
        self.network = origin.network();
        self
    }
}
