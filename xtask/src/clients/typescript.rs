//! The TypeScript tools, on Node.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::folder::{self, Folder};
use crate::node;

use super::sources;

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
        folder::copy(&SOURCES, &sources::of("typescript"), &self.folder)
    }
}

/// Installs what `package-lock.json` names.
pub(crate) fn install(folder: &Folder) -> Result<Node, Failure> {
    let into = folder.join("typescript");
    node::install("TypeScript", &sources::of("typescript"), &into)?;
    Ok(Node { folder: into })
}
