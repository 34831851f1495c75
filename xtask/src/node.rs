//! Node.js, and tools from npm.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::{folder, process, report, tools};

/// The oldest major version the tools run on.
const OLDEST: u32 = 18;

const LOCK: &str = "package-lock.json";

/// Whether Node is new enough and has npm beside it.
pub(crate) fn is_there() -> bool {
    version().is_some_and(|version| major(&version) >= OLDEST)
        && process::ask("npm", &["--version"]).is_some()
}

/// Installs what the `package-lock.json` of these sources names, once, and runs none of its scripts.
pub(crate) fn install(name: &str, sources: &Path, into: &Path) -> Result<(), Failure> {
    let version = version().unwrap_or_default();
    tools::install_once(into, &sources.join(LOCK), &version, |into| {
        report::step(&format!("install the {name} tools"), || {
            folder::copy(&["package.json", LOCK], sources, into)?;
            npm_ci(into)
        })
    })
}

fn npm_ci(into: &Path) -> Result<(), Failure> {
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
