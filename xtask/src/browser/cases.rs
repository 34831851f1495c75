//! What is said of a case that was carried out.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::report;
use crate::verdict::Verdict;

/// One line of the program in `tests/browser`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Case {
    name: String,
    elapsed: Duration,
    /// Why it failed.
    failure: Option<String>,
}

impl Case {
    /// Reads `{"case": "login: …", "milliseconds": 812, "failure": null}`; other lines are no cases.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let said: Value = serde_json::from_str(line).ok()?;
        let failure = said.get("failure").and_then(Value::as_str);
        Some(Self {
            name: said.get("case")?.as_str()?.to_owned(),
            elapsed: Duration::from_millis(said.get("milliseconds")?.as_u64()?),
            failure: failure.map(str::to_owned),
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elapsed = report::seconds(self.elapsed);
        match &self.failure {
            None => write!(formatter, "browser {} ... ok in {elapsed}", self.name),
            Some(why) => write!(
                formatter,
                "{why}\nbrowser {} ... FAILED in {elapsed}",
                self.name
            ),
        }
    }
}

/// Counts a case.
pub(crate) fn count(verdict: &mut Verdict, case: &Case) {
    if case.failure.is_none() {
        verdict.passed += 1;
    } else {
        verdict.failed += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_passed_is_one_line() {
        let line = r#"{"case": "login: it works", "milliseconds": 812, "failure": null}"#;
        let case = Case::read(line).unwrap();
        assert_eq!(case.to_string(), "browser login: it works ... ok in 0.8 s");
    }

    #[test]
    fn a_case_that_failed_says_why_first() {
        let line = r#"{"case": "login: it works", "milliseconds": 50, "failure": "it does not"}"#;
        let case = Case::read(line).unwrap();
        let shown = "it does not\nbrowser login: it works ... FAILED in 0.1 s";
        assert_eq!(case.to_string(), shown);
        let mut verdict = Verdict::default();
        count(&mut verdict, &case);
        assert_eq!((verdict.passed, verdict.failed), (0, 1));
    }

    #[test]
    fn other_lines_are_no_cases() {
        assert_eq!(Case::read("a line of somebody else"), None);
        assert_eq!(Case::read("{}"), None);
    }
}
