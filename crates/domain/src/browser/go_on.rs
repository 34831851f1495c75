//! Going on: every request of a browser puts the end of its session off, as far as it may live.

use crate::fault::Fault;
use crate::policy::Policy;
use crate::ports::{Change, Found};
use crate::secret::TokenValue;
use crate::server::AuthorizationServer;
use crate::sessions::{AccessState, Session, access_liveness};
use crate::time::{Lifetime, Timestamp};

use super::token;

/// The end is not put off by less, so that not every request writes.
const STEP: Lifetime = Lifetime::from_seconds(60);

impl AuthorizationServer {
    /// The session a browser holds, if it lives.
    pub(crate) fn browser_session(
        &self,
        shown: &TokenValue,
        now: Timestamp,
    ) -> Result<Option<Found>, Fault> {
        let Some(key) = token::key(shown) else {
            return Ok(None);
        };
        let found = self.ports.sessions.find(&key)?;
        let live = found.filter(|found| access_liveness(found, now).is_ok());
        if let Some(session) = live
            .as_ref()
            .and_then(|found| put_off(&found.session, &self.policy, now))
        {
            let seen = session.generation;
            let change = Change {
                session: Session {
                    generation: seen.next(),
                    ..session
                },
                seen,
                minted: None,
            };
            let _the_next_request_tries_again = self.ports.sessions.commit(&change, &[]);
        }
        Ok(live)
    }
}

/// The session with its end put off; `None` when that would be by less than [`STEP`].
fn put_off(session: &Session, policy: &Policy, now: Timestamp) -> Option<Session> {
    let issued = now.floor_second();
    let last = session.start.floor_second().plus(policy.browser_lifetime);
    let expires = issued.plus(policy.browser_idle).min(last);
    (session.access.expires.plus(STEP) <= expires).then(|| Session {
        access: AccessState {
            issued,
            expires,
            ..session.access.clone()
        },
        last_used: now,
        updated: now,
        ..session.clone()
    })
}
