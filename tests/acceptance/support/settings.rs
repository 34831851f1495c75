//! What a test's server is told before it starts.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Barrier};

use grantor_app::config::{Config, Sources};
use grantor_app::system::SystemRandomness;
use grantor_app::wiring::Machine;
use grantor_testkit::ManualClock;
use tempfile::TempDir;
use url::Url;

use super::canary::Secrets;
use super::server::{PATIENCE, Process, Replica, Thread, World};
use super::stores::{Database, Store};

/// The issuer of every test's server; not where it listens.
pub(crate) const ISSUER: &str = "https://auth.example.test";

/// The secret of client `root`, which administers.
pub(crate) const ROOT_SECRET: &str = "correct-horse-battery-staple";

/// 32 bytes in base64.
const MASTER_KEY: &str = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";

/// The seeds' client and user.
const BUNDLE: &str = "\
resourceType: Bundle
type: transaction
entry:
  - resource:
      resourceType: Client
      id: myapp
      secret: verysecret
      grant_types: [password]
      auth:
        password:
          refresh_token: true
  - resource:
      resourceType: User
      id: user
      email: user@mail.com
      password: password
";

/// Settings, a folder and a database: everything a server needs but a process.
#[derive(Debug)]
pub(crate) struct Setup {
    settings: BTreeMap<String, String>,
    config: Option<PathBuf>,
    /// Another program than the one that is tested.
    before: Option<PathBuf>,
    /// What its servers were sent and sent, and were told, that nobody else may see.
    pub(crate) secrets: Secrets,
    pub(crate) database: Database,
    pub(crate) folder: TempDir,
}

impl Setup {
    /// The settings of most tests: the seeds' bundle, client `root`, cheap password hashes.
    pub(crate) fn on(store: Store) -> Self {
        Self::bare(store).with_seeds()
    }

    /// The same with the seeds' bundle and client `root`.
    pub(crate) fn with_seeds(self) -> Self {
        let bare = self;
        let bundle = bare.file("bundle.yaml", BUNDLE, 0o644);
        let secret = bare.file("root.secret", ROOT_SECRET, 0o600);
        bare.set("bootstrap.bundle", bundle.to_str().unwrap()).set(
            "bootstrap.admin_client_secret_file",
            secret.to_str().unwrap(),
        )
    }

    /// A server with nobody in it.
    pub(crate) fn bare(store: Store) -> Self {
        let folder = TempDir::new().unwrap();
        let database = Database::make(store, folder.path());
        Self::bare_on(database, folder)
    }

    /// A server with nobody in it, on a database that was made elsewhere.
    pub(crate) fn bare_on(database: Database, folder: TempDir) -> Self {
        let url = database.url();
        let needs_a_master_key = matches!(database, Database::Postgres { .. });
        let setup = Self {
            settings: BTreeMap::new(),
            config: None,
            before: None,
            secrets: Secrets::default(),
            database,
            folder,
        };
        let setup = setup
            .set("server.bind", "127.0.0.1:0")
            .set("server.ops_bind", "127.0.0.1:0")
            .set("server.issuer", ISSUER)
            .set("server.shutdown_timeout", "2")
            .set("database.url", &url)
            .set("database.pool_size", "6")
            .set("database.migrate_on_start", "true")
            .set("passwords.allow_weak_parameters", "true")
            .set("passwords.argon2_m_cost", "64")
            .set("passwords.argon2_t_cost", "1")
            .set("log.format", "json");
        if needs_a_master_key {
            setup.set("keys.master_key", MASTER_KEY)
        } else {
            setup
        }
    }

    pub(crate) fn set(mut self, key: &str, value: &str) -> Self {
        if key == "keys.master_key" {
            self.secrets.add(value);
        }
        self.settings.insert(key.to_owned(), value.to_owned());
        self
    }

    /// With the program of the release before, where the test runner names one.
    pub(crate) fn with_program_before(mut self) -> Self {
        self.before = std::env::var_os("TEST_GRANTOR_BEFORE").map(PathBuf::from);
        self
    }

    /// With the program that is tested.
    pub(crate) fn with_this_program(mut self) -> Self {
        self.before = None;
        self
    }

    /// As if the key had not been set.
    pub(crate) fn unset(mut self, key: &str) -> Self {
        self.settings.remove(key);
        self
    }

    /// Lets the program read a configuration file too.
    pub(crate) fn with_config(mut self, content: &str) -> Self {
        self.config = Some(self.file("grantor.toml", content, 0o600));
        self
    }

    /// Writes a file into the test's folder.
    pub(crate) fn file(&self, name: &str, content: &str, mode: u32) -> PathBuf {
        if mode == 0o600 {
            self.secrets.add(content.trim_end());
        }
        let path = self.folder.path().join(name);
        let _was_not_there = fs::remove_file(&path);
        let mut options = fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&path)
            .unwrap();
        file.write_all(content.as_bytes()).unwrap();
        path
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        self.folder.path().join("grantor.log")
    }

    /// Everything that processes with these settings wrote. Complete once they have ended.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log_file()).unwrap()).into_owned()
    }

    /// Starts the program and waits until it serves.
    pub(crate) fn start(self) -> World {
        let process = Process::start(&self);
        World::new(self, process.into(), None)
    }

    /// Starts several programs on one database at the same moment.
    pub(crate) fn start_at_once(self, count: usize) -> (World, Vec<Replica>) {
        let barrier = Barrier::new(count);
        let start = || {
            barrier.wait();
            Process::start(&self)
        };
        let mut processes: Vec<Process> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(start)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let first = processes.remove(0);
        let replicas = processes.into_iter();
        let replicas = replicas
            .map(|process| Replica::of(process, &self))
            .collect();
        (World::new(self, first.into(), None), replicas)
    }

    /// Starts a server in this process, whose clock stands still until the test moves it.
    pub(crate) fn start_in_process(self) -> World {
        let clock = Arc::new(ManualClock::default());
        let machine = Machine {
            clock: clock.clone(),
            randomness: Arc::new(SystemRandomness),
        };
        let config = self.config();
        World::new(self, Thread::start(config, machine).into(), Some(clock))
    }

    fn config(&self) -> Config {
        let variables = Some(self.variables().collect());
        Config::load(Sources {
            file: None,
            variables,
        })
        .unwrap()
    }

    fn variables(&self) -> impl Iterator<Item = (String, String)> {
        self.settings.iter().map(|(key, value)| {
            (
                format!("GRANTOR__{}", key.replace('.', "__").to_uppercase()),
                value.clone(),
            )
        })
    }

    /// The program with these settings, to be run with these arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let program = match &self.before {
            Some(before) => without_settings(Command::new(before)),
            None => program(),
        };
        self.told(program, arguments)
    }

    /// The program that is tested with these settings, whichever these are for.
    pub(crate) fn command_of_this(&self, arguments: &[&str]) -> Command {
        self.told(program(), arguments)
    }

    fn told(&self, mut program: Command, arguments: &[&str]) -> Command {
        program.args(arguments).envs(self.variables());
        if let Some(config) = &self.config {
            program.arg("--config").arg(config);
        }
        program
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        let streams = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = streams.spawn().unwrap();
        let id = child.id().to_string();
        let (ended, ends) = mpsc::channel::<()>();
        // One that was to refuse and serves instead must not be waited for.
        let guard = std::thread::spawn(move || {
            if ends.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ended_just_now = Command::new("kill").args(["-s", "KILL", &id]).status();
            }
        });
        let output = child.wait_with_output().unwrap();
        drop(ended);
        guard.join().unwrap();
        Ran::from(output)
    }
}

/// At the end of a world, nothing it wrote holds a secret: not its output, and not its database.
impl Drop for Setup {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(url) = self
            .settings
            .get("database.url")
            .and_then(|url| Url::parse(url).ok())
        {
            self.secrets.add(url.password().unwrap_or_default());
        }
        let key = self.folder.path().join("grantor.db.key");
        if let Ok(key) = fs::read_to_string(key) {
            self.secrets.add(key.trim_end());
        }
        if let Ok(log) = fs::read_to_string(self.log_file()) {
            // The setup token is printed on purpose, once.
            let lines = log.lines().filter(|line| !line.contains("setup_token="));
            let lines: Vec<&str> = lines.collect();
            self.secrets
                .are_not_in(lines.join("\n").as_bytes(), "the log");
        }
        if let Database::Sqlite(_) = self.database {
            let stored = self.database.dump();
            self.secrets.are_not_stored_in(&stored, "the database");
        }
    }
}

/// The program, without settings but the built-in ones.
pub(crate) fn program() -> Command {
    let binary = std::env::var_os("TEST_GRANTOR_BINARY").map_or_else(beside, PathBuf::from);
    assert!(
        binary.exists(),
        "{} is not built; `cargo xtask test` builds it",
        binary.display()
    );
    without_settings(Command::new(binary))
}

fn without_settings(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GRANTOR__") {
            command.env_remove(name);
        }
    }
    command
}

/// `<target>/debug/grantor`, seen from `<target>/debug/deps/acceptance-…`.
fn beside() -> PathBuf {
    beside_us("grantor")
}

/// A program that was built together with this one.
pub(crate) fn beside_us(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().join(name)
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The run, which must have succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// The run, which must have failed and said all this.
    #[track_caller]
    pub(crate) fn refused_saying(self, words: &[&str]) -> Self {
        assert!(self.code.is_some_and(|code| code != 0), "{self:?}");
        for word in words {
            assert!(
                self.stderr.contains(word),
                "nothing of {word:?} in {self:?}"
            );
        }
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}
