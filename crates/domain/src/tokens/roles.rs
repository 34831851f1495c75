//! The roles of a user, for whoever asked for them (RFC 9068 §2.2.3.1).

use crate::error::Error;
use crate::id::UserId;
use crate::scope::Scope;
use crate::server::AuthorizationServer;

/// The scope token that asks for them. A client lists it in its `scope` like any other.
pub(crate) const ROLES: &str = "roles";

impl AuthorizationServer {
    /// The names of the roles a user has now, each once, in alphabetical order; none unless the
    /// scope has [`ROLES`].
    pub(crate) fn roles_for(
        &self,
        user: Option<&UserId>,
        scope: &Scope,
    ) -> Result<Vec<String>, Error> {
        let Some(user) = user.filter(|_| scope.contains(ROLES)) else {
            return Ok(Vec::new());
        };
        let Some(user) = self.ports.users.find(user)? else {
            return Ok(Vec::new());
        };
        let memberships = self.memberships(&user)?.into_iter();
        let mut names: Vec<String> = memberships.map(|membership| membership.name).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}
