//! Where things are in this workspace, and how its binary is built.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::failure::{Context as _, Failure};
use crate::process;

/// The folder of the workspace's `Cargo.toml`.
///
/// Asked at run time: of two clones that share a target folder, one may run what the other compiled.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let xtask = xtask.filter(|folder| folder.ends_with("xtask"));
        let xtask = xtask.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        xtask.parent().map_or(xtask.clone(), Path::to_path_buf)
    })
}

/// The cargo that runs us, in the workspace's folder.
pub(crate) fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root());
    command
}

/// What `cargo metadata` says, with the arguments given.
pub(crate) fn metadata(arguments: &[&str]) -> Result<Value, Failure> {
    let text = process::capture(
        cargo()
            .args(["metadata", "--format-version", "1"])
            .args(arguments),
    )?;
    serde_json::from_str(&text).context("cannot read what cargo metadata says")
}

/// The folder cargo builds into.
pub(crate) fn target_directory() -> Result<PathBuf, Failure> {
    let metadata = metadata(&["--no-deps"])?;
    let folder = metadata.get("target_directory").and_then(Value::as_str);
    folder
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("cargo metadata names no target_directory"))
}

/// Builds the `grantor` binary and returns its path.
///
/// Examples are asked for because they bring in the features of dev-dependencies: the binary then shares every
/// compiled crate with `cargo test --workspace`, instead of building a second feature set.
pub(crate) fn build_grantor() -> Result<PathBuf, Failure> {
    process::run(cargo().args(["build", "--workspace", "--bins", "--examples"]))?;
    let target = target_directory()?;
    Ok(target
        .join("debug")
        .join(format!("grantor{}", std::env::consts::EXE_SUFFIX)))
}
