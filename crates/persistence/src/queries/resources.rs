//! Several resource changes in one transaction.

use grantor_domain::event::Event;
use grantor_domain::ports::{Applied, ResourceChange, Written};

use crate::fault::{Abort, Failure};

use super::{Conn, clients, events, users};

pub(crate) fn apply(
    conn: &mut Conn,
    changes: &[ResourceChange],
    of_changes: &[Event],
) -> Result<Applied, Abort<Applied>> {
    for (place, change) in changes.iter().enumerate() {
        match write(conn, change)? {
            Written::Done(_) => {}
            Written::NameTaken => return Err(Abort::With(Applied::NameTaken(place))),
            Written::Stale | Written::ReadOnly => return Err(Abort::With(Applied::Stale(place))),
        }
    }
    events::append(conn, of_changes)?;
    Ok(Applied::Done)
}

fn write(conn: &mut Conn, change: &ResourceChange) -> Result<Written, Failure> {
    match change {
        ResourceChange::Client(client, expect) => clients::put(conn, client, *expect),
        ResourceChange::User(user, expect) => users::put(conn, user, *expect),
    }
}
