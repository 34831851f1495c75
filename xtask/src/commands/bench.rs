//! `cargo xtask bench [arguments of the bench program]`

use crate::failure::Failure;
use crate::postgres::{Cluster, Durability};
use crate::prerequisites::{self, Prerequisite};
use crate::{process, report, workspace};

/// Names the database the bench writes to.
const BENCH_DATABASE_URL: &str = "BENCH_DATABASE_URL";

/// Runs the bench program in release mode, beside a Postgres that flushes what it acknowledges.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    prerequisites::ensure(&[Prerequisite::CCompiler, Prerequisite::Libpq])?;
    let mut bench = workspace::cargo();
    bench
        .args(["run", "--release", "--package", "bench", "--"])
        .args(arguments);
    if std::env::var_os(BENCH_DATABASE_URL).is_some() {
        report::say(format_args!("postgres: the one {BENCH_DATABASE_URL} names"));
        return process::run(&mut bench);
    }
    report::step("build", || {
        process::run(workspace::cargo().args(["build", "--release", "--package", "bench"]))
    })?;
    let cluster = Cluster::start(Durability::Full)?;
    process::run(bench.env(BENCH_DATABASE_URL, cluster.url()))
}
