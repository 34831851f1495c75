//! Reading the user behind a token.

use crate::caller::Caller;
use crate::error::Error;
use crate::reason::Reason;
use crate::server::AuthorizationServer;

use super::User;

/// What a token tells of its user (`OpenID` Connect Core §5.3).
#[derive(Clone, Debug, PartialEq)]
pub struct UserInfo {
    /// The user.
    pub user: User,
    /// The names of its roles, when the token's scope asks for them; empty otherwise.
    pub roles: Vec<String>,
}

impl AuthorizationServer {
    /// The user a caller speaks for.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] when the caller is no user; [`Reason::InvalidBearerToken`] when the
    /// user was removed meanwhile; [`Error::Fault`] when the store is away.
    pub fn own_user(&self, caller: &Caller) -> Result<User, Error> {
        let id = caller.user().ok_or(Reason::NotAllowed)?;
        let user = self.ports.users.find(id)?;
        user.ok_or_else(|| Reason::InvalidBearerToken.into())
    }

    /// What `userinfo` answers a caller.
    ///
    /// # Errors
    /// Those of [`AuthorizationServer::own_user`].
    pub fn userinfo(&self, caller: &Caller) -> Result<UserInfo, Error> {
        let user = self.own_user(caller)?;
        let roles = self.roles_for(Some(&user.id), caller.scope())?;
        Ok(UserInfo { user, roles })
    }
}
