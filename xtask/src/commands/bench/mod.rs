//! `cargo xtask bench [--against REV] [arguments of the bench program]`

use std::process::Command;

use crate::failure::Failure;
use crate::postgres::{Cluster, Durability};
use crate::prerequisites::{self, Prerequisite};
use crate::revision::Revision;
use crate::{process, report, workspace};

/// Names the database the bench writes to.
const BENCH_DATABASE_URL: &str = "BENCH_DATABASE_URL";
/// Where the bench finds the server it drives.
const BENCH_GRANTOR_BINARY: &str = "BENCH_GRANTOR_BINARY";
/// Where it finds another one, to compare it with.
const BENCH_AGAINST_BINARY: &str = "BENCH_AGAINST_BINARY";

/// Server and bench in one build, so that they share one set of features.
const BUILD: &[&str] = &[
    "build",
    "--release",
    "--bins",
    "--package",
    "grantor-app",
    "--package",
    "bench",
];

/// Runs the bench program in release mode, beside a Postgres that flushes what it acknowledges.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    prerequisites::ensure(&[
        Prerequisite::CCompiler,
        Prerequisite::Libpq,
        Prerequisite::Wrk,
        Prerequisite::SqlShells,
    ])?;
    let (against, arguments) = split_against(arguments)?;
    // Before anything is built: the name may be wrong.
    let against = against
        .map(|name| Revision::check_out(name, "bench-against"))
        .transpose()?;
    report::step("build", || process::run(workspace::cargo().args(BUILD)))?;
    let built = workspace::target_directory()?.join("release");
    let mut bench = Command::new(built.join("bench"));
    bench.args(arguments).current_dir(workspace::root());
    bench.env(BENCH_GRANTOR_BINARY, built.join("grantor"));
    bench.env_remove(BENCH_AGAINST_BINARY);
    if let Some(revision) = &against {
        bench.env(BENCH_AGAINST_BINARY, revision.build("release", BUILD)?);
    }
    run_beside_postgres(&mut bench)
}

fn run_beside_postgres(bench: &mut Command) -> Result<(), Failure> {
    if std::env::var_os(BENCH_DATABASE_URL).is_some() {
        report::say(format_args!("postgres: the one {BENCH_DATABASE_URL} names"));
        return process::run(bench);
    }
    let cluster = Cluster::start(Durability::Full)?;
    process::run(bench.env(BENCH_DATABASE_URL, cluster.url()))
}

/// The revision after `--against`, if any, and the arguments without both.
fn split_against(arguments: &[String]) -> Result<(Option<&str>, Vec<&str>), Failure> {
    let (mut against, mut rest) = (None, Vec::new());
    let mut arguments = arguments.iter().map(String::as_str);
    while let Some(argument) = arguments.next() {
        if argument == "--against" {
            let revision = arguments.next();
            against = Some(revision.ok_or_else(|| {
                Failure::usage("cargo xtask bench --against REV: no revision given")
            })?);
        } else {
            rest.push(argument);
        }
    }
    Ok((against, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Result<(Option<String>, String), Failure> {
        let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (against, rest) = split_against(&arguments)?;
        Ok((against.map(str::to_owned), rest.join(" ")))
    }

    #[test]
    fn the_revision_may_stand_anywhere() {
        let (against, rest) = split("--quick --against HEAD~1 refresh").unwrap();
        assert_eq!(against.as_deref(), Some("HEAD~1"));
        assert_eq!(rest, "--quick refresh");
    }

    #[test]
    fn a_revision_must_be_named() {
        assert!(split("refresh --against").is_err());
    }
}
