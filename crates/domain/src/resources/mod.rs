//! Resources that are kept with their versions: clients, users, roles, access policies. What is done
//! with them is the same for all; what they are is their own.

mod end_sessions;
mod history;
mod put;
mod read;
mod remove;
mod search;

pub use end_sessions::SessionOwner;
pub use history::{HistoryQuery, Revision};
pub(crate) use put::{Decision, decide};
pub use put::{Drafted, Wanted};
pub use read::Read;
pub(crate) use remove::removal;
pub use search::{Filter, IndexEntry, Parameter, ResourceQuery, ResourceSort, Test, folded};

use std::fmt;

use crate::error::Error;
use crate::event::EventKind;
use crate::fault::Fault;
use crate::ports::Registry;
use crate::revision::Stamp;
use crate::secret::ClientSecret;
use crate::server::{AuthorizationServer, Ports};
use crate::time::Timestamp;

/// A type of resource, sessions, audit events and signing keys included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// `Client`.
    Client,
    /// `User`.
    User,
    /// `Session`.
    Session,
    /// `Role`.
    Role,
    /// `AccessPolicy`.
    AccessPolicy,
    /// `AuditEvent`.
    AuditEvent,
    /// `SigningKey`: has no path of its own among the resources.
    SigningKey,
}

impl ResourceKind {
    /// Every type.
    pub const ALL: [Self; 7] = [
        Self::Client,
        Self::User,
        Self::Session,
        Self::Role,
        Self::AccessPolicy,
        Self::AuditEvent,
        Self::SigningKey,
    ];

    /// `resourceType`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::User => "User",
            Self::Session => "Session",
            Self::Role => "Role",
            Self::AccessPolicy => "AccessPolicy",
            Self::AuditEvent => "AuditEvent",
            Self::SigningKey => "SigningKey",
        }
    }

    /// The type with this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The id of a resource, which says what type it is of.
pub trait Identifier: Clone + Ord + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// What it identifies.
    type Resource: Resource<Id = Self>;

    /// The identifier as text.
    fn text(&self) -> &str;
}

/// What a change does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lifecycle {
    /// It did not exist and does now.
    Created,
    /// It is another than before.
    Changed,
    /// It is gone.
    Removed,
}

/// A resource that is kept with its versions.
pub trait Resource: Clone + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// Its type.
    const KIND: ResourceKind;
    /// Its id.
    type Id: Identifier<Resource = Self>;
    /// What a caller wants one to be.
    type Draft;
    /// What is made of a draft before anything is read: a password is hashed, so that no decision
    /// grows old while it waits.
    type Ready;

    /// Its id.
    fn id(&self) -> &Self::Id;

    /// Its version, epoch and times.
    fn stamp(&self) -> Stamp;

    /// The same at another version.
    #[must_use]
    fn at(self, stamp: Stamp) -> Self;

    /// The same without its secrets: as its history keeps it.
    #[must_use]
    fn without_secrets(self) -> Self {
        self
    }

    /// What it can be searched by.
    fn index(&self) -> Vec<IndexEntry>;

    /// The parameters of its search.
    fn parameters() -> &'static [Parameter];

    /// Where such resources are kept.
    fn registry(ports: &Ports) -> &dyn Registry<Self>;

    /// Checks what can be checked without looking, and makes a draft ready.
    ///
    /// # Errors
    /// [`Fault`] when a password cannot be hashed now.
    fn make_ready(
        server: &AuthorizationServer,
        id: &Self::Id,
        draft: &Self::Draft,
    ) -> Result<Drafted<Self::Ready>, Fault>;

    /// A draft made ready so that it leaves alone what is as it wants it already, where telling so
    /// takes more than a comparison: the password. `None`: it wants something else.
    ///
    /// # Errors
    /// [`Fault`] when a password cannot be compared now.
    fn ready_as_it_is(
        server: &AuthorizationServer,
        current: Option<&Self>,
        draft: &Self::Draft,
    ) -> Result<Option<Self::Ready>, Fault> {
        let _ = (server, current, draft);
        Ok(None)
    }

    /// What the resource becomes, with the stamp it has or would have as a new one
    /// ([`Stamp::kept`]).
    ///
    /// # Errors
    /// [`Error`] when something outside does not answer.
    fn next(
        server: &AuthorizationServer,
        current: Option<&Self>,
        wanted: Wanted<'_, Self>,
        now: Timestamp,
    ) -> Result<Drafted<WrittenResource<Self>>, Error>;

    /// Whether sessions that were opened before a change end with it.
    fn ends_sessions(current: &Self, next: &Self, now: Timestamp) -> bool {
        let _ = (current, next, now);
        false
    }

    /// What happened, beside its being written: its password changed, it was switched off.
    fn side_events(current: Option<&Self>, next: &Self) -> Vec<EventKind> {
        let _ = (current, next);
        Vec::new()
    }

    /// The members that differ, secrets by name only.
    fn changes(current: &Self, next: &Self) -> Vec<&'static str>;
}

/// A resource as it is written, with the secret that was generated for it.
#[derive(Clone, Debug)]
pub struct WrittenResource<R> {
    /// It.
    pub resource: R,
    /// Its generated secret. It is shown this once.
    pub generated_secret: Option<ClientSecret>,
}

impl<R: Resource> WrittenResource<R> {
    /// The same at another version.
    #[must_use]
    pub fn at(self, stamp: Stamp) -> Self {
        Self {
            resource: self.resource.at(stamp),
            ..self
        }
    }
}

impl<R> From<R> for WrittenResource<R> {
    fn from(resource: R) -> Self {
        Self {
            resource,
            generated_secret: None,
        }
    }
}

/// The names of the members in which two values differ.
macro_rules! differing {
    ($current:expr, $next:expr; $($name:literal: $($field:ident).+),+ $(,)?) => {{
        let mut names: Vec<&'static str> = Vec::new();
        $(if $current.$($field).+ != $next.$($field).+ { names.push($name); })+
        names
    }};
}
pub(crate) use differing;
