//! Where the ports meet the statements. Compiled twice, like `queries/`.

mod guesses;
mod keys;
mod store;

use std::cell::Cell;
use std::slice;

use grantor_domain::Fault;
use grantor_domain::access::AccessPolicy;
use grantor_domain::audit::{EventId, EventQuery, HourlyCount, Link, Linked, RecordedEvent};
use grantor_domain::clients::Client;
use grantor_domain::event::Event;
use grantor_domain::hour::Hour;
use grantor_domain::id::{ClientId, PolicyId, RoleId, SessionId, UserId};
use grantor_domain::ports::{
    Applied, BrowserNotes, Change, Committed, EventLog, Expect, Found, Page, PolicyStore, Registry,
    Removed, ResourceChange, ResourceChanges, RoleStore, SessionKey, SessionStore, UserDirectory,
    Written,
};
use grantor_domain::resources::{HistoryQuery, ResourceQuery, Revision};
use grantor_domain::revision::Version;
use grantor_domain::roles::Role;
use grantor_domain::sessions::{Census, Session, SessionQuery};
use grantor_domain::time::Timestamp;
use grantor_domain::users::{LoginName, User};

use crate::fault::{Abort, Failure};
use crate::group::Group;
use crate::measure;
use crate::pool::Pool;

use super::queries::{
    browser_notes, chain, clients, event_counts, event_search, events, policies, resources, roles,
    session_census, session_search, sessions, users,
};
use super::{
    Conn, Hold, Write, lock_chain, relax_durability, settled_until, transaction, write_all,
};

/// Every storage port on this database.
pub(crate) struct Adapter {
    pub(super) location: String,
    pub(super) _held: Hold,
    pub(super) reads: Pool<Conn>,
    pub(super) writes: Pool<Conn>,
    pub(super) group: Group<Write, Result<Committed, Fault>>,
}

impl Adapter {
    fn read<T>(&self, work: impl Fn(&mut Conn) -> Result<T, Failure>) -> Result<T, Fault> {
        self.reads.run(work, || true)
    }

    /// Runs one transaction, whole or not at all. It is repeated on another connection only when the
    /// first one was dead before the transaction began.
    fn write<T>(&self, work: impl Fn(&mut Conn) -> Result<T, Abort<T>>) -> Result<T, Fault> {
        let begun = Cell::new(false);
        self.writes.run(
            |conn| {
                transaction(conn, |conn| {
                    begun.set(true);
                    work(conn)
                })
            },
            || !begun.get(),
        )
    }

    /// Writes together with others who write at the same time.
    pub(super) fn write_together(&self, write: Write) -> Result<Committed, Fault> {
        let outcome = self.group.run(write, |writes| self.write_batch(&writes));
        outcome.unwrap_or_else(|| {
            let nobody_knows = "the writes of several requests were given up";
            Err(Fault::Unavailable(nobody_knows.to_owned()))
        })
    }

    /// A batch that fails is written one by one, so that none fails for another.
    fn write_batch(&self, writes: &[Write]) -> Vec<Result<Committed, Fault>> {
        let alone = |write| match self.try_batch(slice::from_ref(write))? {
            Ok(outcomes) => outcomes.into_iter().next().ok_or(Fault::Contended),
            Err(failure) => Err(failure.into()),
        };
        match self.try_batch(writes) {
            Ok(Ok(outcomes)) => outcomes.into_iter().map(Ok).collect(),
            Ok(Err(failure)) if writes.len() == 1 => vec![Err(failure.into())],
            Ok(Err(_)) => writes.iter().map(alone).collect(),
            Err(fault) => writes.iter().map(|_| Err(fault.clone())).collect(),
        }
    }

    /// All of a batch, or nothing. Without a connection none of it is tried again.
    fn try_batch(&self, writes: &[Write]) -> Result<Result<Vec<Committed>, Failure>, Fault> {
        // Each write of it may be repeated.
        let repeatable = || true;
        self.writes.run(
            |conn| match write_all(conn, writes) {
                Err(failure) if !failure.is_lost_connection() => Ok(Err(failure)),
                outcome => outcome.map(Ok),
            },
            repeatable,
        )
    }

    /// A write of a resource together with its events, or neither.
    fn put_with(
        &self,
        of_change: &[Event],
        put: impl Fn(&mut Conn) -> Result<Written, Failure>,
    ) -> Result<Written, Fault> {
        let written = self.write(|conn| match put(conn)? {
            Written::Done(stamp) => {
                events::append(conn, of_change)?;
                Ok(Written::Done(stamp))
            }
            refused => Err(Abort::With(refused)),
        });
        written.inspect(|it| measure::happened_if(matches!(it, Written::Done(_)), of_change))
    }

    /// A removal of a resource together with its events, or neither.
    fn remove_with(
        &self,
        of_change: &[Event],
        remove: impl Fn(&mut Conn) -> Result<Removed, Failure>,
    ) -> Result<Removed, Fault> {
        let removed = self.write(|conn| match remove(conn)? {
            Removed::Done => {
                events::append(conn, of_change)?;
                Ok(Removed::Done)
            }
            refused => Err(Abort::With(refused)),
        });
        removed.inspect(|it| measure::happened_if(*it == Removed::Done, of_change))
    }
}

impl SessionStore for Adapter {
    fn open(&self, session: &Session, of_change: &[Event]) -> Result<(), Fault> {
        let opened = self.open_session(session, of_change);
        opened.inspect(|()| measure::happened(of_change))
    }

    fn find(&self, key: &SessionKey) -> Result<Option<Found>, Fault> {
        self.read(|conn| sessions::find(conn, key))
    }

    fn commit(&self, change: &Change, of_change: &[Event]) -> Result<Committed, Fault> {
        let outcome = self.change_session(change, of_change);
        outcome.inspect(|it| measure::settled(*it, of_change))
    }

    fn search(&self, query: &SessionQuery) -> Result<Page<Found>, Fault> {
        self.read(|conn| session_search::search(conn, query))
    }

    fn count(&self, query: &SessionQuery) -> Result<u64, Fault> {
        self.read(|conn| session_search::count(conn, query))
    }

    fn keep_census(&self, census: &Census) -> Result<(), Fault> {
        self.write(|conn| Ok(session_census::keep(conn, census)?))
    }

    fn censuses(&self, from: Hour, until: Hour) -> Result<Vec<Census>, Fault> {
        self.read(|conn| Ok(session_census::read(conn, from, until)?))
    }

    fn reap(&self, before: Timestamp, limit: u32) -> Result<u32, Fault> {
        let rows = self.write(|conn| Ok(sessions::reap(conn, before, limit)?))?;
        Ok(u32::try_from(rows).unwrap_or(limit))
    }
}

impl BrowserNotes for Adapter {
    fn put(&self, session: &SessionId, sealed: &[u8], at: Timestamp) -> Result<bool, Fault> {
        self.write(|conn| {
            relax_durability(conn)?;
            Ok(browser_notes::put(conn, session, sealed, at)?)
        })
    }

    fn get(&self, session: &SessionId) -> Result<Option<Vec<u8>>, Fault> {
        self.read(|conn| Ok(browser_notes::get(conn, session)?))
    }

    fn remove(&self, session: &SessionId) -> Result<(), Fault> {
        self.write(|conn| Ok(browser_notes::remove(conn, session)?))
    }
}

macro_rules! registry {
    ($resource:ty, $id:ty, $queries:ident, $put:ident, $remove:ident) => {
        impl Registry<$resource> for Adapter {
            fn find(&self, id: &$id) -> Result<Option<$resource>, Fault> {
                self.read(|conn| $queries::find(conn, id))
            }

            fn find_many(&self, ids: &[$id]) -> Result<Vec<$resource>, Fault> {
                self.read(|conn| $queries::find_many(conn, ids))
            }

            fn put(
                &self,
                resource: &$resource,
                expect: Expect,
                of_change: &[Event],
            ) -> Result<Written, Fault> {
                self.put_with(of_change, |conn| $queries::$put(conn, resource, expect))
            }

            fn remove(
                &self,
                id: &$id,
                version: Version,
                at: Timestamp,
                of_change: &[Event],
            ) -> Result<Removed, Fault> {
                self.remove_with(of_change, |conn| $queries::$remove(conn, id, version, at))
            }

            fn search(&self, query: &ResourceQuery) -> Result<Page<$resource>, Fault> {
                self.read(|conn| $queries::search(conn, query))
            }

            fn history(
                &self,
                query: &HistoryQuery<$id>,
            ) -> Result<Page<Revision<$resource>>, Fault> {
                self.read(|conn| $queries::history(conn, query))
            }
        }
    };
}

registry!(Client, ClientId, clients, write, erase);
registry!(User, UserId, users, put, remove);
registry!(Role, RoleId, roles, write, erase);
registry!(AccessPolicy, PolicyId, policies, put, remove);

impl UserDirectory for Adapter {
    fn find_by_name(&self, name: &LoginName) -> Result<Option<User>, Fault> {
        self.read(|conn| users::find_by_name(conn, name))
    }
}

impl RoleStore for Adapter {
    fn of_user(&self, user: &UserId) -> Result<Vec<Role>, Fault> {
        self.read(|conn| roles::of_user(conn, user))
    }
}

impl PolicyStore for Adapter {
    fn set_version(&self) -> Result<Option<Version>, Fault> {
        self.read(policies::set_version)
    }

    fn all(&self) -> Result<(Version, Vec<AccessPolicy>), Fault> {
        self.read(policies::all)
    }
}

impl ResourceChanges for Adapter {
    fn apply(&self, changes: &[ResourceChange], of_changes: &[Event]) -> Result<Applied, Fault> {
        let applied = self.write(|conn| resources::apply(conn, changes, of_changes));
        applied.inspect(|it| measure::happened_if(matches!(it, Applied::Done(_)), of_changes))
    }
}

impl EventLog for Adapter {
    fn append(&self, refusals: &[Event]) -> Result<(), Fault> {
        let written = self.write(|conn| Ok(events::append(conn, refusals)?));
        written.inspect(|()| measure::happened(refusals))
    }

    fn search(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, Fault> {
        self.read(|conn| event_search::search(conn, query))
    }

    fn counts(&self, from: Hour, until: Hour) -> Result<Vec<HourlyCount>, Fault> {
        self.read(|conn| Ok(event_counts::read(conn, from, until)?))
    }

    fn head(&self) -> Result<Option<Link>, Fault> {
        self.read(chain::head)
    }

    fn settled(&self, after: Option<EventId>, limit: u32) -> Result<Vec<RecordedEvent>, Fault> {
        self.read(|conn| {
            let until = settled_until(conn)?;
            chain::events(conn, after, until, limit)
        })
    }

    fn link(&self, after: Option<EventId>, links: &[Link]) -> Result<bool, Fault> {
        self.write(|conn| {
            // A link that is lost with the power is made again, and the same.
            relax_durability(conn)?;
            lock_chain(conn)?;
            Ok(chain::link(conn, after, links)?)
        })
    }

    fn chain(&self, after: Option<EventId>, limit: u32) -> Result<Vec<Linked>, Fault> {
        self.read(|conn| chain::chain(conn, after, limit))
    }
}
