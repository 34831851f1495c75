//! Connections: lent for one call, dropped when that failed.

use std::time::Duration;

use grantor_domain::Fault;
use r2d2::ManageConnection;
use redis::{Client, Connection, ConnectionLike as _, RedisError, RedisResult};

use crate::InvalidUrl;

/// Connections kept open: a debit lasts a fraction of a millisecond.
const MOST: u32 = 8;

struct Links {
    client: Client,
    timeout: Duration,
}

/// A connection, and whether a call on it failed: an answer that came late would be taken for the next one's.
struct Link {
    connection: Connection,
    lost: bool,
}

impl ManageConnection for Links {
    type Connection = Link;
    type Error = RedisError;

    fn connect(&self) -> Result<Link, RedisError> {
        let connection = self.client.get_connection_with_timeout(self.timeout)?;
        connection.set_read_timeout(Some(self.timeout))?;
        connection.set_write_timeout(Some(self.timeout))?;
        Ok(Link {
            connection,
            lost: false,
        })
    }

    fn is_valid(&self, link: &mut Link) -> Result<(), RedisError> {
        redis::cmd("PING").exec(&mut link.connection)
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        link.lost || !link.connection.is_open()
    }
}

/// A bounded set of connections.
pub(crate) struct Connections(r2d2::Pool<Links>);

impl Connections {
    /// Connects when it is first asked.
    pub(crate) fn new(url: &str, timeout: Duration) -> Result<Self, InvalidUrl> {
        let client = Client::open(url).map_err(|_| InvalidUrl)?;
        let pool = r2d2::Pool::builder()
            .max_size(MOST)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(timeout)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(Links { client, timeout });
        Ok(Self(pool))
    }

    /// One call on one connection.
    pub(crate) fn run<T>(
        &self,
        call: impl FnOnce(&mut Connection) -> RedisResult<T>,
    ) -> Result<T, Fault> {
        self.attempt(call)?.map_err(|error| unavailable(&error))
    }

    /// The same, and again on another connection while those at hand turn out to be dead: after a
    /// restart of the server all of them are, and none of them may fail a login.
    pub(crate) fn run_repeatedly<T>(
        &self,
        call: impl Fn(&mut Connection) -> RedisResult<T>,
    ) -> Result<T, Fault> {
        for _ in 0..MOST {
            match self.attempt(&call)? {
                Err(error) if error.is_connection_dropped() => {}
                outcome => return outcome.map_err(|error| unavailable(&error)),
            }
        }
        self.run(call)
    }

    fn attempt<T>(
        &self,
        call: impl FnOnce(&mut Connection) -> RedisResult<T>,
    ) -> Result<RedisResult<T>, Fault> {
        let without = |error| Fault::Unavailable(format!("no connection to Redis: {error}"));
        let mut link = self.0.get().map_err(without)?;
        let outcome = call(&mut link.connection);
        link.lost = outcome.is_err();
        Ok(outcome)
    }
}

/// The texts name commands and addresses, never a password.
fn unavailable(error: &RedisError) -> Fault {
    Fault::Unavailable(format!("Redis: {error}"))
}
