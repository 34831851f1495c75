//! Finding the server's programs.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::process;

/// The oldest major version Grantor supports.
const OLDEST: u32 = 13;

/// `initdb` and `postgres` of one installation.
pub(crate) struct Binaries {
    folder: PathBuf,
    version: u32,
}

impl Binaries {
    /// The first installation that is complete and new enough: what `pg_config` names, then the versioned folders
    /// of Debian and Red Hat, newest first, then `PATH`.
    pub(crate) fn find() -> Result<Self, Failure> {
        candidates()
            .into_iter()
            .find_map(Self::in_folder)
            .ok_or_else(|| {
                Failure::new(format!(
                    "no Postgres {OLDEST} or newer (initdb and postgres) found on this machine"
                ))
            })
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    /// The major version.
    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    fn in_folder(folder: PathBuf) -> Option<Self> {
        if !folder.join("initdb").is_file() || !folder.join("postgres").is_file() {
            return None;
        }
        let version = process::ask(folder.join("postgres").to_str()?, &["--version"])?;
        let version = major_version(&version)?;
        (version >= OLDEST).then_some(Self { folder, version })
    }
}

/// Whether a usable server is on this machine.
pub(crate) fn is_installed() -> bool {
    Binaries::find().is_ok()
}

fn candidates() -> Vec<PathBuf> {
    let configured = process::ask("pg_config", &["--bindir"]).map(PathBuf::from);
    let debian = versioned(Path::new("/usr/lib/postgresql"), "");
    let red_hat = versioned(Path::new("/usr"), "pgsql-");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    configured
        .into_iter()
        .chain(debian)
        .chain(red_hat)
        .chain(path)
        .collect()
}

/// `<parent>/<prefix><number>/bin`, the highest number first.
fn versioned(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` is 15; `17beta2` is 17.
fn major_version(answer: &str) -> Option<u32> {
    let number = answer
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major_version;

    #[test]
    fn reads_the_major_version_of_releases_and_betas() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major_version("postgres (PostgreSQL) 17beta2"), Some(17));
        assert_eq!(major_version("not a version"), None);
    }
}
