//! A throw-away Postgres: its own folder, its own port, gone when the command ends, however it ends.
//!
//! `Cluster` starts `postgres` in the foreground of its own process group and a watchdog beside it. The watchdog
//! reads from a pipe that only this process holds open, so it notices our end even by `kill -9`, stops the server
//! and removes the folder. What a crash of the whole machine leaves behind, the next start removes.

mod account;
mod binaries;
mod folder;
mod server;
mod watchdog;

use std::ffi::OsString;
use std::time::Instant;

use crate::failure::Failure;
use crate::prerequisites::{self, Prerequisite};
use crate::report;

use binaries::Binaries;
use folder::Folder;
use server::Server;
use watchdog::Watchdog;

pub(crate) use account::{Account, is_root};
pub(crate) use binaries::is_installed;

/// Names an administrator's database on which tests may `CREATE DATABASE`.
pub(crate) const TEST_DATABASE_URL: &str = "TEST_DATABASE_URL";

/// Whether an acknowledged commit has reached the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// For tests: nothing is flushed, and a commit is asynchronous unless the connection asks for more.
    Off,
    /// As Postgres is delivered.
    Full,
}

/// A running cluster; dropping it stops the server and removes its folder.
pub(crate) struct Cluster {
    url: String,
    // Dropped in this order: the watchdog stops the server, the server is reaped, the folder is removed.
    _watchdog: Watchdog,
    _server: Server,
    _folder: Folder,
}

impl Cluster {
    /// Makes a cluster and waits until it takes connections.
    pub(crate) fn start(durability: Durability) -> Result<Self, Failure> {
        prerequisites::ensure(&[Prerequisite::PostgresServer])?;
        let started = Instant::now();
        let account = Account::unprivileged()?;
        let binaries = Binaries::find()?;
        Folder::remove_leftovers(durability, &account);
        let folder = Folder::create(durability, &account)?;
        let watchdog = Watchdog::start(&folder, &account)?;
        let password = server::initialise(&binaries, &folder, &account)?;
        let server = Server::start(&binaries, &folder, &account, durability)?;
        let url = format!(
            "postgres://{}:{password}@127.0.0.1:{}/postgres",
            server::SUPERUSER,
            server.port()
        );
        report::say(format_args!(
            "postgres: a throw-away Postgres {} on 127.0.0.1:{}{}, ready in {}",
            binaries.version(),
            server.port(),
            account
                .name()
                .map(|name| format!(" as user {name}"))
                .unwrap_or_default(),
            report::seconds(started.elapsed()),
        ));
        Ok(Self {
            url,
            _watchdog: watchdog,
            _server: server,
            _folder: folder,
        })
    }

    /// The administrator's database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// The database tests use: the one the environment names, or a throw-away cluster.
pub(crate) enum TestDatabase {
    Given(String),
    Own(Cluster),
}

impl TestDatabase {
    /// What has to be on the machine before tests can be built and run.
    pub(crate) fn prerequisites() -> &'static [Prerequisite] {
        let all = &[
            Prerequisite::CCompiler,
            Prerequisite::Libpq,
            Prerequisite::PostgresServer,
        ];
        let [to_build @ .., _server] = all;
        if given().is_some() { to_build } else { all }
    }

    pub(crate) fn open() -> Result<Self, Failure> {
        if let Some(given) = given() {
            let url = given
                .into_string()
                .map_err(|_| Failure::new(format!("{TEST_DATABASE_URL} is not UTF-8")))?;
            report::say(format_args!("postgres: the one {TEST_DATABASE_URL} names"));
            return Ok(Self::Given(url));
        }
        Cluster::start(Durability::Off).map(Self::Own)
    }

    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Given(url) => url,
            Self::Own(cluster) => cluster.url(),
        }
    }
}

fn given() -> Option<OsString> {
    std::env::var_os(TEST_DATABASE_URL).filter(|url| !url.is_empty())
}
