//! `database`: which store, and how many connections to it.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;
use zeroize::Zeroizing;

use super::reader::Reader;

/// Which store.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// Its URL. It may hold a password.
    pub url: Zeroizing<String>,
    /// Connections kept open.
    pub pool_size: u32,
    /// How long a request waits for one.
    pub connection_timeout: Duration,
    /// Whether `serve` migrates.
    pub migrate_on_start: bool,
}

impl std::fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("url", &"[redacted]")
            .field("pool_size", &self.pool_size)
            .field("connection_timeout", &self.connection_timeout)
            .field("migrate_on_start", &self.migrate_on_start)
            .finish()
    }
}

impl DatabaseConfig {
    /// The file of an embedded database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let path = self.url.strip_prefix("sqlite:")?;
        Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
    }
}

/// Whether a URL holds a password.
pub(super) fn has_password(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password")
    })
}

pub(super) fn read(reader: &Reader) -> DatabaseConfig {
    let url = match reader.secret_file("database.url_file") {
        Some(url) => url,
        None => Zeroizing::new(reader.text("database.url")),
    };
    let is_sqlite = url
        .strip_prefix("sqlite:")
        .is_some_and(|path| !path.is_empty());
    if !is_sqlite && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        reader.mistake("database.url", "must begin with sqlite: or postgres://");
    }
    let migrate_on_start = match reader.text("database.migrate_on_start").as_str() {
        "auto" => is_sqlite,
        "true" => true,
        "false" => false,
        _ => {
            reader.mistake(
                "database.migrate_on_start",
                "must be \"auto\", \"true\" or \"false\"",
            );
            false
        }
    };
    let timeout = reader.number("database.connection_timeout_ms", 10..=60_000);
    let pool_size = super::threads(reader, "database.pool_size", |cores| (cores * 4).min(16));
    DatabaseConfig {
        url,
        pool_size: u32::try_from(pool_size).unwrap_or(u32::MAX),
        connection_timeout: Duration::from_millis(timeout.into()),
        migrate_on_start,
    }
}
