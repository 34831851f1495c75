//! Where roles are kept.

use crate::fault::Fault;
use crate::id::UserId;
use crate::roles::Role;

use super::Registry;

/// Roles by id and by who has them.
pub trait RoleStore: Registry<Role> {
    /// The roles given to a user, in order of id.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn of_user(&self, user: &UserId) -> Result<Vec<Role>, Fault>;
}
