//! Making a user choose another password.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::UserId;
use crate::resources::ResourceKind;
use crate::secret::{TokenHash, TokenValue};
use crate::server::{AuthorizationServer, TRIES};
use crate::time::{Lifetime, Timestamp};

use super::reset_token;
use super::{PasswordReset, User};

/// How long a link lives.
const LINK_LIFETIME: Lifetime = Lifetime::from_seconds(15 * 60);

/// A link by which a password can be chosen, as it is handed out once.
#[derive(Clone, Debug)]
pub struct ResetLink {
    /// The token that stands in it.
    pub token: TokenValue,
    /// When it ends.
    pub expires: Timestamp,
}

impl AuthorizationServer {
    /// Makes the present password of a user useless, ends every session of the user, and makes the
    /// one link by which another password can be chosen. `None` when there is no such user.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn force_password_reset(
        &self,
        caller: &Caller,
        id: &UserId,
    ) -> Result<Option<ResetLink>, Error> {
        let kind = ResourceKind::User;
        self.permit(caller, Interaction::ResetPassword, kind, Some(id.as_str()))?;
        let mut random = [0; 32];
        self.ports.randomness.fill(&mut random)?;
        let token = reset_token::mint(id, &random);
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let Some(user) = self.ports.users.find(id)? else {
                return Ok(None);
            };
            let expires = now.plus(LINK_LIFETIME);
            let next = User {
                reset: Some(PasswordReset {
                    hash: TokenHash::of(&token),
                    expires,
                }),
                stamp: user.stamp.touched(now).in_next_epoch(),
                ..user.clone()
            };
            let event = Event::new(EventKind::UserPasswordReset, now)
                .user(id)
                .by(caller);
            if self.replace_user(&user, &next, event)?.is_some() {
                return Ok(Some(ResetLink { token, expires }));
            }
        }
        Err(Fault::Contended.into())
    }
}
