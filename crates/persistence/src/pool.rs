//! Connections: lent for one unit of work, dropped when they turn out to be dead.

use std::time::Duration;

use diesel::QueryResult;
use diesel::r2d2::{ConnectionManager, Error, R2D2Connection};
use grantor_domain::Fault;
use r2d2::ManageConnection;

use crate::fault::Failure;
use crate::measure::{self, Retry};

/// Makes connections and prepares each of them.
pub(crate) struct Links<C> {
    manager: ConnectionManager<C>,
    prepare: fn(&mut C) -> QueryResult<()>,
}

/// A pooled connection, and whether it was seen to be dead. Diesel does not look after a plain read.
pub(crate) struct Link<C> {
    connection: C,
    lost: bool,
}

impl<C: R2D2Connection + Send + 'static> ManageConnection for Links<C> {
    type Connection = Link<C>;
    type Error = Error;

    fn connect(&self) -> Result<Link<C>, Error> {
        let mut connection = self.manager.connect()?;
        (self.prepare)(&mut connection).map_err(Error::QueryError)?;
        Ok(Link {
            connection,
            lost: false,
        })
    }

    fn is_valid(&self, link: &mut Link<C>) -> Result<(), Error> {
        self.manager.is_valid(&mut link.connection)
    }

    fn has_broken(&self, link: &mut Link<C>) -> bool {
        link.lost || self.manager.has_broken(&mut link.connection)
    }
}

/// How the connections to a database stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Lent.
    pub busy: u32,
    /// Open, and waiting to be lent.
    pub idle: u32,
    /// The most there may be.
    pub most: u32,
}

impl Connections {
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            busy: self.busy + other.busy,
            idle: self.idle + other.idle,
            most: self.most + other.most,
        }
    }
}

/// A bounded set of connections.
pub(crate) struct Pool<C: R2D2Connection + Send + 'static>(r2d2::Pool<Links<C>>);

impl<C: R2D2Connection + Send + 'static> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C: R2D2Connection + Send + 'static> Pool<C> {
    /// A pool that connects when it is first asked.
    pub(crate) fn new(
        url: &str,
        size: u32,
        timeout: Duration,
        prepare: fn(&mut C) -> QueryResult<()>,
    ) -> Self {
        let links = Links {
            manager: ConnectionManager::new(url),
            prepare,
        };
        Self(
            r2d2::Pool::builder()
                .max_size(size.max(1))
                .min_idle(Some(0))
                .test_on_check_out(false)
                .connection_timeout(timeout)
                .idle_timeout(Some(Duration::from_secs(10 * 60)))
                .max_lifetime(Some(Duration::from_secs(30 * 60)))
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .build_unchecked(links),
        )
    }

    /// Runs one unit of work. When its connection turns out to be dead, and `may_repeat` says that
    /// nothing can have happened, it runs again on the next one: after a restart of the database all
    /// pooled connections are dead, and none of them may fail a request.
    pub(crate) fn run<T>(
        &self,
        mut work: impl FnMut(&mut C) -> Result<T, Failure>,
        may_repeat: impl Fn() -> bool,
    ) -> Result<T, Fault> {
        let outcome = self.attempt(&mut work, &may_repeat);
        if let Err(fault) = &outcome {
            measure::failed(fault);
        }
        outcome
    }

    fn attempt<T>(
        &self,
        work: &mut impl FnMut(&mut C) -> Result<T, Failure>,
        may_repeat: &impl Fn() -> bool,
    ) -> Result<T, Fault> {
        let mut tries_left = self.0.max_size();
        loop {
            let link = measure::waiting(|| self.0.get());
            let mut link = link.map_err(|error| self.without_connection(&error))?;
            match work(&mut link.connection) {
                Err(failure) if failure.is_lost_connection() => {
                    link.lost = true;
                    if tries_left == 0 || !may_repeat() {
                        return Err(failure.into());
                    }
                    tries_left -= 1;
                    Retry::LostConnection.count();
                }
                outcome => return outcome.map_err(Fault::from),
            }
        }
    }

    /// How its connections stand.
    pub(crate) fn connections(&self) -> Connections {
        let state = self.0.state();
        Connections {
            busy: state.connections.saturating_sub(state.idle_connections),
            idle: state.idle_connections,
            most: self.0.max_size(),
        }
    }

    fn without_connection(&self, error: &r2d2::Error) -> Fault {
        if self.0.state().connections == self.0.max_size() {
            Fault::Overloaded("every database connection is busy")
        } else {
            Fault::Unavailable(format!("no database connection: {error}"))
        }
    }
}
