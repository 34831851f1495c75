//! `cargo xtask redis -- <program> [arguments]`

use std::process::Command;

use crate::failure::Failure;
use crate::{process, redis};

/// Runs a program with `TEST_REDIS_URL` set to a throw-away Redis.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let arguments = arguments
        .strip_prefix(&["--".to_owned()])
        .unwrap_or(arguments);
    let Some((program, rest)) = arguments.split_first() else {
        return Err(Failure::usage(
            "cargo xtask redis -- <program> [arguments]: no program given",
        ));
    };
    let redis = redis::TestRedis::open()?;
    process::run(
        Command::new(program)
            .args(rest)
            .env(redis::TEST_REDIS_URL, redis.url()),
    )
}
