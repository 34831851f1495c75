//! `cargo xtask postgres -- <program> [arguments]`

use std::process::Command;

use crate::failure::Failure;
use crate::{postgres, process};

/// Runs a program with `TEST_DATABASE_URL` set to a throw-away Postgres.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let arguments = arguments
        .strip_prefix(&["--".to_owned()])
        .unwrap_or(arguments);
    let Some((program, rest)) = arguments.split_first() else {
        return Err(Failure::usage(
            "cargo xtask postgres -- <program> [arguments]: no program given",
        ));
    };
    let database = postgres::TestDatabase::open()?;
    process::run(
        Command::new(program)
            .args(rest)
            .env(postgres::TEST_DATABASE_URL, database.url()),
    )
}
