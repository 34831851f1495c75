//! Access policies, as they are written.

use crate::document::Document;
use crate::id::{ClientId, PolicyId, RoleId, UserId};
use crate::revision::Stamp;

/// A rule of who may call what.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessPolicy {
    /// Its id.
    pub id: PolicyId,
    /// Version and times.
    pub stamp: Stamp,
    /// What its administrators write.
    pub settings: PolicySettings,
}

/// The attributes of a policy that its administrators write.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicySettings {
    /// Shown to people.
    pub description: Option<String>,
    /// Whom it concerns: a request of any of these. None named: every request.
    pub links: Vec<Link>,
    /// `roleName`: it concerns only users with a role of this name.
    pub role_name: Option<String>,
    /// What it says.
    pub rule: Rule,
}

/// Whom a policy concerns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// Requests on behalf of this user.
    User(UserId),
    /// Requests through, or of, this client.
    Client(ClientId),
    /// Requests on behalf of the user this Role is given to.
    Role(RoleId),
}

/// What a policy says, by `engine`.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// `allow`: yes.
    Allow,
    /// `matcho`: yes to requests that match the pattern.
    Matcho(Document),
    /// `complex` with `and`: yes to requests that all of them say yes to.
    All(Vec<Self>),
    /// `complex` with `or`: yes to requests that one of them says yes to.
    Any(Vec<Self>),
    /// `cedar`: policies in Cedar's language, which may also forbid.
    Cedar(String),
}

impl Rule {
    /// `engine`.
    #[must_use]
    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Matcho(_) => "matcho",
            Self::All(_) | Self::Any(_) => "complex",
            Self::Cedar(_) => "cedar",
        }
    }
}
