//! `cargo xtask ci`

use crate::commands::{deny, generate, test};
use crate::failure::Failure;
use crate::{prerequisites, process, report, workspace};

/// A check, and what its failure should be answered with.
struct Check {
    name: &'static str,
    run: fn() -> Result<(), Failure>,
    remedy: &'static str,
}

/// What fails fastest comes first; nothing is compiled twice.
const CHECKS: [Check; 7] = [
    Check {
        name: "fmt",
        run: fmt,
        remedy: "run `cargo fmt --all`",
    },
    Check {
        name: "deny",
        run: || deny::run(&[]),
        remedy: "the rules and their reasons are in deny.toml",
    },
    Check {
        name: "tidy",
        run: tidy,
        remedy: "each failed test above says what to do",
    },
    Check {
        name: "prerequisites",
        run: prerequisites,
        remedy: "see CONTRIBUTING.md",
    },
    Check {
        name: "clippy",
        run: clippy,
        remedy: "run `cargo clippy --workspace --all-targets`",
    },
    Check {
        name: "test",
        run: || test::run(&[]),
        remedy: "run `cargo xtask test`",
    },
    Check {
        name: "generate --check",
        run: || generate::run(&["--check".to_owned()]),
        remedy: "run `cargo xtask generate`",
    },
];

/// Runs every check a change must pass, and stops at the first that fails.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if !arguments.is_empty() {
        return Err(Failure::usage("cargo xtask ci takes no arguments"));
    }
    for check in CHECKS {
        report::step(check.name, check.run).map_err(|failure| {
            Failure::new(format!("{}: {failure}\n{}", check.name, check.remedy))
        })?;
    }
    report::say("ci: everything passed");
    Ok(())
}

fn fmt() -> Result<(), Failure> {
    process::run(workspace::cargo().args(["fmt", "--all", "--", "--check"]))
}

fn tidy() -> Result<(), Failure> {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--quiet", "--package", "xtask"]);
    // A backtrace would bury the sentence that says what to do.
    process::run(cargo.env("RUST_BACKTRACE", "0"))
}

fn prerequisites() -> Result<(), Failure> {
    prerequisites::ensure(&test::prerequisites())
}

fn clippy() -> Result<(), Failure> {
    process::run(workspace::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}
