//! A throw-away Redis: its own folder, a socket in it and no port, gone when the command ends, however it ends.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::background;
use crate::failure::{Context as _, Failure};
use crate::postgres::Account;
use crate::prerequisites::{self, Prerequisite};
use crate::{process, report};

/// Names a Redis that tests may fill.
pub(crate) const TEST_REDIS_URL: &str = "TEST_REDIS_URL";

/// How long the server may take to accept connections.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long it may take to end.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// Runs the server until the end of its own input, which comes even when we are killed, and removes the folder.
const SCRIPT: &str = r#"
redis-server --port 0 --unixsocket "$0/redis.sock" --dir "$0" --logfile "$0/log" \
    --save "" --appendonly no --daemonize no &
server=$!
cat >/dev/null
kill "$server" 2>/dev/null
wait "$server"
rm -rf "$0"
"#;

/// Whether a server is on this machine.
pub(crate) fn is_installed() -> bool {
    process::ask("redis-server", &["--version"]).is_some()
}

/// The Redis tests use: the one the environment names, or a throw-away one.
pub(crate) enum TestRedis {
    Given(String),
    Own(Server),
}

impl TestRedis {
    /// What has to be on the machine before tests can be run.
    pub(crate) fn prerequisites() -> &'static [Prerequisite] {
        if given().is_some() {
            &[]
        } else {
            &[Prerequisite::RedisServer]
        }
    }

    pub(crate) fn open() -> Result<Self, Failure> {
        if let Some(url) = given() {
            report::say(format_args!("redis: the one {TEST_REDIS_URL} names"));
            return Ok(Self::Given(url));
        }
        Server::start().map(Self::Own)
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Given(url) => url.clone(),
            Self::Own(server) => format!("redis+unix://{}", server.socket().display()),
        }
    }
}

fn given() -> Option<String> {
    let url = std::env::var_os(TEST_REDIS_URL)?.into_string().ok();
    url.filter(|url| !url.is_empty())
}

/// A running server; dropping it stops it and removes its folder.
pub(crate) struct Server {
    process: Child,
    folder: PathBuf,
}

impl Server {
    fn start() -> Result<Self, Failure> {
        prerequisites::ensure(&[Prerequisite::RedisServer])?;
        let started = Instant::now();
        let account = Account::unprivileged()?;
        let folder = make_folder(&account)?;
        let process = account
            .command(Path::new("/bin/sh"))
            .args(["-c", SCRIPT])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start redis-server with /bin/sh")?;
        let mut server = Self { process, folder };
        let socket = server.socket();
        let is_ready = || UnixStream::connect(&socket).is_ok();
        if !background::becomes(&mut server.process, START_LIMIT, is_ready) {
            let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
            return Err(Failure::new(format!(
                "Redis does not start. Its log:\n{log}"
            )));
        }
        report::say(format_args!(
            "redis: a throw-away Redis on {}{}, ready in {}",
            socket.display(),
            account
                .name()
                .map(|name| format!(" as user {name}"))
                .unwrap_or_default(),
            report::seconds(started.elapsed()),
        ));
        Ok(server)
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("redis.sock")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        background::end(&mut self.process, STOP_LIMIT);
    }
}

/// Short enough for a socket's name, and open to every account, which `TMPDIR` need not be.
fn make_folder(account: &Account) -> Result<PathBuf, Failure> {
    let folder = Path::new("/tmp").join(format!("grantor-redis-{}", std::process::id()));
    DirBuilder::new()
        .mode(0o700)
        .create(&folder)
        .context(format_args!("cannot make {}", folder.display()))?;
    account
        .take_over(&folder)
        .context(format_args!("cannot give away {}", folder.display()))?;
    Ok(folder)
}
