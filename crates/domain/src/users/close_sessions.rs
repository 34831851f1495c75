//! Ending the sessions of a user.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::UserId;
use crate::ports::{Expect, Written};
use crate::resources::ResourceKind;
use crate::server::{AuthorizationServer, TRIES};
use crate::sessions::SessionQuery;

impl AuthorizationServer {
    /// Ends every session of a user by raising its epoch. Answers how many were live just before,
    /// or `None` when there is no such user.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn close_sessions_of_user(
        &self,
        caller: &Caller,
        id: &UserId,
    ) -> Result<Option<u64>, Error> {
        let kind = ResourceKind::User;
        self.permit(caller, Interaction::CloseSessions, kind, Some(id.as_str()))?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let Some(mut user) = self.ports.users.find(id)? else {
                return Ok(None);
            };
            let expect = Expect::Version(user.stamp.version);
            let count = self.count_live(&SessionQuery::of_user(id.clone(), now))?;
            user.stamp = user.stamp.touched(now).in_next_epoch();
            let event = Event::new(EventKind::UserSessionsEnded, now)
                .user(id)
                .by(caller);
            match self.ports.users.put(&user, expect, &[event])? {
                Written::Done(_) => return Ok(Some(count)),
                Written::ReadOnly => {
                    let text = "the user directory cannot be written".to_owned();
                    return Err(Fault::Unavailable(text).into());
                }
                Written::NameTaken | Written::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }
}
