//! `cargo xtask bench [arguments of the bench program]`

use std::process::Command;

use crate::failure::Failure;
use crate::postgres::{Cluster, Durability};
use crate::prerequisites::{self, Prerequisite};
use crate::{process, report, workspace};

/// Names the database the bench writes to.
const BENCH_DATABASE_URL: &str = "BENCH_DATABASE_URL";
/// Where the bench finds the server it drives.
const BENCH_GRANTOR_BINARY: &str = "BENCH_GRANTOR_BINARY";

/// Runs the bench program in release mode, beside a Postgres that flushes what it acknowledges.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    prerequisites::ensure(&[
        Prerequisite::CCompiler,
        Prerequisite::Libpq,
        Prerequisite::Wrk,
        Prerequisite::SqlShells,
    ])?;
    // Server and bench in one build, so that they share one set of features.
    report::step("build", || {
        let mut cargo = workspace::cargo();
        process::run(cargo.args([
            "build",
            "--release",
            "--bins",
            "--package",
            "grantor-app",
            "--package",
            "bench",
        ]))
    })?;
    let built = workspace::target_directory()?.join("release");
    let mut bench = Command::new(built.join("bench"));
    bench.args(arguments).current_dir(workspace::root());
    bench.env(BENCH_GRANTOR_BINARY, built.join("grantor"));
    if std::env::var_os(BENCH_DATABASE_URL).is_some() {
        report::say(format_args!("postgres: the one {BENCH_DATABASE_URL} names"));
        return process::run(&mut bench);
    }
    let cluster = Cluster::start(Durability::Full)?;
    process::run(bench.env(BENCH_DATABASE_URL, cluster.url()))
}
