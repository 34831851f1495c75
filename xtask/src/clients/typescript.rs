//! Node, and the TypeScript tools below it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::{process, report};

use super::folder::{self, Folder};
use super::tools;

/// The oldest major version the tools run on.
const OLDEST: u32 = 18;

const SOURCES: [&str; 4] = [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "scenario.ts",
];

/// A folder with `node_modules` in it.
pub(crate) struct Node {
    folder: PathBuf,
}

impl Node {
    /// `node` with a program of these tools.
    pub(crate) fn tool(&self, script: &str) -> Command {
        let mut node = Command::new("node");
        node.arg(self.folder.join(script)).current_dir(&self.folder);
        node
    }

    /// Takes the scenario as it is now.
    pub(crate) fn copy_sources(&self) -> Result<(), Failure> {
        folder::copy(&SOURCES, &folder::sources("typescript"), &self.folder)
    }
}

/// Whether Node is new enough and has npm beside it.
pub(crate) fn is_there() -> bool {
    version().is_some_and(|version| major(&version) >= OLDEST)
        && process::ask("npm", &["--version"]).is_some()
}

/// Installs what `package-lock.json` names, and runs none of its scripts.
pub(crate) fn install(folder: &Folder) -> Result<Node, Failure> {
    let into = folder.join("typescript");
    let lock = folder::sources("typescript").join("package-lock.json");
    let version = version().unwrap_or_default();
    tools::install_once(&into, &lock, &version, |into| {
        report::step("install the TypeScript tools", || npm_ci(into))
    })?;
    Ok(Node { folder: into })
}

fn npm_ci(into: &Path) -> Result<(), Failure> {
    folder::copy(&SOURCES, &folder::sources("typescript"), into)?;
    let mut npm = Command::new("npm");
    npm.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    process::run(npm.current_dir(into))
}

fn version() -> Option<String> {
    process::ask("node", &["--version"])
}

/// `v20.20.2` is 20.
fn major(version: &str) -> u32 {
    let number = version.trim_start_matches('v').split('.').next();
    number.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("v20.20.2"), 20);
        assert_eq!(major("nothing"), 0);
    }
}
