//! Users: who logs in. In RFC 6749's words, resource owners.

mod name;
mod put;
mod read;
mod remove;
mod verify_password;

pub use name::{InvalidName, LoginName};
pub(crate) use put::{HashChange, next_user, violations};
pub use put::{PasswordChange, UserDraft};
pub(crate) use verify_password::Login;

use crate::document::Document;
use crate::id::UserId;
use crate::revision::Stamp;
use crate::secret::PasswordHash;

/// A user of this server.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its id, and the `sub` of its tokens.
    pub id: UserId,
    /// Version, epoch and times.
    pub stamp: Stamp,
    /// Whether it may administer this server. Set at bootstrap, never by a request.
    pub administrator: bool,
    /// Its password's hash. A user without one cannot log in with a password.
    pub password: Option<PasswordHash>,
    /// What is written about it.
    pub settings: UserSettings,
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
