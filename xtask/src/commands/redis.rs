//! `cargo xtask redis -- <program> [arguments]`

use crate::failure::Failure;
use crate::{process, redis};

/// Runs a program with `TEST_REDIS_URL` set to a throw-away Redis.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut program = process::given("redis", arguments)?;
    let redis = redis::TestRedis::open()?;
    process::run(program.env(redis::TEST_REDIS_URL, redis.url()))
}
