//! A server that one scenario, or one subject of the browser tests, has for itself.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::background::{self, random_password};
use crate::failure::{Context as _, Failure};
use crate::folder;

/// How long the server may take to become ready on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long it may take to end once it was told to.
const STOP_LIMIT: Duration = Duration::from_secs(15);
/// A port that was free may be taken before the server binds it.
const ATTEMPTS: u32 = 3;

/// Client through which user `admin` logs in.
const CLIENT: &str = "scenario";

/// Ends a process when its input closes, which it does even when we are killed.
const WATCHDOG: &str = "cat >/dev/null\nkill \"$0\"";

/// The program, running on a database that is removed with it.
pub(crate) struct Server {
    process: Child,
    watchdog: Child,
    folder: PathBuf,
    secrets: Secrets,
    ports: Ports,
}

/// Where one server listens.
#[derive(Clone, Copy)]
struct Ports {
    public: u16,
    operations: u16,
}

/// What the administrators of one server show.
struct Secrets {
    root: String,
    admin: String,
    client: String,
}

impl Server {
    /// Starts the program on free ports, with everything it needs below this folder, and waits until it says that
    /// it is ready.
    pub(crate) fn start(grantor: &Path, below: &Path) -> Result<Self, Failure> {
        let mut log = String::new();
        for _ in 0..ATTEMPTS {
            let folder = below.join("server");
            folder::empty(&folder)?;
            let mut server = Self::spawn(grantor, folder)?;
            if server.becomes_ready() {
                return Ok(server);
            }
            log = server.log();
        }
        Err(Failure::new(format!("the server does not start:\n{log}")))
    }

    /// Tells a program where the server is and who may do everything there.
    pub(crate) fn introduce(&self, command: &mut Command) {
        command
            .env("GRANTOR_URL", self.url())
            .env("GRANTOR_ROOT_SECRET", &self.secrets.root)
            .env("GRANTOR_ADMIN_PASSWORD", &self.secrets.admin)
            .env("GRANTOR_CLIENT", CLIENT)
            .env("GRANTOR_CLIENT_SECRET", &self.secrets.client);
    }

    /// Where it answers, without a trailing slash.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.public)
    }

    /// What it wrote so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn spawn(grantor: &Path, folder: PathBuf) -> Result<Self, Failure> {
        let secrets = Secrets::new().context("cannot read /dev/urandom")?;
        let ports = Ports::free().context("no free port on 127.0.0.1")?;
        secrets
            .write(&folder)
            .context("cannot write the server's secrets")?;
        let log = File::create(folder.join("log")).context("cannot make the server's log")?;
        let errors = log.try_clone().context("cannot open the server's log")?;
        let mut command = Command::new(grantor);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GRANTOR__") {
                command.env_remove(name);
            }
        }
        for (key, value) in settings(&folder, ports) {
            let name = key.replace('.', "__").to_uppercase();
            command.env(format!("GRANTOR__{name}"), value);
        }
        command.arg("serve").stdin(Stdio::null());
        let mut process = command
            .stdout(log)
            .stderr(errors)
            .spawn()
            .context("cannot start the server")?;
        let watchdog = watch(&process).inspect_err(|_| {
            let _it_has_ended = process.kill();
        })?;
        Ok(Self {
            process,
            watchdog,
            folder,
            secrets,
            ports,
        })
    }

    fn becomes_ready(&mut self) -> bool {
        let port = self.ports.operations;
        background::becomes(&mut self.process, START_LIMIT, || {
            is_ready(port).is_ok_and(|ready| ready)
        })
    }
}

impl Drop for Server {
    /// The watchdog tells the server to stop; one that does not is killed.
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _it_has_ended = self.watchdog.wait();
        background::end(&mut self.process, STOP_LIMIT);
        // What is left is removed by the next start.
        let _it_is_gone = folder::remove(&self.folder);
    }
}

impl Ports {
    fn free() -> std::io::Result<Self> {
        let any = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let (public, operations) = (any()?, any()?);
        Ok(Self {
            public: public.local_addr()?.port(),
            operations: operations.local_addr()?.port(),
        })
    }
}

impl Secrets {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            root: random_password()?,
            admin: random_password()?,
            client: random_password()?,
        })
    }

    /// Into the files that the settings name.
    fn write(&self, folder: &Path) -> std::io::Result<()> {
        let bundle = serde_json::json!({
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [{ "resource": {
                "resourceType": "Client",
                "id": CLIENT,
                "secret": self.client,
                "grant_types": ["password"],
            }}],
        });
        write_secret(&folder.join("root.secret"), &self.root)?;
        write_secret(&folder.join("admin.password"), &self.admin)?;
        write_secret(&folder.join("bundle.json"), &bundle.to_string())
    }
}

fn write_secret(file: &Path, content: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    file.write_all(content.as_bytes())
}

/// Cheap hashes and no throttle: thousands of logins are ahead, and none may find the server overloaded.
fn settings(folder: &Path, ports: Ports) -> Vec<(&'static str, String)> {
    let file = |name: &str| folder.join(name).display().to_string();
    let address = |port: u16| format!("127.0.0.1:{port}");
    vec![
        ("server.bind", address(ports.public)),
        ("server.ops_bind", address(ports.operations)),
        ("server.shutdown_timeout", "2".to_owned()),
        ("database.url", format!("sqlite:{}", file("grantor.db"))),
        ("database.connection_timeout_ms", "30000".to_owned()),
        ("bootstrap.bundle", file("bundle.json")),
        ("bootstrap.admin_client_secret_file", file("root.secret")),
        ("bootstrap.admin_password_file", file("admin.password")),
        ("passwords.allow_weak_parameters", "true".to_owned()),
        ("passwords.argon2_m_cost", "64".to_owned()),
        ("passwords.argon2_t_cost", "1".to_owned()),
        ("passwords.max_wait_ms", "30000".to_owned()),
        ("throttle.enabled", "false".to_owned()),
        ("log.level", "warn".to_owned()),
    ]
}

fn watch(process: &Child) -> Result<Child, Failure> {
    Command::new("/bin/sh")
        .args(["-c", WATCHDOG, &process.id().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the watchdog with /bin/sh")
}

/// Asks `GET /health/ready`.
fn is_ready(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1);
    Ok(status == Some("200"))
}
