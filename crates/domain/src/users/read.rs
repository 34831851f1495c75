//! Reading a user.

use crate::caller::Caller;
use crate::error::Error;
use crate::id::UserId;
use crate::reason::Reason;
use crate::server::AuthorizationServer;

use super::User;

impl AuthorizationServer {
    /// The user with this id: any, for administrators; itself, for a user. Somebody else's id is
    /// answered like an unknown one.
    ///
    /// # Errors
    /// [`Error::Refused`] when a client without rights asks; [`Error::Fault`] when the store is away.
    pub fn read_user(&self, caller: &Caller, id: &UserId) -> Result<Option<User>, Error> {
        match caller.user() {
            _ if caller.is_administrator() => Ok(self.ports.users.find(id)?),
            Some(own) if own == id => Ok(self.ports.users.find(id)?),
            Some(_) => Ok(None),
            None => Err(Reason::NotAllowed.into()),
        }
    }

    /// The user a caller speaks for (`userinfo`).
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] when the caller is no user; [`Reason::InvalidBearerToken`] when the
    /// user was removed meanwhile; [`Error::Fault`] when the store is away.
    pub fn own_user(&self, caller: &Caller) -> Result<User, Error> {
        let id = caller.user().ok_or(Reason::NotAllowed)?;
        let user = self.ports.users.find(id)?;
        user.ok_or_else(|| Reason::InvalidBearerToken.into())
    }
}
