//! The versions a resource had.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::ports::Page;
use crate::revision::{Stamp, Version};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;
use crate::window::{Position, Window};

use super::{Identifier, Lifecycle, Resource};

/// One version of a resource. It never holds a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision<R: Resource> {
    /// Its place among all versions of all resources, later ones higher.
    pub sequence: i64,
    /// Whose version it is.
    pub id: R::Id,
    /// How it came to be.
    pub lifecycle: Lifecycle,
    /// Its version and times.
    pub stamp: Stamp,
    /// The resource then; `None` when it had been removed.
    pub resource: Option<R>,
}

impl<R: Resource> Revision<R> {
    /// Where it stands in a history.
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            keys: vec![self.sequence],
            id: String::new(),
        }
    }
}

/// Which versions are wanted, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryQuery<Id> {
    /// Of this resource, or of all of its type.
    pub id: Option<Id>,
    /// This version only.
    pub version: Option<Version>,
    /// Those written at this instant or later.
    pub since: Option<Timestamp>,
    /// Which page.
    pub window: Window,
}

impl<Id: Clone> HistoryQuery<Id> {
    /// The latest version of a resource.
    pub fn latest(id: &Id) -> Self {
        Self {
            id: Some(id.clone()),
            version: None,
            since: None,
            window: Window::first(1),
        }
    }

    /// One version of a resource.
    pub fn version(id: &Id, version: Version) -> Self {
        Self {
            version: Some(version),
            ..Self::latest(id)
        }
    }
}

impl AuthorizationServer {
    /// The versions of one resource, or of all of a type.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn history<I: Identifier>(
        &self,
        caller: &Caller,
        query: &HistoryQuery<I>,
    ) -> Result<Page<Revision<I::Resource>>, Error> {
        let id = query.id.as_ref().map(Identifier::text);
        self.permit(caller, Interaction::History, I::Resource::KIND, id)?;
        Ok(I::Resource::registry(&self.ports).history(query)?)
    }
}
