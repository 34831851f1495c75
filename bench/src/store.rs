//! Where a server keeps what it knows.

use std::path::{Path, PathBuf};

/// A database, and what tables call it.
#[derive(Clone)]
pub(crate) struct Store {
    /// `SQLite` or `Postgres`.
    pub(crate) name: &'static str,
    /// Which it is, and where.
    pub(crate) database: Database,
}

/// A database of a kind.
#[derive(Clone)]
pub(crate) enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A URL, and a schema that is ours.
    Postgres(String, Option<String>),
}

impl Store {
    /// A SQLite file in the folder.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        Self {
            name: "SQLite",
            database: Database::Sqlite(folder.join("bench.db")),
        }
    }

    /// A Postgres database.
    pub(crate) fn postgres(url: &str) -> Self {
        Self {
            name: "Postgres",
            database: Database::Postgres(url.to_owned(), None),
        }
    }

    /// One of its own, which may be cleared: another file, another schema.
    pub(crate) fn apart(&self, name: &str) -> Self {
        let name = format!("bench_{name}");
        let database = match &self.database {
            Database::Sqlite(file) => Database::Sqlite(file.with_file_name(format!("{name}.db"))),
            Database::Postgres(url, _) => Database::Postgres(url.clone(), Some(name)),
        };
        Self {
            name: self.name,
            database,
        }
    }

    /// `database.url`.
    pub(crate) fn url(&self) -> String {
        match &self.database {
            Database::Sqlite(file) => format!("sqlite:{}", file.display()),
            Database::Postgres(url, None) => url.clone(),
            Database::Postgres(url, Some(schema)) => {
                let separator = if url.contains('?') { '&' } else { '?' };
                format!("{url}{separator}options=-csearch_path%3D{schema}")
            }
        }
    }
}
