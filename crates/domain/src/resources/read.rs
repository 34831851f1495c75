//! Reading a resource, and the versions it had.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::revision::Version;
use crate::server::AuthorizationServer;

use super::{HistoryQuery, Identifier, Lifecycle, Resource, Revision};

/// What there is under an id.
#[derive(Clone, Debug, PartialEq)]
pub enum Read<R> {
    /// This.
    Found(R),
    /// Nothing any more.
    Gone,
    /// Nothing, as far as the caller may know.
    Absent,
}

impl<R> Read<R> {
    /// The resource, if there is one.
    pub fn found(self) -> Option<R> {
        match self {
            Self::Found(resource) => Some(resource),
            Self::Gone | Self::Absent => None,
        }
    }
}

impl AuthorizationServer {
    /// The resource with this id. A user may always read itself.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn read<I: Identifier>(&self, caller: &Caller, id: &I) -> Result<Read<I::Resource>, Error> {
        let kind = I::Resource::KIND;
        if !caller.is_itself(kind, id.text()) {
            match self.permit(caller, Interaction::Read, kind, Some(id.text())) {
                // Somebody else's id is answered like an unknown one.
                Err(Error::Refused(_)) if caller.may_look_for(kind) => return Ok(Read::Absent),
                permitted => permitted?,
            }
        }
        if let Some(resource) = I::Resource::registry(&self.ports).find(id)? {
            return Ok(Read::Found(resource));
        }
        let latest = I::Resource::registry(&self.ports).history(&HistoryQuery::latest(id))?;
        Ok(match latest.items.first() {
            Some(last) if last.lifecycle == Lifecycle::Removed => Read::Gone,
            _ => Read::Absent,
        })
    }

    /// The resource as it was at a version, without its secrets.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn read_version<I: Identifier>(
        &self,
        caller: &Caller,
        id: &I,
        version: Version,
    ) -> Result<Option<Revision<I::Resource>>, Error> {
        self.permit(
            caller,
            Interaction::History,
            I::Resource::KIND,
            Some(id.text()),
        )?;
        let query = HistoryQuery::version(id, version);
        let page = I::Resource::registry(&self.ports).history(&query)?;
        Ok(page.items.into_iter().next())
    }
}
