//! Making the cluster and running its server.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::background;
use crate::failure::{Context as _, Failure};

use super::Durability;
use super::account::Account;
use super::binaries::Binaries;
use super::folder::Folder;

/// The cluster's administrator.
pub(crate) const SUPERUSER: &str = "grantor_tests";

/// How long the server may take to accept connections.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long it may take to end after the watchdog told it to.
const STOP_LIMIT: Duration = Duration::from_secs(15);
/// A port that was free may be taken before the server binds it.
const ATTEMPTS: u32 = 3;

/// The `postgres` process.
pub(crate) struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts the server on a free port and waits until it takes connections.
    pub(crate) fn start(
        binaries: &Binaries,
        folder: &Folder,
        account: &Account,
        durability: Durability,
    ) -> Result<Self, Failure> {
        let log = folder.path().join("log");
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            let mut command = account.command(&binaries.postgres());
            command.args(settings(folder.path(), port, durability));
            let mut server = Self {
                process: in_background(&mut command, &log)?,
                port,
            };
            if server.becomes_ready(&folder.path().join("data/postmaster.pid")) {
                return Ok(server);
            }
        }
        Err(Failure::new(format!(
            "Postgres does not start. Its log ends with:\n{}",
            tail(&log)
        )))
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The last line of its pid file is how the server tells `pg_ctl`, and us, that it is ready.
    fn becomes_ready(&mut self, pid_file: &Path) -> bool {
        background::becomes(&mut self.process, START_LIMIT, || {
            fs::read_to_string(pid_file)
                .is_ok_and(|text| text.lines().any(|line| line.trim() == "ready"))
        })
    }
}

impl Drop for Server {
    /// The watchdog has told the server to stop; one that does not is killed.
    fn drop(&mut self) {
        background::end(&mut self.process, STOP_LIMIT);
    }
}

/// Makes the cluster in the folder; returns the administrator's password.
pub(crate) fn initialise(
    binaries: &Binaries,
    folder: &Folder,
    account: &Account,
) -> Result<String, Failure> {
    let log = folder.path().join("log");
    let password = background::random_password().context("cannot read /dev/urandom")?;
    let password_file = folder.path().join("password");
    fs::write(&password_file, &password).context("cannot write the administrator's password")?;
    account
        .take_over(&password_file)
        .context("cannot give away the administrator's password")?;

    let mut command = account.command(&binaries.initdb());
    command
        .arg("--pgdata")
        .arg(folder.path().join("data"))
        .arg("--pwfile")
        .arg(&password_file);
    command.args(["--username", SUPERUSER, "--auth", "scram-sha-256"]);
    command.args(["--encoding", "UTF8", "--locale", "C", "--no-sync"]);
    let status = in_background(&mut command, &log)?
        .wait()
        .context("cannot wait for initdb")?;
    if status.success() {
        return Ok(password);
    }
    Err(Failure::new(format!(
        "initdb ended with {status}. Its output ends with:\n{}",
        tail(&log)
    )))
}

fn settings(folder: &Path, port: u16, durability: Durability) -> Vec<String> {
    let mut settings = vec![
        "-D".to_owned(),
        folder.join("data").display().to_string(),
        "-k".to_owned(),
        folder.display().to_string(),
        "-p".to_owned(),
        port.to_string(),
    ];
    let mut set = |setting: &str| settings.extend(["-c".to_owned(), setting.to_owned()]);
    set("listen_addresses=127.0.0.1");
    set("max_connections=300");
    if durability == Durability::Off {
        set("fsync=off");
        set("full_page_writes=off");
        // A connection that needs durable commits must ask for them itself, and tests see whether it did.
        set("synchronous_commit=off");
    }
    settings
}

fn in_background(command: &mut Command, log: &Path) -> Result<Child, Failure> {
    let log = File::options()
        .create(true)
        .append(true)
        .open(log)
        .context("cannot open the server's log")?;
    let errors = log.try_clone().context("cannot open the server's log")?;
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .spawn()
        .context(format_args!("cannot start {program}"))
}

fn free_port() -> Result<u16, Failure> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener
        .local_addr()
        .context("no free port on 127.0.0.1")?
        .port())
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last: Vec<&str> = lines.into_iter().rev().take(10).collect();
    last.into_iter().rev().collect::<Vec<_>>().join("\n")
}
