//! Whether a session lives: it is open, its owners stand as they did, and its time is not over.

use crate::ports::{Found, Standing};
use crate::reason::Reason;
use crate::time::Timestamp;

use super::{Bond, SessionState};

/// Passes sessions that live.
///
/// # Errors
/// [`Reason::SessionClosed`] when it was closed or an owner is gone, off or in a later epoch;
/// [`Reason::SessionExpired`] when its time is over.
pub fn liveness(found: &Found, now: Timestamp) -> Result<(), Reason> {
    let session = &found.session;
    let owners_stand = stands(&session.client, found.client.as_ref())
        && session
            .user
            .as_ref()
            .is_none_or(|user| stands(user, found.user.as_ref()));
    if session.state != SessionState::Open || !owners_stand {
        Err(Reason::SessionClosed)
    } else if session.ends() <= now {
        Err(Reason::SessionExpired)
    } else {
        Ok(())
    }
}

/// Passes sessions whose access token lives too.
///
/// # Errors
/// Those of [`liveness`].
pub fn access_liveness(found: &Found, now: Timestamp) -> Result<(), Reason> {
    liveness(found, now)?;
    if found.session.access.expires <= now {
        Err(Reason::SessionExpired)
    } else {
        Ok(())
    }
}

fn stands<Id>(bond: &Bond<Id>, standing: Option<&Standing>) -> bool {
    standing.is_some_and(|standing| standing.active && standing.epoch == bond.epoch)
}
