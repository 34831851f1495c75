//! How resources look outside.

use crate::clients::Client;
use crate::document::Document;
use crate::users::User;

/// Shows clients and users as the adapter's resources do, so that policies speak of the members
/// people write. Without any secret.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Portraits: Send + Sync {
    /// A user.
    fn of_user(&self, user: &User) -> Document;

    /// A client.
    fn of_client(&self, client: &Client) -> Document;
}
