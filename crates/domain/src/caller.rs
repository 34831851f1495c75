//! Who a request speaks for, and how it was made.

use crate::document::Document;
use crate::id::{ClientId, SessionId, UserId};
use crate::origin::Origin;
use crate::resources::ResourceKind;
use crate::scope::Scope;

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

impl Subject {
    /// Its type and id, where it is a resource.
    #[must_use]
    pub fn parts(&self) -> Option<(ResourceKind, &str)> {
        match self {
            Self::User(id) => Some((ResourceKind::User, id.as_str())),
            Self::Client(id) => Some((ResourceKind::Client, id.as_str())),
            Self::Operator => None,
        }
    }
}

/// How a request was made, as the adapter saw it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// Where it came from.
    pub origin: Origin,
    /// What policies may know about it: `request-method`, `uri`, `params`, `remote-addr`. The domain
    /// does not look into it.
    pub facts: Document,
}

/// A caller that has proved who it is. Policies of a user concern whatever it does, through any
/// client; policies of a client concern whatever is done through it.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    pub(crate) subject: Subject,
    pub(crate) client: Option<ClientId>,
    pub(crate) session: Option<SessionId>,
    pub(crate) scope: Scope,
    pub(crate) call: Call,
}

impl Caller {
    /// The person who runs the program. Policies do not concern it.
    #[must_use]
    pub fn operator() -> Self {
        Self {
            subject: Subject::Operator,
            client: None,
            session: None,
            scope: Scope::default(),
            call: Call::default(),
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

    /// The scope of its bearer token; empty without one.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The client it calls through, or is.
    #[must_use]
    pub const fn client(&self) -> Option<&ClientId> {
        self.client.as_ref()
    }

    /// How it calls.
    #[must_use]
    pub const fn call(&self) -> &Call {
        &self.call
    }

    /// The user it speaks for.
    #[must_use]
    pub const fn user(&self) -> Option<&UserId> {
        match &self.subject {
            Subject::User(id) => Some(id),
            Subject::Client(_) | Subject::Operator => None,
        }
    }

    /// Whether a resource is the user it speaks for.
    #[must_use]
    pub fn is_itself(&self, kind: ResourceKind, id: &str) -> bool {
        kind == ResourceKind::User && self.user().is_some_and(|user| user.as_str() == id)
    }

    /// Whether it may ask for such a resource at all, so that one it may not see is answered like
    /// one that does not exist.
    #[must_use]
    pub fn may_look_for(&self, kind: ResourceKind) -> bool {
        matches!(kind, ResourceKind::User | ResourceKind::Session) && self.user().is_some()
    }
}
