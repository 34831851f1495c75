//! `cargo xtask demo [arguments of grantor demo]`

use std::process::Command;

use crate::failure::Failure;
use crate::prerequisites::{self, Prerequisite};
use crate::{process, report, workspace};

/// Builds Grantor and runs its demonstration: one password grant over HTTP, then it serves on.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    prerequisites::ensure(&[Prerequisite::CCompiler, Prerequisite::Libpq])?;
    let binary = report::step("build", workspace::build_grantor)?;
    process::run(Command::new(binary).arg("demo").args(arguments))
}
