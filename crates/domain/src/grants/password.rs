//! The password grant (RFC 6749 §4.3). RFC 9700 §2.4 advises against it: it exists only for clients
//! that list it, and ends for them at their `sunset`.

use crate::error::Error;
use crate::reason::Reason;
use crate::secret::Password;
use crate::server::AuthorizationServer;
use crate::users::Login;

use super::{Asked, Proved};

impl AuthorizationServer {
    pub(super) fn prove_password(
        &self,
        asked: &Asked<'_>,
        username: &str,
        password: &Password,
    ) -> Result<Proved, Error> {
        if asked
            .client
            .settings
            .password
            .sunset
            .is_some_and(|sunset| sunset <= asked.now)
        {
            return Err(Reason::GrantTypeSunset.into());
        }
        let user = self.verify_password(&Login {
            username,
            password,
            client: &asked.client.id,
            at_its_client: asked.proven && !asked.client.settings.allowed_ips.is_empty(),
            origin: asked.origin,
            now: asked.now,
        })?;
        Ok(Proved::Open {
            user: Some(Box::new(user)),
        })
    }
}
