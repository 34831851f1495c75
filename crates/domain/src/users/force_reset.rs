//! Making a user choose another password.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::id::UserId;
use crate::resources::ResourceKind;
use crate::secret::{TokenHash, TokenValue};
use crate::server::AuthorizationServer;
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
        let token = reset_token::mint(id, &self.random()?);
        let hash = TokenHash::of(&token);
        let made = self.end_sessions(id, |user, now| {
            let expires = now.plus(LINK_LIFETIME);
            let reset = Some(PasswordReset { hash, expires });
            let event = Event::new(EventKind::UserPasswordReset, now)
                .user(id)
                .by(caller);
            Ok((User { reset, ..user }, event, expires))
        })?;
        Ok(made.map(|(_, expires)| ResetLink { token, expires }))
    }
}
