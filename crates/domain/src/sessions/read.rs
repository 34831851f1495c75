//! Reading sessions, and who may.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::id::SessionId;
use crate::ports::{Found, SessionKey};
use crate::resources::ResourceKind;
use crate::server::AuthorizationServer;

use super::{Session, liveness};

impl Caller {
    /// Whether a session is this user's own, which it may always read and close.
    #[must_use]
    pub fn owns(&self, session: &Session) -> bool {
        let owner = session.user.as_ref().map(|user| &user.id);
        owner.is_some() && owner == self.user()
    }
}

impl AuthorizationServer {
    /// The session with this id: its own, for a user; any, where a policy permits it. Somebody
    /// else's id is answered like an unknown one.
    ///
    /// # Errors
    /// [`Error::Refused`] when a client without rights asks; [`Error::Fault`] when the store is away.
    pub fn read_session(&self, caller: &Caller, id: &SessionId) -> Result<Option<Found>, Error> {
        let found = self.ports.sessions.find(&SessionKey::Id(id.clone()))?;
        let session = found.as_ref().map(|found| &found.session);
        Ok(if self.sees(caller, Interaction::Read, id, session)? {
            found
        } else {
            None
        })
    }

    /// Whether a caller may do something with a session that was or was not found.
    pub(crate) fn sees(
        &self,
        caller: &Caller,
        interaction: Interaction,
        id: &SessionId,
        session: Option<&Session>,
    ) -> Result<bool, Error> {
        if session.is_some_and(|session| caller.owns(session)) {
            return Ok(true);
        }
        let kind = ResourceKind::Session;
        match self.permit(caller, interaction, kind, Some(id.as_str())) {
            Err(Error::Refused(_)) if caller.may_look_for(kind) => Ok(false),
            permitted => permitted.map(|()| true),
        }
    }

    /// Whether a session is live at this moment (`active` of the Session resource): its access or
    /// its refresh token can still be used.
    #[must_use]
    pub fn is_active(&self, found: &Found) -> bool {
        liveness(found, self.ports.clock.now()).is_ok()
    }
}
