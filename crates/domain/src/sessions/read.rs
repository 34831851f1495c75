//! Reading sessions, and who may.

use crate::caller::Caller;
use crate::error::Error;
use crate::id::SessionId;
use crate::ports::{Found, SessionKey};
use crate::reason::Reason;
use crate::server::AuthorizationServer;

use super::{Session, liveness};

impl Caller {
    /// Whether a session is one this caller may read and close.
    #[must_use]
    pub fn may_see(&self, session: &Session) -> bool {
        let own = session.user.as_ref().map(|user| &user.id);
        self.is_administrator() || (own.is_some() && own == self.user())
    }

    /// Passes callers that may see sessions at all: administrators and users.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] for a client without rights.
    pub(crate) fn must_see_sessions(&self) -> Result<(), Error> {
        if self.is_administrator() || self.user().is_some() {
            Ok(())
        } else {
            Err(Reason::NotAllowed.into())
        }
    }
}

impl AuthorizationServer {
    /// The session with this id: any, for administrators; its own, for a user. Somebody else's id
    /// is answered like an unknown one.
    ///
    /// # Errors
    /// [`Error::Refused`] when a client without rights asks; [`Error::Fault`] when the store is away.
    pub fn read_session(&self, caller: &Caller, id: &SessionId) -> Result<Option<Found>, Error> {
        caller.must_see_sessions()?;
        let found = self.ports.sessions.find(&SessionKey::Id(id.clone()))?;
        Ok(found.filter(|found| caller.may_see(&found.session)))
    }

    /// Whether a session is live at this moment (`active` of the Session resource): its access or
    /// its refresh token can still be used.
    #[must_use]
    pub fn is_active(&self, found: &Found) -> bool {
        liveness(found, self.ports.clock.now()).is_ok()
    }
}
