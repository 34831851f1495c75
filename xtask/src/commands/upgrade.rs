//! `cargo xtask upgrade --from REV`

use std::process::Command;

use crate::failure::Failure;
use crate::postgres::{self, TestDatabase};
use crate::revision::Revision;
use crate::{prerequisites, process, report, workspace};

/// Where the acceptance suite finds the program before.
const TEST_GRANTOR_BEFORE: &str = "TEST_GRANTOR_BEFORE";
const TEST_GRANTOR_BINARY: &str = "TEST_GRANTOR_BINARY";

const BUILD: &[&str] = &["build", "--bins", "--package", "grantor-app"];

/// Builds another revision, and lets its program and this one work on one Postgres, one after another and both at
/// once, while a ledger of what was acknowledged is compared with what they say.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let [flag, name] = arguments else {
        return Err(usage());
    };
    if flag != "--from" {
        return Err(usage());
    }
    prerequisites::ensure(TestDatabase::prerequisites())?;
    let revision = Revision::check_out(name, "upgrade-from")?;
    let before = revision.build("debug", BUILD)?;
    let this = report::step("build", workspace::build_grantor)?;
    let database = TestDatabase::open()?;
    let mut test: Command = workspace::cargo();
    test.args(["test", "--package", "acceptance", "upgrade::"])
        .env(TEST_GRANTOR_BEFORE, before)
        .env(TEST_GRANTOR_BINARY, this)
        .env(postgres::TEST_DATABASE_URL, database.url());
    process::run(&mut test)
}

fn usage() -> Failure {
    Failure::usage("cargo xtask upgrade --from REV")
}
