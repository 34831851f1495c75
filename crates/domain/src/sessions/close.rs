//! Closing a session.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::id::SessionId;
use crate::ports::{Change, Found, SessionKey};
use crate::reason::Reason;
use crate::secret::TokenValue;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

use super::settle::Decision;
use super::{Session, SessionState, access_liveness};

impl AuthorizationServer {
    /// Closes the session a bearer token belongs to. Its access and refresh tokens are dead when
    /// this returns. Of several that close it at the same time each is told so.
    ///
    /// # Errors
    /// [`Reason::InvalidBearerToken`] when the token does not live, so also the second time;
    /// [`Error::Fault`] when the store is away.
    pub fn close_own_session(&self, token: &TokenValue) -> Result<Found, Error> {
        let now = self.ports.clock.now();
        let key = self
            .access_key(token, now)?
            .ok_or(Reason::InvalidBearerToken)?;
        // A store whose answer was lost may have closed it at the first try: then what was asked for is done, and
        // only the second look finds it closed.
        let mut has_lived = false;
        self.settle(&key, |found| {
            let found = found
                .filter(|found| {
                    (has_lived && is_closed(&found.session)) || access_liveness(found, now).is_ok()
                })
                .ok_or(Reason::InvalidBearerToken)?;
            has_lived = true;
            Ok(closing(found, now, |event| event))
        })
    }

    /// Closes a session by id: its own, for a user; any, where a policy permits it. Closing a closed one
    /// changes nothing and answers the same. `None` when there is none the caller may see.
    ///
    /// # Errors
    /// [`Error::Refused`] when a client without rights asks; [`Error::Fault`] when the store is away.
    pub fn close_session(&self, caller: &Caller, id: &SessionId) -> Result<Option<Found>, Error> {
        let now = self.ports.clock.now();
        self.settle(&SessionKey::Id(id.clone()), |found| {
            let session = found.as_ref().map(|found| &found.session);
            let is_seen = self.sees(caller, Interaction::Delete, id, session)?;
            let Some(found) = found.filter(|_| is_seen) else {
                return Ok(Decision::Answer(Ok(None)));
            };
            Ok(closing(found, now, |event| event.by(caller)).map(Some))
        })
    }
}

const fn is_closed(session: &Session) -> bool {
    matches!(session.state, SessionState::Closed { .. })
}

/// The decision to close, with an event that `complete` completes. A closed session stays as it is.
pub(crate) fn closing(
    found: Found,
    now: Timestamp,
    complete: impl FnOnce(Event) -> Event,
) -> Decision<Found> {
    let closed = found.session.close(now);
    if closed == found.session {
        return Decision::Answer(Ok(found));
    }
    let mut event = Event::new(EventKind::SessionEnded, now)
        .session(&closed.id)
        .client(&closed.client.id);
    event.user = closed.user.as_ref().map(|user| user.id.clone());
    let seen = found.session.generation;
    let change = Box::new(Change {
        session: closed.clone(),
        seen,
        minted: None,
    });
    let then = Ok(Found {
        session: closed,
        ..found
    });
    Decision::Commit {
        change,
        events: vec![complete(event)],
        then,
    }
}

#[cfg(test)]
mod tests;
