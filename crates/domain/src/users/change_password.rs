//! Changing one's own password, knowing the present one.

use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::{SessionId, UserId};
use crate::ports::{Change, SessionKey};
use crate::reason::Reason;
use crate::revision::Epoch;
use crate::secret::Password;
use crate::server::AuthorizationServer;
use crate::sessions::{Bond, Decision, Session, SessionState};

use super::new_password::must_not_be_too_long;
use super::{Login, NewPassword, User};

impl AuthorizationServer {
    /// Gives the user a caller speaks for another password. The present one is checked at the price
    /// and under the budgets of a login. Every session of the user ends but the caller's own.
    ///
    /// The user is written first, in its next epoch, and the caller's session is carried over to it
    /// after. Whatever fails in between leaves that session ended too, and the password changed.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] for callers who are no user; [`Reason::PasswordTooLong`]; those of a
    /// login; [`Error::Fault`] when the store is away or the hash queue is full.
    pub fn change_password(
        &self,
        caller: &Caller,
        current: &Password,
        new: &Password,
    ) -> Result<NewPassword, Error> {
        let (Some(id), Some(client)) = (caller.user(), caller.client()) else {
            return Err(Reason::NotAllowed.into());
        };
        must_not_be_too_long(new)?;
        let now = self.ports.clock.now();
        let user = self.verify_password(&Login {
            username: id.as_str(),
            password: current,
            client,
            at_its_client: false,
            origin: &caller.call().origin,
            now,
        })?;
        if user.id != *id {
            return Err(Reason::WrongPassword.into());
        }
        let mut problems = self.problems_of(&user, new);
        if new.expose() == current.expose() {
            problems.push("The password must be another one than the present one.".to_owned());
        }
        if !problems.is_empty() {
            return Ok(NewPassword::Refused(problems));
        }
        self.exchange(caller, &user, new)
    }

    /// Writes the new password over whatever else is changed of the user meanwhile, but not over
    /// another password.
    fn exchange(
        &self,
        caller: &Caller,
        verified: &User,
        new: &Password,
    ) -> Result<NewPassword, Error> {
        let hash = self.ports.hasher.hash(new)?;
        let written = self.end_sessions(&verified.id, |user, now| {
            if user.password != verified.password || user.reset.is_some() || user.settings.inactive
            {
                return Err(Fault::Contended.into());
            }
            let left = Bond {
                id: user.id.clone(),
                epoch: user.stamp.epoch,
            };
            let event = Event::new(EventKind::UserPasswordChanged, now)
                .user(&user.id)
                .by(caller);
            Ok((user.with_password(hash.clone()), event, left))
        })?;
        let (stamp, left) = written.ok_or(Fault::Contended)?;
        if let Some(session) = caller.session() {
            let _what_is_not_carried_over_has_ended = self.carry_over(session, &left, stamp.epoch);
        }
        Ok(NewPassword::Accepted)
    }

    /// Lets a session that lived in the epoch its user has `left` live on in the one it is in since.
    fn carry_over(&self, id: &SessionId, left: &Bond<UserId>, epoch: Epoch) -> Result<(), Error> {
        let now = self.ports.clock.now();
        self.settle(&SessionKey::Id(id.clone()), |found| {
            let session = found.map(|found| found.session);
            let Some(session) = session.filter(|session| {
                session.state == SessionState::Open && session.user.as_ref() == Some(left)
            }) else {
                return Ok(Decision::Answer(Ok(())));
            };
            let seen = session.generation;
            let session = Session {
                user: Some(Bond {
                    id: left.id.clone(),
                    epoch,
                }),
                generation: seen.next(),
                updated: now,
                ..session
            };
            Ok(Decision::Commit {
                change: Box::new(Change {
                    session,
                    seen,
                    minted: None,
                }),
                events: Vec::new(),
                then: Ok(()),
            })
        })
    }
}
