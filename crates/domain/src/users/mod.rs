//! Users: who logs in. In RFC 6749's words, resource owners.

mod change_password;
mod force_reset;
mod guesses;
mod in_flight;
mod kept;
mod name;
mod new_password;
mod own;
mod reset_password;
mod reset_token;
mod verify_password;

pub use force_reset::ResetLink;
pub(crate) use in_flight::InFlight;
pub use kept::{HashChange, PasswordChange, UserDraft};
pub use name::{InvalidName, LoginName};
pub use new_password::NewPassword;
pub(crate) use new_password::must_not_be_too_long;
pub use own::UserInfo;
pub(crate) use verify_password::Login;

use crate::document::Document;
use crate::id::UserId;
use crate::revision::Stamp;
use crate::secret::{PasswordHash, TokenHash};
use crate::time::Timestamp;

/// A user of this server.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its id, and the `sub` of its tokens.
    pub id: UserId,
    /// Version, epoch and times.
    pub stamp: Stamp,
    /// Its password's hash. A user without one cannot log in with a password.
    pub password: Option<PasswordHash>,
    /// The link by which its owner may choose another password, when one was issued.
    pub reset: Option<PasswordReset>,
    /// What is written about it.
    pub settings: UserSettings,
}

/// A link by which a password can be chosen, once. Until then the old password is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordReset {
    /// SHA-256 of its token.
    pub hash: TokenHash,
    /// When it ends.
    pub expires: Timestamp,
}

/// The attributes of a user that are written by others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserSettings {
    /// `userName` (SCIM), a name to log in with.
    pub user_name: Option<String>,
    /// `email`, another name to log in with.
    pub email: Option<String>,
    /// `inactive`: may not log in; becoming so ends its sessions.
    pub inactive: bool,
    /// The names of its own `roles`.
    pub roles: Vec<String>,
    /// What people call it, for searching: the parts of `name`, and `displayName`.
    pub names: Vec<String>,
    /// `identifier`, for searching: each as its value, and as `system|value`.
    pub identifiers: Vec<String>,
    /// All other members of the resource (SCIM's core attributes, `data`), checked by the adapter that reads them.
    pub profile: Document,
}

impl User {
    /// Every name this user logs in with, in canonical form: `userName`, `email` and its id.
    ///
    /// # Errors
    /// [`InvalidName`] when one of them has no canonical form.
    pub fn login_names(&self) -> Result<Vec<LoginName>, InvalidName> {
        login_names(&self.id, &self.settings)
    }
}

pub(crate) fn login_names(
    id: &UserId,
    settings: &UserSettings,
) -> Result<Vec<LoginName>, InvalidName> {
    let mut names = vec![LoginName::parse(id.as_str())?];
    for name in [settings.user_name.as_deref(), settings.email.as_deref()]
        .into_iter()
        .flatten()
    {
        let name = LoginName::parse(name)?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}
