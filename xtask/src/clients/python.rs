//! Python, and the tools in a virtual environment of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{process, report, tools};

use super::sources;

/// Says which version it is; fails when that is older than the lock file allows, or cannot make an environment.
const QUESTION: &str = "\
import ensurepip, sys, venv
assert sys.version_info >= (3, 11)
print(sys.executable, sys.version)";

/// The one in `PATH`, then the system's, which may be newer or more complete.
const CANDIDATES: [&str; 2] = ["python3", "/usr/bin/python3"];

/// A virtual environment.
pub(crate) struct Python {
    programs: PathBuf,
}

impl Python {
    /// A program of the environment: `python`, or one that a package brought along.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        // Neither the scenarios' folder nor what else the person has may get in.
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// Whether there is a Python that is new enough and can make environments.
pub(crate) fn is_there() -> bool {
    find().is_some()
}

/// Installs what `requirements.txt` names, by hash and without building anything.
pub(crate) fn install(folder: &Folder) -> Result<Python, Failure> {
    let (python, version) = find().ok_or_else(|| Failure::new("Python 3.11 is gone"))?;
    let into = folder.join("python");
    let lock = sources::of("python").join("requirements.txt");
    tools::install_once(&into, &lock, &version, |into| {
        report::step("install the Python tools", || {
            process::run(Command::new(python).args(["-m", "venv"]).arg(into))?;
            pip_install(into, &lock)
        })
    })?;
    Ok(Python {
        programs: into.join("bin"),
    })
}

fn pip_install(environment: &Path, lock: &Path) -> Result<(), Failure> {
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet"]);
    pip.args(["--disable-pip-version-check", "--no-input"]);
    pip.args(["--require-hashes", "--no-deps", "--only-binary", ":all:"]);
    process::run(pip.arg("--requirement").arg(lock))
}

fn find() -> Option<(&'static str, String)> {
    CANDIDATES
        .into_iter()
        .find_map(|python| Some((python, process::ask(python, &["-c", QUESTION])?)))
}
