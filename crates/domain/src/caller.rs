//! Who a request speaks for, and what that caller may see and do.

use crate::error::Error;
use crate::id::{ClientId, SessionId, UserId};
use crate::reason::Reason;

/// On whose behalf something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A user, through a client.
    User(UserId),
    /// A client, for itself.
    Client(ClientId),
    /// The person who runs the program: bootstrap and command line, never HTTP.
    Operator,
}

/// A caller that has proved who it is. Rights of a user are the user's, never its client's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub(crate) subject: Subject,
    pub(crate) session: Option<SessionId>,
    pub(crate) administrator: bool,
}

impl Caller {
    /// The person who runs the program.
    #[must_use]
    pub const fn operator() -> Self {
        Self {
            subject: Subject::Operator,
            session: None,
            administrator: true,
        }
    }

    /// On whose behalf it calls.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The session its bearer token belongs to.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        self.session.as_ref()
    }

    /// Whether it may administer clients, users and sessions.
    #[must_use]
    pub const fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// The user it speaks for.
    #[must_use]
    pub const fn user(&self) -> Option<&UserId> {
        match &self.subject {
            Subject::User(id) => Some(id),
            Subject::Client(_) | Subject::Operator => None,
        }
    }

    /// Passes administrators.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] for everyone else.
    pub fn must_administer(&self) -> Result<(), Error> {
        if self.administrator {
            Ok(())
        } else {
            Err(Reason::NotAllowed.into())
        }
    }
}
