//! Throw-away databases: one a test, migrated, gone when it ends.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use grantor_domain::time::Timestamp;
use grantor_persistence::{DatabaseOptions, Persistence};
use grantor_testkit::contracts::Stores;
use tempfile::TempDir;

/// A database of one test.
pub(crate) struct Database {
    pub(crate) persistence: Persistence,
    pub(crate) place: Place,
}

/// Where it is, and what removes it.
pub(crate) enum Place {
    Sqlite(TempDir),
    Postgres(PostgresDatabase),
}

/// A database on the test server.
pub(crate) struct PostgresDatabase {
    name: String,
    pub(crate) url: String,
}

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = Text)]
    cell: String,
}

fn admin_url() -> String {
    #[expect(clippy::disallowed_methods, reason = "the test runner says where Postgres is")]
    std::env::var("TEST_DATABASE_URL").expect(
        "TEST_DATABASE_URL is not set: run `cargo xtask test`, which provides a Postgres, or set it to \
         the URL of a database on which databases may be created",
    )
}

impl PostgresDatabase {
    fn create() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("grantor_contract_{}_{number}", std::process::id());
        let mut url = url::Url::parse(&admin_url()).unwrap();
        PgConnection::establish(url.as_str())
            .unwrap()
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .unwrap();
        url.set_path(&name);
        Self {
            name,
            url: url.into(),
        }
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let dropped = PgConnection::establish(&admin_url()).map(|mut admin| {
            admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))
        });
        drop(dropped);
    }
}

/// Eight connections and a short wait for one.
pub(crate) fn options(url: &str) -> DatabaseOptions {
    DatabaseOptions {
        url: url.to_owned(),
        pool_size: 8,
        connection_timeout: Duration::from_secs(10),
    }
}

impl Database {
    pub(crate) fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self {
            persistence: Persistence::connect(&options(&url)).unwrap(),
            place: Place::Sqlite(folder),
        }
    }

    pub(crate) fn empty_postgres() -> Self {
        let database = PostgresDatabase::create();
        Self {
            persistence: Persistence::connect(&options(&database.url)).unwrap(),
            place: Place::Postgres(database),
        }
    }

    pub(crate) fn sqlite() -> Self {
        Self::empty_sqlite().migrated()
    }

    pub(crate) fn postgres() -> Self {
        Self::empty_postgres().migrated()
    }

    fn migrated(self) -> Self {
        self.persistence
            .migrate(Timestamp::from_seconds(0))
            .unwrap();
        // Cases count events from none.
        self.execute(match &self.place {
            Place::Sqlite(_) => "DELETE FROM event",
            Place::Postgres(_) => "TRUNCATE event RESTART IDENTITY",
        });
        self
    }

    /// A second program on the same database.
    pub(crate) fn reconnect(&self) -> Persistence {
        Persistence::connect(&options(&self.url())).unwrap()
    }

    pub(crate) fn stores(&self) -> Stores {
        Stores {
            sessions: self.persistence.sessions(),
            notes: self.persistence.notes(),
            clients: self.persistence.clients(),
            users: self.persistence.users(),
            roles: self.persistence.roles(),
            policies: self.persistence.policies(),
            resources: self.persistence.resources(),
            throttle: self.persistence.throttle(),
            familiar: self.persistence.familiar(),
            events: self.persistence.events(),
            signing_keys: self.persistence.signing_keys(),
        }
    }

    pub(crate) fn url(&self) -> String {
        match &self.place {
            Place::Sqlite(folder) => format!("sqlite:{}", folder.path().join("test.db").display()),
            Place::Postgres(database) => database.url.clone(),
        }
    }

    /// Runs SQL beside the program.
    pub(crate) fn execute(&self, sql: &str) {
        match &self.place {
            Place::Sqlite(_) => self.sqlite_connection().batch_execute(sql).unwrap(),
            Place::Postgres(_) => self.postgres_connection().batch_execute(sql).unwrap(),
        }
    }

    /// Runs SQL that may be refused.
    pub(crate) fn try_execute(&self, sql: &str) -> Result<(), String> {
        let outcome = match &self.place {
            Place::Sqlite(_) => self.sqlite_connection().batch_execute(sql),
            Place::Postgres(_) => self.postgres_connection().batch_execute(sql),
        };
        outcome.map_err(|error| error.to_string())
    }

    /// The column `cell` of what a query answers, as text.
    pub(crate) fn column(&self, sql: &str) -> Vec<String> {
        let query = diesel::sql_query(sql);
        let cells: Vec<Cell> = match &self.place {
            Place::Sqlite(_) => query.load(&mut self.sqlite_connection()).unwrap(),
            Place::Postgres(_) => query.load(&mut self.postgres_connection()).unwrap(),
        };
        cells.into_iter().map(|cell| cell.cell).collect()
    }

    /// How many rows a table has.
    pub(crate) fn rows(&self, table: &str) -> usize {
        self.column(&format!("SELECT '' AS cell FROM {table}"))
            .len()
    }

    pub(crate) fn sqlite_connection(&self) -> SqliteConnection {
        let url = self.url();
        SqliteConnection::establish(url.strip_prefix("sqlite:").unwrap()).unwrap()
    }

    pub(crate) fn postgres_connection(&self) -> PgConnection {
        PgConnection::establish(&self.url()).unwrap()
    }
}
