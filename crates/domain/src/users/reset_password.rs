//! Choosing a password by a link.

use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::UserId;
use crate::origin::Origin;
use crate::reason::Reason;
use crate::secret::{Password, TokenValue};
use crate::server::{AuthorizationServer, TRIES};

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
        let user = self.user_behind(&id, token)?;
        let problems = self.problems_of(&user, new);
        if !problems.is_empty() {
            return Ok(NewPassword::Refused(problems));
        }
        let hash = self.ports.hasher.hash(new)?;
        for _ in 0..TRIES {
            let user = self.user_behind(&id, token)?;
            let now = self.ports.clock.now();
            let event = Event::new(EventKind::UserPasswordChanged, now)
                .user(&id)
                .from(origin);
            if self.write_password(&user, &hash, now, event)?.is_some() {
                return Ok(NewPassword::Accepted);
            }
        }
        Err(Fault::Contended.into())
    }

    /// The user whose living link has this token.
    fn user_behind(&self, id: &UserId, token: &TokenValue) -> Result<User, Error> {
        let now = self.ports.clock.now();
        let found = self.ports.users.find(id)?.filter(|user| {
            let link = user.reset.filter(|link| now < link.expires);
            link.is_some_and(|link| link.hash.matches(token)) && !user.settings.inactive
        });
        found.ok_or_else(|| Reason::InvalidResetToken.into())
    }
}
