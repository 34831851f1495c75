//! The server under load: the release program, over a store, with one client and one user in it.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::ceiling::Cost;
use crate::failure::{Context as _, Failure, Outcome};
use crate::http;
use crate::process::{self, Memory};

/// How long the server may take to be ready, or to end.
const LIMIT: Duration = Duration::from_secs(30);
/// How often a start is looked at: the exactness of the time to ready.
const LOOK: Duration = Duration::from_millis(1);
/// A server is idle when it takes no CPU time for so long.
const IDLE: Duration = Duration::from_millis(300);

/// `bench` and `benchsecret`, for HTTP Basic.
pub(crate) const CLIENT: &str = "Basic YmVuY2g6YmVuY2hzZWNyZXQ=";

/// `administrator` and `benchsecret`, for HTTP Basic.
pub(crate) const ADMINISTRATOR: &str = "Basic YWRtaW5pc3RyYXRvcjpiZW5jaHNlY3JldA==";

const ADMINISTRATION: &str = "\
- resource:
    resourceType: Client
    id: administrator
    secret: benchsecret
    grant_types: [basic]
- resource:
    resourceType: AccessPolicy
    id: administrator
    engine: allow
    link: [{resourceType: Client, id: administrator}]
";

/// The same for every run, so that a Postgres can be used again. It protects nothing.
const MASTER_KEY: &str = "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmU=";

/// Where the server keeps what it knows.
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

/// How to start a server.
pub(crate) struct Launch<'a> {
    /// The program.
    pub(crate) binary: &'a Path,
    /// Where its log, bundle and SQLite file are.
    pub(crate) folder: &'a Path,
    /// What it stores to.
    pub(crate) store: &'a Store,
    /// What its hashes cost.
    pub(crate) cost: Cost,
    /// Threads that hash.
    pub(crate) hash_threads: usize,
    /// What it is to make. Looking whether a user is as it should be takes a hash.
    pub(crate) bundle: Bundle,
}

/// What a server makes when it starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bundle {
    /// Nothing.
    None,
    /// A client and a user that can log in.
    Login,
    /// These, and a client that may do everything.
    Administration,
}

/// A server that runs. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    /// From the start of the process until `/health/ready` said yes.
    pub(crate) time_to_ready: Duration,
}

impl Server {
    /// Starts a server and waits until it is ready.
    pub(crate) fn start(launch: &Launch<'_>) -> Outcome<Self> {
        let (address, ops_address) = (free_address()?, free_address()?);
        let log = launch.folder.join("server.log");
        let started = Instant::now();
        let child = launch
            .command(address, ops_address)?
            .spawn()
            .context(format_args!("cannot start {}", launch.binary.display()))?;
        let mut server = Self {
            child,
            address,
            time_to_ready: Duration::ZERO,
        };
        let is_up = wait_until(LIMIT, LOOK, || {
            http::is_ready(ops_address) || server.has_ended()
        });
        if !is_up || server.has_ended() {
            let log = fs::read_to_string(&log).unwrap_or_default();
            return Err(Failure::new(format!(
                "the server does not become ready:\n{log}"
            )));
        }
        server.time_to_ready = started.elapsed();
        Ok(server)
    }

    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// CPU time it has taken so far.
    pub(crate) fn cpu_time(&self) -> Outcome<Duration> {
        process::cpu_time(&self.child.id().to_string())
    }

    /// Its memory in RAM.
    pub(crate) fn memory(&self) -> Outcome<Memory> {
        process::memory(self.child.id())
    }

    /// Waits until it has answered what it was asked, and its CPU time stands still.
    pub(crate) fn settle(&self) -> Outcome<()> {
        // No reading equals the first one: logins may still wait in its queue.
        let mut last = Duration::MAX;
        let settled = wait_until(LIMIT, IDLE, || {
            let now = self.cpu_time().unwrap_or_default();
            std::mem::replace(&mut last, now) == now
        });
        if settled {
            Ok(())
        } else {
            Err(Failure::new("the server does not come to rest"))
        }
    }

    /// Ends it as an operator would.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        let id = self.child.id().to_string();
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .context("cannot run kill")?;
        if wait_until(LIMIT, LOOK, || self.has_ended()) {
            Ok(())
        } else {
            Err(Failure::new("the server does not end after SIGTERM"))
        }
    }

    fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _it_may_have_ended = self.child.kill();
        let _nothing_to_learn = self.child.wait();
    }
}

impl Launch<'_> {
    /// The user there is: one for each cost, because a stored hash keeps the cost it was made with.
    pub(crate) fn user(&self) -> String {
        format!("user-{}", self.cost.memory)
    }

    /// The form of a password grant that succeeds.
    pub(crate) fn password_grant(&self) -> String {
        format!(
            "grant_type=password&username={}&password=password",
            self.user()
        )
    }

    fn command(&self, address: SocketAddr, ops_address: SocketAddr) -> Outcome<Command> {
        let log = File::create(self.folder.join("server.log")).context("cannot write the log")?;
        let mut command = Command::new(self.binary);
        command
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GRANTOR__") {
                command.env_remove(name);
            }
        }
        let settings = [
            ("SERVER__BIND", address.to_string()),
            ("SERVER__OPS_BIND", ops_address.to_string()),
            ("DATABASE__URL", self.store.url()),
            ("DATABASE__MIGRATE_ON_START", "true".to_owned()),
            ("KEYS__MASTER_KEY", MASTER_KEY.to_owned()),
            ("PASSWORDS__ARGON2_M_COST", self.cost.memory.to_string()),
            ("PASSWORDS__ARGON2_T_COST", self.cost.passes.to_string()),
            ("PASSWORDS__ARGON2_P_COST", self.cost.lanes.to_string()),
            (
                "PASSWORDS__ALLOW_WEAK_PARAMETERS",
                (self.cost != Cost::DEFAULT).to_string(),
            ),
            ("PASSWORDS__HASH_THREADS", self.hash_threads.to_string()),
            ("THROTTLE__ENABLED", "false".to_owned()),
        ];
        command.envs(settings.map(|(key, value)| (format!("GRANTOR__{key}"), value)));
        if self.bundle != Bundle::None {
            let bundle = self.folder.join("bundle.yaml");
            write(&bundle, &self.bundle())?;
            command.env("GRANTOR__BOOTSTRAP__BUNDLE", bundle);
        }
        Ok(command)
    }

    fn bundle(&self) -> String {
        let user = self.user();
        let administration = match self.bundle {
            Bundle::Administration => ADMINISTRATION,
            Bundle::None | Bundle::Login => "",
        };
        format!(
            "resourceType: Bundle\n\
             type: transaction\n\
             entry:\n\
             - resource:\n    \
                 resourceType: Client\n    \
                 id: bench\n    \
                 secret: benchsecret\n    \
                 grant_types: [password]\n    \
                 auth:\n      \
                   password:\n        \
                     refresh_token: true\n\
             - resource:\n    \
                 resourceType: User\n    \
                 id: {user}\n    \
                 email: {user}@example.com\n    \
                 password: password\n\
             {administration}"
        )
    }
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

fn write(path: &Path, text: &str) -> Outcome<()> {
    fs::write(path, text).context(format_args!("cannot write {}", path.display()))
}

fn free_address() -> Outcome<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .context("no free port on 127.0.0.1")
}

/// Looks again and again; answers whether the condition came true in time.
#[expect(
    clippy::disallowed_methods,
    reason = "neither a foreign process's readiness nor its end can be waited for in std"
)]
fn wait_until(limit: Duration, pause: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(pause);
    }
}
