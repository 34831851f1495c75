//! Which user the server runs as: Postgres refuses to run as root.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::process;

/// The user who owns the cluster.
pub(crate) struct Account {
    uid: u32,
    gid: u32,
    /// Set when we are root and have to become somebody else.
    other: Option<&'static str>,
}

impl Account {
    /// Ourselves or, when we are root, the account Debian's packages made, or else `nobody`.
    pub(crate) fn unprivileged() -> Result<Self, Failure> {
        if !is_root() {
            let [uid, gid] = [number("-u", None), number("-g", None)];
            return match (uid, gid) {
                (Some(uid), Some(gid)) => Ok(Self {
                    uid,
                    gid,
                    other: None,
                }),
                _ => Err(Failure::new("`id` does not say who we are")),
            };
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| {
                Some(Self { uid: number("-u", Some(name))?, gid: number("-g", Some(name))?, other: Some(name) })
            })
            .ok_or_else(|| {
                Failure::new(
                    "Postgres does not run as root, and there is neither a user `postgres` nor a user `nobody`; \
                     make one with `useradd --system postgres`",
                )
            })
    }

    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// The account's name, when it is not our own.
    pub(crate) fn name(&self) -> Option<&'static str> {
        self.other
    }

    /// A command that will run as this account, in its own process group so that Ctrl-C reaches us and not it.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .process_group(0)
            .current_dir("/")
            .envs([("LC_ALL", "C")]);
        if self.other.is_some() {
            command.uid(self.uid).gid(self.gid);
        }
        for name in std::env::vars_os().map(|(name, _)| name) {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command
    }

    /// Gives a path to this account, when it is not our own.
    pub(crate) fn take_over(&self, path: &Path) -> std::io::Result<()> {
        match self.other {
            Some(_) => std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid)),
            None => Ok(()),
        }
    }
}

/// Whether we may install packages and must not run servers.
pub(crate) fn is_root() -> bool {
    number("-u", None) == Some(0)
}

fn number(what: &str, user: Option<&str>) -> Option<u32> {
    let mut arguments = vec![what];
    arguments.extend(user);
    process::ask("id", &arguments)?.parse().ok()
}
