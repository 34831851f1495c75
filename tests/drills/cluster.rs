//! A Postgres of a drill's own, to be killed and started again. `cargo xtask postgres` makes it and clears it away.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use crate::size;
use crate::support::Setup;
use crate::support::settings::beside_us;
use crate::support::stores::{Database, psql};

/// Prints where the cluster is, and ends with its input.
const KEEP: &str = "echo \"url=$TEST_DATABASE_URL\"; cat";
/// How long a start or a stop may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster whose commits are asynchronous unless a connection asks for more, and that then writes them seldom.
pub(crate) struct Cluster {
    pub(crate) url: Url,
    folder: PathBuf,
    keeper: Child,
    /// The server, once it is one that we started.
    server: Option<Child>,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let xtask = beside_us("xtask");
        assert!(
            xtask.exists(),
            "{} is not built; `cargo build -p xtask` builds it",
            xtask.display()
        );
        let mut command = Command::new(xtask);
        command.args(["postgres", "--", "sh", "-c", KEEP]);
        command.env_remove("TEST_DATABASE_URL");
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = streams.spawn().unwrap();
        let lines = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let url = lines.find_map(|line| Some(line.strip_prefix("url=")?.to_owned()));
        let url = url.expect("`xtask postgres` said why it made no cluster");
        let cluster = Self {
            url: Url::parse(&url).unwrap(),
            folder: PathBuf::from(format!("/tmp/grantor-postgres-{}", keeper.id())),
            keeper,
            server: None,
        };
        // A crash then loses ten seconds of what was not flushed at its commit, and not two hundred milliseconds.
        for statement in [
            "ALTER SYSTEM SET wal_writer_delay = '10s'",
            "SELECT pg_reload_conf()",
        ] {
            psql(&cluster.url, statement);
        }
        assert_eq!(psql(&cluster.url, "SHOW synchronous_commit"), "off");
        cluster
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.url.port().unwrap()))
    }

    /// Settings for a server on a database of this cluster, reached through this port.
    pub(crate) fn setup_through(&self, port: u16) -> Setup {
        let database = Database::make_on(self.url.clone());
        let mut url = Url::parse(&database.url()).unwrap();
        url.set_port(Some(port)).unwrap();
        let setup = Setup::bare_on(database, TempDir::new().unwrap()).with_seeds();
        setup.set("database.url", url.as_str())
    }

    /// `kill -9` for the server and all of its processes.
    pub(crate) fn crash(&mut self) {
        let server = self.server_id();
        let mut doomed = vec![server];
        doomed.extend(children_of(server));
        for id in &doomed {
            signal("KILL", *id);
        }
        self.has_ended(&doomed);
        // Nobody has reaped the first server yet, and its successor would take it for one that runs.
        let socket = format!(".s.PGSQL.{}.lock", self.address().port());
        for left in ["data/postmaster.pid", &socket] {
            fs::remove_file(self.folder.join(left)).unwrap();
        }
    }

    /// Ends the server as an operator would who does not wait for clients.
    pub(crate) fn stop(&mut self) {
        let server = self.server_id();
        signal("INT", server);
        self.has_ended(&[server]);
    }

    /// Starts the server again, as it was started first, and waits until it accepts connections.
    pub(crate) fn start_again(&mut self) {
        let data = self.folder.join("data");
        let owner = fs::metadata(&data).unwrap();
        let line = fs::read_to_string(data.join("postmaster.opts")).unwrap();
        let mut words = line.split_whitespace().map(|word| word.trim_matches('"'));
        let mut command = Command::new(words.next().unwrap());
        command.args(words).process_group(0).current_dir("/");
        if owner.uid() != fs::metadata("/proc/self").unwrap().uid() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let log = File::options()
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        let streams = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap());
        let server = streams.stderr(log).spawn().unwrap();
        let id = server.id();
        self.server = Some(server);
        self.until("Postgres does not start again", || {
            let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            let ours = text.lines().next() == Some(&id.to_string());
            ours && text.lines().any(|line| line.trim() == "ready")
        });
    }

    fn server_id(&self) -> u32 {
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        text.lines().next().unwrap().parse().unwrap()
    }

    fn has_ended(&mut self, ids: &[u32]) {
        if let Some(mut server) = self.server.take() {
            server.wait().unwrap();
        }
        self.until("Postgres does not end", || {
            ids.iter().all(|id| is_gone(*id))
        });
    }

    fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "{what}:\n{}", log());
            size::pass(Duration::from_millis(10));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            signal("QUIT", server.id());
            let _reaped = server.wait();
        }
        drop(self.keeper.stdin.take());
        let _it_has_cleared_away = self.keeper.wait();
    }
}

fn signal(name: &str, id: u32) {
    let mut kill = Command::new("kill");
    kill.args(["-s", name, &id.to_string()]);
    let _it_may_have_ended = kill.stderr(Stdio::null()).status();
}

/// The state and the parent of a process (`proc(5)`).
fn stat(id: u32) -> Option<(String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// Whether it has ended. One that nobody has reaped yet holds nothing any more.
fn is_gone(id: u32) -> bool {
    stat(id).is_none_or(|(state, _)| state == "Z")
}

fn children_of(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| stat(*id).is_some_and(|(_, of)| of == parent))
        .collect()
}
