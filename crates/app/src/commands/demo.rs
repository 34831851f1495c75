//! `grantor demo`: the main job, seen in a minute. It leaves nothing behind.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use actix_web::rt::System;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;

use crate::config::{Config, Sources};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::shutdown;
use crate::telemetry;
use crate::wiring::Machine;

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

/// Shows a password grant on a server that forgets everything when it stops.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Address to serve on; loopback only, for everybody knows these passwords.
    #[arg(long, default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// Stop after the grant instead of serving on.
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(super) fn run(&self) -> Result<(), Failure> {
        if !self.bind.ip().is_loopback() {
            return Err(Failure::say(format!(
                "the demo's passwords are public: it serves on loopback only, not on {}",
                self.bind
            )));
        }
        let folder = DemoFolder::create()?;
        let config = self.config(&folder.0)?;
        let _it_stays = telemetry::start_logging(&config.log);
        System::new().block_on(self.show(&config))
    }

    fn config(&self, folder: &Path) -> Result<Config, Failure> {
        let unusable = |error| Failure::new("cannot write the demo's files", error);
        let bundle = folder.join("bundle.yaml");
        std::fs::write(&bundle, BUNDLE).map_err(unusable)?;
        let secret = |name: &str, secret: &str| {
            let path = folder.join(name);
            let made = crate::config::secret_file::create(&path, secret);
            made.map_err(|error| Failure::new("cannot write the demo's files", error))?;
            Ok::<_, Failure>(path.display().to_string())
        };
        let text = |path: &Path| path.display().to_string();
        let variables = [
            ("GRANTOR__SERVER__BIND", self.bind.to_string()),
            ("GRANTOR__SERVER__OPS_BIND", String::new()),
            (
                "GRANTOR__DATABASE__URL",
                format!("sqlite:{}", text(&folder.join("demo.db"))),
            ),
            ("GRANTOR__BOOTSTRAP__BUNDLE", text(&bundle)),
            (
                "GRANTOR__BOOTSTRAP__ADMIN_CLIENT_SECRET_FILE",
                secret("root.secret", "rootsecret")?,
            ),
            (
                "GRANTOR__BOOTSTRAP__ADMIN_PASSWORD_FILE",
                secret("admin.password", "adminpassword")?,
            ),
            ("GRANTOR__LOG__LEVEL", "warn".to_owned()),
        ];
        let variables = variables
            .map(|(key, value)| (key.to_owned(), value))
            .to_vec();
        Ok(Config::load(Sources {
            file: None,
            variables: Some(variables),
        })?)
    }

    async fn show(&self, config: &Config) -> Result<(), Failure> {
        let serving = Serving::start(config, &Machine::default())?;
        let address = serving
            .addresses
            .first()
            .copied()
            .ok_or_else(|| Failure::say("nothing is served"))?;
        let (signalled, stop) = (shutdown::signalled()?, serving.stopper());
        let grant = tokio::task::spawn_blocking(move || password_grant(address));
        let running = actix_web::rt::spawn(serving.run());
        let shown = grant
            .await
            .map_err(|error| Failure::new("the demo broke off", error))?;
        super::print(&story(address, &shown?))?;
        if self.once {
            stop.stop().await;
        } else {
            super::print("\nServing until Ctrl-C.\n")?;
            signalled.await;
            stop.stop().await;
        }
        running
            .await
            .map_err(|error| Failure::new("the server broke off", error))?
    }
}

/// The request and the answer, byte for byte.
struct Exchange {
    request: String,
    answer: String,
}

fn password_grant(address: SocketAddr) -> Result<Exchange, Failure> {
    let failed = |error| Failure::new("the demo's own request failed", error);
    let body = "grant_type=password&username=user&password=password";
    let request = format!(
        "POST /auth/token HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        STANDARD.encode("myapp:verysecret"),
        body.len()
    );
    let mut stream = TcpStream::connect(address).map_err(failed)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .map_err(failed)?;
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(failed)?;
    if answer.starts_with("HTTP/1.1 200") {
        Ok(Exchange { request, answer })
    } else {
        Err(Failure::say(format!(
            "the demo's own request was refused:\n{answer}"
        )))
    }
}

fn story(address: SocketAddr, exchange: &Exchange) -> String {
    let indent = |text: &str| text.replace("\r\n", "\n").replace('\n', "\n    ");
    format!(
        "A client (myapp / verysecret) exchanges a user's name and password for tokens:\n\n    {}\n\n\
         Grantor answers:\n\n    {}\n\n\
         Try next:\n\
         \x20 # the same with curl\n\
         \x20 curl -u myapp:verysecret http://{address}/auth/token -d grant_type=password -d username=user -d password=password\n\
         \x20 # who is it? (put the access token in TOKEN)\n\
         \x20 curl -H \"Authorization: Bearer $TOKEN\" http://{address}/auth/userinfo\n\
         \x20 # which sessions are there?\n\
         \x20 curl -u root:rootsecret http://{address}/Session\n\
         \x20 # close it: both tokens are dead at once\n\
         \x20 curl -X DELETE -H \"Authorization: Bearer $TOKEN\" http://{address}/Session\n\
         \x20 # see and administer all of it: sign in as admin / adminpassword\n\
         \x20 http://{address}/console\n\
         \x20 # the whole API\n\
         \x20 http://{address}/docs\n",
        indent(&exchange.request),
        indent(&exchange.answer)
    )
}

/// A private folder that goes away with the demo.
struct DemoFolder(std::path::PathBuf);

impl DemoFolder {
    fn create() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("grantor-demo-{}", std::process::id()));
        let mut builder = std::fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&path)
            .map_err(|error| Failure::new("cannot make the demo's folder", error))?;
        Ok(Self(path))
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        let _nothing_of_value_is_left = std::fs::remove_dir_all(&self.0);
    }
}
