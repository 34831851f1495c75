//! `cargo xtask test [arguments of cargo test]`

use std::path::Path;

use crate::browser::{self, Wish};
use crate::failure::Failure;
use crate::prerequisites::Prerequisite;
use crate::verdict::Verdict;
use crate::{clients, postgres, prerequisites, process, redis, report, workspace};

/// Where the acceptance tests find the program they drive.
pub(crate) const BINARY: &str = "TEST_GRANTOR_BINARY";

/// What has to be on the machine before tests can be built and run.
pub(crate) fn prerequisites() -> Vec<Prerequisite> {
    let others = [clients::PREREQUISITES, browser::PREREQUISITES].concat();
    [of_cargo_test(), others].concat()
}

/// Of these, what the tests that cargo runs need.
fn of_cargo_test() -> Vec<Prerequisite> {
    let (database, redis) = (
        postgres::TestDatabase::prerequisites(),
        redis::TestRedis::prerequisites(),
    );
    [database, redis, &[Prerequisite::OperatorsTools]].concat()
}

/// Runs every test of the workspace on SQLite and on Postgres, then generated clients and the browser, and counts them. With
/// arguments, those that `cargo test` chooses by them.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let everything = arguments.is_empty();
    prerequisites::ensure(&if everything {
        prerequisites()
    } else {
        of_cargo_test()
    })?;
    let binary = report::step("build", workspace::build_grantor)?;
    let mut count = Count::default();
    let rust = report::step("cargo test", || cargo_test(arguments, &binary, &mut count));
    let others = if everything {
        let clients = also("clients", clients::FAILED, &mut count, || {
            clients::run(&binary)
        });
        let browser = also("browser", browser::FAILED, &mut count, || {
            browser::run(&binary, &Wish::default())
        });
        clients.and(browser)
    } else {
        report::say(
            "clients, browser: left out, for these arguments are of `cargo test`; `cargo xtask clients` and \
             `cargo xtask browser` run them",
        );
        Ok(())
    };
    report::say(format_args!(
        "tests: {} passed, {} failed, {} ignored",
        count.passed, count.failed, count.ignored
    ));
    rust.and(others)?;
    if count.ignored > 0 {
        return Err(Failure::new(
            "no test may be skipped: mend or remove those that are ignored",
        ));
    }
    Ok(())
}

/// A step with tests that cargo does not count.
fn also(
    name: &str,
    failed: &str,
    count: &mut Count,
    run: impl FnOnce() -> Result<Verdict, Failure>,
) -> Result<(), Failure> {
    report::step(name, || {
        let verdict = run()?;
        count.passed += verdict.passed;
        count.failed += verdict.failed;
        verdict.into_result(failed)
    })
}

fn cargo_test(arguments: &[String], binary: &Path, count: &mut Count) -> Result<(), Failure> {
    let database = postgres::TestDatabase::open()?;
    let redis = redis::TestRedis::open()?;
    let mut cargo = workspace::cargo();
    cargo
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(arguments)
        .env(postgres::TEST_DATABASE_URL, database.url())
        .env(redis::TEST_REDIS_URL, redis.url())
        .env(BINARY, binary);
    process::run_looking(&mut cargo, |line| count.add(line))
}

/// The sums of the test programs' last lines.
#[derive(Default, Debug, PartialEq, Eq)]
struct Count {
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Count {
    /// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`; other lines say nothing.
    fn add(&mut self, line: &str) {
        let Some((_, parts)) = line
            .strip_prefix("test result: ")
            .and_then(|result| result.split_once(". "))
        else {
            return;
        };
        for part in parts.split(';') {
            let Some((number, what)) = part.trim().split_once(' ') else {
                continue;
            };
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn results_of_all_test_programs_are_summed() {
        let mut count = Count::default();
        count.add("running 3 tests");
        count.add("test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        count.add("test result: FAILED. 1 passed; 4 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s");
        assert_eq!(
            count,
            Count {
                passed: 3,
                failed: 4,
                ignored: 1
            }
        );
    }
}
