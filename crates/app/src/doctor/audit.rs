//! The audit trail: events wait for their seals no longer than they should.

use grantor_domain::Fault;
use grantor_domain::audit::{EventQuery, RecordedEvent};
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::window::Window;
use grantor_persistence::Persistence;

use super::{Report, clock};

const CHECK: &str = "audit";

/// A running server seals every five seconds.
const LONG: Lifetime = Lifetime::from_seconds(10 * 60);

pub(super) fn examine(persistence: &Persistence, now: Timestamp, report: &mut Report) {
    match look(persistence) {
        Err(fault) => {
            let remedy = "let the role of database.url read and write event and audit_link";
            report.error(CHECK, fault.to_string(), remedy);
        }
        Ok((last, unsealed)) => {
            if let Some(last) = last {
                clock::not_before(last.at, now, report);
            }
            match unsealed.filter(|event| event.at.plus(LONG) <= now) {
                None => report.ok(CHECK, "events are sealed"),
                Some(event) => {
                    let minutes = (now.as_seconds() - event.at.as_seconds()) / 60;
                    report.warning(
                        CHECK,
                        format!(
                            "event {} has waited {minutes} minutes for its seal",
                            event.id
                        ),
                        "start the server, or run `grantor audit verify`: both seal what waits",
                    );
                }
            }
        }
    }
}

/// The last event, and the first that is not sealed.
fn look(
    persistence: &Persistence,
) -> Result<(Option<RecordedEvent>, Option<RecordedEvent>), Fault> {
    let log = persistence.events();
    let last = log.search(&EventQuery::all(Window::first(1)))?;
    let sealed = log.head()?.map(|link| link.id);
    let unsealed = log.settled(sealed, 1)?;
    Ok((last.items.into_iter().next(), unsealed.into_iter().next()))
}
