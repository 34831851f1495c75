//! Clients and users as policies see them: as they are shown, on the plain mount.

use grantor_domain::clients::Client;
use grantor_domain::document::Document;
use grantor_domain::ports::Portraits;
use grantor_domain::users::User;

use super::reference::Dialect;
use super::wire::Wire as _;

/// The resources' own JSON, without `meta` and without any secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct WirePortraits;

impl Portraits for WirePortraits {
    fn of_user(&self, user: &User) -> Document {
        Document::new(user.members(Dialect::Plain))
    }

    fn of_client(&self, client: &Client) -> Document {
        Document::new(client.members(Dialect::Plain))
    }
}
