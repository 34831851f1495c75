//! Tools that cargo installs: each once for each version, below cargo's folder and never into `~/.cargo/bin`.

use std::fs;
use std::path::PathBuf;

use crate::failure::{Context as _, Failure};
use crate::folder::{self, Folder};
use crate::{process, report, workspace};

/// A program by the name of its package, at exactly this version.
#[derive(Clone, Copy)]
pub(crate) struct CargoTool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl CargoTool {
    /// Where its program is; installs it when it is not there.
    pub(crate) fn ensure(self) -> Result<PathBuf, Failure> {
        let Self { name, version } = self;
        let tools = Folder::open("tools")?;
        let whole = tools.join(&format!("{name}-{version}"));
        let program = whole.join("bin").join(name);
        if program.is_file() {
            return Ok(program);
        }
        // Moved to its place when it is whole, so that a broken install is never taken for one.
        let unfinished = tools.join(&format!("{name}-{version}.unfinished"));
        report::step(&format!("install {name} {version}"), || {
            folder::remove(&whole)?;
            folder::remove(&unfinished)?;
            let mut cargo = workspace::cargo();
            cargo.args([
                "install",
                "--quiet",
                "--locked",
                "--version",
                version,
                "--root",
            ]);
            process::run(cargo.arg(&unfinished).arg(name))
        })?;
        fs::rename(&unfinished, &whole).context(format_args!("cannot move {name}"))?;
        Ok(program)
    }
}
