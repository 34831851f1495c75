//! Several resource changes in one transaction.

use diesel::result::{DatabaseErrorKind, Error};
use grantor_domain::event::Event;
use grantor_domain::ports::{Applied, ChangeOf, Expect, Removed, ResourceChange, Written};
use grantor_domain::revision::Stamp;
use grantor_domain::users::User;

use crate::fault::{Abort, Failure};

use super::users::AllNew;
use super::{Conn, clients, events, policies, roles, users};

/// From so many new users in a row on, they are written together.
const MANY: usize = 8;

pub(crate) fn apply(
    conn: &mut Conn,
    changes: &[ResourceChange],
    of_changes: &[Event],
) -> Result<Applied, Abort<Applied>> {
    let mut stamps = Vec::with_capacity(changes.len());
    while let Some(left) = changes.get(stamps.len()..).filter(|left| !left.is_empty()) {
        let place = stamps.len();
        let new = new_users(left);
        let together = if new.len() >= MANY {
            write_together(conn, &new, place)?
        } else {
            None
        };
        match together {
            Some(written) => stamps.extend(written),
            None => write_each(conn, left, new.len().max(1), &mut stamps)?,
        }
    }
    events::append(conn, of_changes)?;
    Ok(Applied::Done(stamps))
}

/// The users that the changes begin by creating.
fn new_users(changes: &[ResourceChange]) -> Vec<&User> {
    changes
        .iter()
        .map_while(|change| match change {
            ResourceChange::User(ChangeOf::Put(user, Expect::Absent)) => Some(&**user),
            _ => None,
        })
        .collect()
}

type Stamps = Vec<Option<Stamp>>;

/// `None` when they must be written one by one.
fn write_together(
    conn: &mut Conn,
    new: &[&User],
    place: usize,
) -> Result<Option<Stamps>, Abort<Applied>> {
    match users::put_all_new(conn, new) {
        Ok(AllNew::Written) => Ok(Some(new.iter().map(|user| Some(user.stamp)).collect())),
        Ok(AllNew::SomeKnown) => Ok(None),
        Ok(AllNew::NameTaken(at)) => Err(Abort::With(Applied::NameTaken(place + at))),
        Err(Failure::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))) => {
            Err(Abort::With(Applied::Stale(place)))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn write_each(
    conn: &mut Conn,
    changes: &[ResourceChange],
    count: usize,
    stamps: &mut Stamps,
) -> Result<(), Abort<Applied>> {
    for change in changes.iter().take(count) {
        let place = stamps.len();
        match write(conn, change)? {
            Done::Put(Written::Done(stamp)) => stamps.push(Some(stamp)),
            Done::Removed(Removed::Done) => stamps.push(None),
            Done::Put(Written::NameTaken) => {
                return Err(Abort::With(Applied::NameTaken(place)));
            }
            Done::Put(Written::Stale | Written::ReadOnly)
            | Done::Removed(Removed::Stale | Removed::ReadOnly) => {
                return Err(Abort::With(Applied::Stale(place)));
            }
        }
    }
    Ok(())
}

enum Done {
    Put(Written),
    Removed(Removed),
}

fn write(conn: &mut Conn, change: &ResourceChange) -> Result<Done, Failure> {
    macro_rules! either {
        ($change:expr, $put:path, $remove:path) => {
            match $change {
                ChangeOf::Put(resource, expect) => Done::Put($put(conn, resource, *expect)?),
                ChangeOf::Remove(id, version, at) => {
                    Done::Removed($remove(conn, id, *version, *at)?)
                }
            }
        };
    }
    Ok(match change {
        ResourceChange::Client(change) => either!(change, clients::write, clients::erase),
        ResourceChange::User(change) => either!(change, users::put, users::remove),
        ResourceChange::Role(change) => either!(change, roles::write, roles::erase),
        ResourceChange::Policy(change) => either!(change, policies::put, policies::remove),
    })
}
