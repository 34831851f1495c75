//! Where users are kept.

use crate::fault::Fault;
use crate::users::{LoginName, User};

use super::Registry;

/// Users by id and by name. Of its writing, besides what every registry owes: no two users have one
/// of their [`User::login_names`] in common, and a removed user's names are free.
pub trait UserDirectory: Registry<User> {
    /// The one user who logs in with this name (`userName`, `email` or id), inactive ones included.
    ///
    /// # Errors
    /// [`Fault`] when the directory cannot answer.
    fn find_by_name(&self, name: &LoginName) -> Result<Option<User>, Fault>;
}
