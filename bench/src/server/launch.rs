//! How a server is started, and what it makes of its store first.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::ceiling::Cost;
use crate::failure::{Context as _, Outcome};
use crate::store::Store;

/// `bench` and `benchsecret`, for HTTP Basic: its access tokens are opaque.
pub(crate) const CLIENT: &str = "Basic YmVuY2g6YmVuY2hzZWNyZXQ=";

/// `bench-jwt` and `benchsecret`, for HTTP Basic: its access tokens are JWTs.
pub(crate) const JWT_CLIENT: &str = "Basic YmVuY2gtand0OmJlbmNoc2VjcmV0";

/// `administrator` and `benchsecret`, for HTTP Basic.
pub(crate) const ADMINISTRATOR: &str = "Basic YWRtaW5pc3RyYXRvcjpiZW5jaHNlY3JldA==";

const LOGIN: &str = include_str!("login.yaml");
const ADMINISTRATION: &str = include_str!("administration.yaml");

/// The same for every run, so that a Postgres can be used again. It protects nothing.
const MASTER_KEY: &str = "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmU=";

/// How to start a server.
#[derive(Clone, Copy)]
pub(crate) struct Launch<'a> {
    /// The program.
    pub(crate) binary: &'a Path,
    /// Where its log, bundle and SQLite file are.
    pub(crate) folder: &'a Path,
    /// What it stores to.
    pub(crate) store: &'a Store,
    /// What its hashes cost.
    pub(crate) cost: Cost,
    /// How it signs. A store keeps the keys it was first started with.
    pub(crate) signing: Signing,
    /// Threads that hash.
    pub(crate) hash_threads: usize,
    /// What it is to make. Looking whether a user is as it should be takes a hash.
    pub(crate) bundle: Bundle,
    /// When it clears sessions away.
    pub(crate) clearing: Clearing,
}

/// When a server clears sessions away that have ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clearing {
    /// As it is delivered: after a month.
    AfterRetention,
    /// Not while it is measured.
    Never,
    /// From its second second on, all that have ended.
    AtOnce,
}

/// What a server makes when it starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bundle {
    /// Nothing.
    None,
    /// Two clients, and a user that can log in.
    Login,
    /// These, and a client that may do everything.
    Administration,
}

/// How JWTs are signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signing {
    /// ECDSA over P-256, the default.
    Es256,
    /// RSA of 2048 bits.
    Rs256,
}

impl Signing {
    /// As the specifications call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
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

    /// The process to start.
    pub(super) fn command(&self, address: SocketAddr, ops_address: SocketAddr) -> Outcome<Command> {
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
            ("TOKENS__SIGNING_ALGORITHM", self.signing.name().to_owned()),
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
        let interval = match self.clearing {
            Clearing::AfterRetention => None,
            Clearing::Never => Some("86400"),
            Clearing::AtOnce => Some("1"),
        };
        if let Some(interval) = interval {
            command.env("GRANTOR__SESSIONS__REAP_INTERVAL", interval);
            command.env("GRANTOR__SESSIONS__RETENTION", "1");
        }
        if let Some(bundle) = self.bundle() {
            let path = self.folder.join("bundle.yaml");
            fs::write(&path, bundle).context(format_args!("cannot write {}", path.display()))?;
            command.env("GRANTOR__BOOTSTRAP__BUNDLE", path);
        }
        Ok(command)
    }

    fn bundle(&self) -> Option<String> {
        let login = LOGIN.replace("{user}", &self.user());
        match self.bundle {
            Bundle::None => None,
            Bundle::Login => Some(login),
            Bundle::Administration => Some(login + ADMINISTRATION),
        }
    }
}
