//! `cargo xtask clients`

use crate::clients;
use crate::failure::Failure;
use crate::prerequisites::{self, Prerequisite};
use crate::{report, workspace};

/// Runs the scenarios of generated clients alone; `cargo xtask test` runs them too.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if !arguments.is_empty() {
        return Err(Failure::usage("cargo xtask clients takes no arguments"));
    }
    let to_build = &[Prerequisite::CCompiler, Prerequisite::Libpq];
    prerequisites::ensure(&[to_build, clients::PREREQUISITES].concat())?;
    let grantor = report::step("build", workspace::build_grantor)?;
    let verdict = clients::run(&grantor)?;
    report::say(format_args!(
        "clients: {} passed, {} failed",
        verdict.passed, verdict.failed
    ));
    verdict.into_result(clients::FAILED)
}
