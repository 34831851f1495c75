//! The program as it was in another revision.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::folder::{self, Folder};
use crate::{process, report, workspace};

/// A revision in a worktree of its own, below cargo's target folder. Dropping it removes the worktree; what was built of
/// it stays, so that the next comparison builds less.
pub(crate) struct Revision {
    commit: String,
    folder: Folder,
}

impl Revision {
    /// Checks the revision out, below a folder of this name.
    pub(crate) fn check_out(name: &str, below: &str) -> Result<Self, Failure> {
        let commit = format!("{name}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--end-of-options", &commit];
        let commit = process::capture(git().args(arguments))?;
        let revision = Self {
            commit: commit.trim().to_owned(),
            folder: Folder::open(below)?,
        };
        // A run that was killed has left its own.
        revision.remove()?;
        let mut add = git();
        add.args(["worktree", "add", "--quiet", "--detach"]);
        add.arg(revision.tree()).arg(&revision.commit);
        process::run(&mut add)?;
        Ok(revision)
    }

    /// Builds its program, with the arguments ours is built with, which make this profile; answers where it is.
    pub(crate) fn build(&self, profile: &str, arguments: &[&str]) -> Result<PathBuf, Failure> {
        let target = self.folder.join("target");
        let short = self.commit.get(..12).unwrap_or(&self.commit);
        report::step(&format!("build {short}"), || {
            let mut cargo = workspace::cargo();
            cargo.current_dir(self.tree());
            cargo.env("CARGO_TARGET_DIR", &target).args(arguments);
            process::run(&mut cargo)
        })?;
        Ok(target.join(profile).join("grantor"))
    }

    fn tree(&self) -> PathBuf {
        self.folder.join("tree")
    }

    fn remove(&self) -> Result<(), Failure> {
        folder::remove(&self.tree())?;
        process::run(git().args(["worktree", "prune"]))
    }
}

impl Drop for Revision {
    fn drop(&mut self) {
        if let Err(failure) = self.remove() {
            report::error(&failure);
        }
    }
}

fn git() -> Command {
    let mut git = Command::new("git");
    git.current_dir(workspace::root());
    git
}
