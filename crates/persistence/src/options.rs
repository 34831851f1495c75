//! Which database, and how to speak to it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// Where the database is and how many connections it is given.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `sqlite:<path>` or `postgres://…` as libpq reads it.
    pub url: String,
    /// The most connections held open at once. `SQLite` has one more, for writing.
    pub pool_size: u32,
    /// The longest wait for a connection.
    pub connection_timeout: Duration,
}

impl fmt::Debug for DatabaseOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseOptions")
            .field("url", &"[redacted]")
            .field("pool_size", &self.pool_size)
            .field("connection_timeout", &self.connection_timeout)
            .finish()
    }
}

/// Why there is nothing to connect to. It never repeats the URL, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The URL names no database we know.
    #[error("the database URL begins with neither sqlite: nor postgres://")]
    UnknownScheme,
    /// The URL cannot be read.
    #[error("the database URL is malformed: {0}")]
    MalformedUrl(&'static str),
    /// The `SQLite` file cannot be opened or made.
    #[error("the database file {path} cannot be opened: {reason}")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        reason: String,
    },
}

/// A database URL that was read.
#[derive(Debug)]
pub(crate) enum Location {
    Sqlite(PathBuf),
    /// With a time limit for libpq's connecting.
    Postgres(String),
}

/// After how long a network that loses everything is noticed: milliseconds for what was sent, seconds for what is
/// waited for. Without these a connection to a machine that is gone waits for a quarter of an hour.
const SILENCE: &[(&str, &str)] = &[
    ("tcp_user_timeout", "3000"),
    ("keepalives_idle", "3"),
    ("keepalives_interval", "1"),
    ("keepalives_count", "3"),
];

impl DatabaseOptions {
    pub(crate) fn location(&self) -> Result<Location, ConnectError> {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() || path.starts_with(':') {
                Err(ConnectError::MalformedUrl("sqlite: wants a path"))
            } else {
                Ok(Location::Sqlite(PathBuf::from(path)))
            };
        }
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            return self.postgres().map(Location::Postgres);
        }
        Err(ConnectError::UnknownScheme)
    }

    /// libpq repeats parts of a malformed URL in its messages, so it is only given well-formed ones.
    fn postgres(&self) -> Result<String, ConnectError> {
        let mut url = Url::parse(&self.url)
            .map_err(|_| ConnectError::MalformedUrl("postgres:// wants user:password@host:port/name with reserved characters percent-encoded"))?;
        let seconds = self.connection_timeout.as_secs().max(2).to_string();
        for (name, value) in [("connect_timeout", seconds.as_str())]
            .iter()
            .chain(SILENCE)
        {
            if !url.query_pairs().any(|(given, _)| given == *name) {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Ok(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str) -> DatabaseOptions {
        DatabaseOptions {
            url: url.to_owned(),
            pool_size: 1,
            connection_timeout: Duration::from_secs(3),
        }
    }

    #[test]
    fn a_postgres_url_keeps_its_parts_and_gains_time_limits() {
        let location = options("postgres://u:p%40ss@h:5/d?sslmode=require").location();
        let expected = "postgres://u:p%40ss@h:5/d?sslmode=require&connect_timeout=3&tcp_user_timeout=3000\
             &keepalives_idle=3&keepalives_interval=1&keepalives_count=3";
        assert!(matches!(location, Ok(Location::Postgres(url)) if url == expected));
    }

    #[test]
    fn a_socket_url_is_well_formed() {
        let given = "postgres:///d?host=/run/x&connect_timeout=9&tcp_user_timeout=0\
             &keepalives_idle=9&keepalives_interval=9&keepalives_count=9";
        let location = options(given).location();
        let expected = given;
        assert!(matches!(location, Ok(Location::Postgres(url)) if url == expected));
    }

    #[test]
    fn no_error_repeats_the_password() {
        for url in [
            "postgres://user:hun/ter2@host/db",
            "mysql://user:hunter2@host/db",
            "postgres://user:hunter2@host:hunter2/db",
            "sqlite:",
        ] {
            let refused = options(url);
            let text = format!("{:?} {refused:?}", refused.location());
            assert!(text.contains("Err("), "{text}");
            assert!(!text.contains("hun"), "{text}");
        }
    }
}
