//! `cargo xtask postgres -- <program> [arguments]`

use crate::failure::Failure;
use crate::{postgres, process};

/// Runs a program with `TEST_DATABASE_URL` set to a throw-away Postgres.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut program = process::given("postgres", arguments)?;
    let database = postgres::TestDatabase::open()?;
    process::run(program.env(postgres::TEST_DATABASE_URL, database.url()))
}
