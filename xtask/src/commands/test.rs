//! `cargo xtask test [arguments of cargo test]`

use crate::failure::Failure;
use crate::{postgres, prerequisites, process, report, workspace};

/// Where the acceptance tests find the program they drive.
const BINARY: &str = "TEST_GRANTOR_BINARY";

/// Runs every test of the workspace on SQLite and on Postgres, and counts them.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    prerequisites::ensure(postgres::TestDatabase::prerequisites())?;
    let binary = report::step("build", workspace::build_grantor)?;
    let database = postgres::TestDatabase::open()?;
    let mut count = Count::default();
    let outcome = report::step("cargo test", || {
        let mut cargo = workspace::cargo();
        cargo
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(arguments);
        cargo
            .env(postgres::TEST_DATABASE_URL, database.url())
            .env(BINARY, &binary);
        process::run_looking(&mut cargo, |line| count.add(line))
    });
    report::say(format_args!(
        "tests: {} passed, {} failed, {} ignored",
        count.passed, count.failed, count.ignored
    ));
    if outcome.is_ok() && count.ignored > 0 {
        return Err(Failure::new(
            "no test may be skipped: mend or remove those that are ignored",
        ));
    }
    outcome
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
