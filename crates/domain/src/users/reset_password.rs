//! Choosing a password by a link.

use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::origin::Origin;
use crate::reason::Reason;
use crate::secret::{Password, TokenValue};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

use super::new_password::must_not_be_too_long;
use super::{NewPassword, User, reset_token};

impl AuthorizationServer {
    /// Gives the user of a link another password. The link works once; a password that is refused
    /// leaves it as it was. Nothing is hashed before the token was recognised.
    ///
    /// # Errors
    /// [`Reason::InvalidResetToken`] for a token that is malformed, unknown, used or late;
    /// [`Reason::PasswordTooLong`]; [`Error::Fault`] when the store is away or the hash queue is full.
    pub fn reset_password(
        &self,
        token: &TokenValue,
        new: &Password,
        origin: &Origin,
    ) -> Result<NewPassword, Error> {
        must_not_be_too_long(new)?;
        let id = reset_token::user_of(token).ok_or(Reason::InvalidResetToken)?;
        let now = self.ports.clock.now();
        let found = self.ports.users.find(&id)?;
        let user = found.filter(|user| is_behind(user, token, now));
        let user = user.ok_or(Reason::InvalidResetToken)?;
        let problems = self.problems_of(&user, new);
        if !problems.is_empty() {
            return Ok(NewPassword::Refused(problems));
        }
        let hash = self.ports.hasher.hash(new)?;
        let written = self.end_sessions(&id, |user, now| {
            if !is_behind(&user, token, now) {
                return Err(Reason::InvalidResetToken.into());
            }
            let event = Event::new(EventKind::UserPasswordChanged, now)
                .user(&id)
                .from(origin);
            Ok((user.with_password(hash.clone()), event, ()))
        })?;
        written.ok_or(Reason::InvalidResetToken)?;
        Ok(NewPassword::Accepted)
    }
}

/// Whether the living link of a user has this token.
fn is_behind(user: &User, token: &TokenValue, now: Timestamp) -> bool {
    let link = user.reset.filter(|link| now < link.expires);
    link.is_some_and(|link| link.hash.matches(token)) && !user.settings.inactive
}
