//! Reading the user behind a token.

use crate::caller::Caller;
use crate::error::Error;
use crate::reason::Reason;
use crate::server::AuthorizationServer;

use super::User;

impl AuthorizationServer {
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
