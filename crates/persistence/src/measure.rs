//! What operators are told of the store, counted where it happens.

use std::time::Instant;

use grantor_domain::Fault;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::ports::Committed;
use grantor_domain::reason::Reason;

/// Waits for a connection.
pub(crate) fn waiting<T>(wait: impl FnOnce() -> T) -> T {
    let asked = Instant::now();
    let given = wait();
    metrics::histogram!("grantor_db_wait_seconds").record(asked.elapsed());
    given
}

/// Why something was done again, or has to be.
#[derive(Clone, Copy)]
pub(crate) enum Retry {
    /// The connection was dead.
    LostConnection,
    /// Somebody else has changed the row since it was read.
    Stale,
}

impl Retry {
    /// Counts it.
    pub(crate) fn count(self) {
        let cause = match self {
            Self::LostConnection => "lost_connection",
            Self::Stale => "stale",
        };
        metrics::counter!("grantor_tx_retries_total", "cause" => cause).increment(1);
    }
}

/// Something that did not come to an answer.
pub(crate) fn failed(fault: &Fault) {
    let kind = match fault {
        Fault::Unavailable(_) => "unavailable",
        Fault::Overloaded(_) => "busy",
        Fault::Contended => "contended",
        Fault::Corrupt(_) => "corrupt",
    };
    metrics::counter!("grantor_db_errors_total", "kind" => kind).increment(1);
}

/// The outcome of a change of a session, with its events.
pub(crate) fn settled(outcome: Committed, events: &[Event]) {
    match outcome {
        Committed::Done => happened(events),
        Committed::Stale => Retry::Stale.count(),
    }
}

/// Events of a change that was made, if it was.
pub(crate) fn happened_if(done: bool, events: &[Event]) {
    if done {
        happened(events);
    }
}

/// Events that are committed.
pub(crate) fn happened(events: &[Event]) {
    for event in events {
        metrics::counter!("grantor_events_total", "event" => event.kind.name()).increment(1);
        if let Some(Reason::Throttled { scope, .. }) = event.reason {
            metrics::counter!("grantor_throttled_total", "scope" => scope.name()).increment(1);
        }
        if let Some(kind) = revocation(event.kind) {
            metrics::counter!("grantor_revocations_total", "kind" => kind).increment(1);
        }
    }
}

/// What an event ends.
const fn revocation(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::TokenRevoked => Some("token"),
        EventKind::TokenReuseDetected => Some("reuse"),
        EventKind::SessionEnded => Some("session"),
        EventKind::UserSessionsEnded
        | EventKind::UserDisabled
        | EventKind::UserRemoved
        | EventKind::UserPasswordChanged => Some("user"),
        EventKind::ClientSessionsEnded
        | EventKind::ClientDisabled
        | EventKind::ClientRemoved
        | EventKind::ClientSecretRotated => Some("client"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_sessions_is_a_revocation_and_nothing_else_is() {
        let ends: Vec<&str> = EventKind::ALL
            .into_iter()
            .filter(|kind| revocation(*kind).is_some())
            .map(EventKind::name)
            .collect();
        let expected = [
            "session.ended",
            "token.revoked",
            "token.reuse_detected",
            "user.removed",
            "user.disabled",
            "user.password_changed",
            "user.sessions_ended",
            "client.removed",
            "client.disabled",
            "client.secret_rotated",
            "client.sessions_ended",
        ];
        assert_eq!(ends, expected);
    }
}
