//! What was found, and how it is written.

use std::fmt::Write as _;

use serde_json::json;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Ok,
    /// Works, and should be looked at.
    Warning,
    /// Does not work, or breaks a promise.
    Error,
}

impl State {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: a stable name.
    pub check: &'static str,
    /// How much it matters.
    pub state: State,
    /// What was seen.
    pub says: String,
    /// What to do.
    pub remedy: Option<String>,
}

/// Everything that was found, in the order it was looked at.
#[derive(Clone, Debug, Default)]
pub struct Report(Vec<Finding>);

impl Report {
    pub(super) fn ok(&mut self, check: &'static str, says: impl Into<String>) {
        self.0.push(Finding {
            check,
            state: State::Ok,
            says: says.into(),
            remedy: None,
        });
    }

    pub(super) fn warning(
        &mut self,
        check: &'static str,
        says: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(check, State::Warning, says, remedy);
    }

    pub(super) fn error(
        &mut self,
        check: &'static str,
        says: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(check, State::Error, says, remedy);
    }

    fn add(
        &mut self,
        check: &'static str,
        state: State,
        says: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.0.push(Finding {
            check,
            state,
            says: says.into(),
            remedy: Some(remedy.into()),
        });
    }

    /// All findings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// How many are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.count(State::Error)
    }

    fn count(&self, state: State) -> usize {
        let alike = self.0.iter().filter(|finding| finding.state == state);
        alike.count()
    }

    /// For people: a line a finding, and what to do below it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for finding in &self.0 {
            let (state, check) = (finding.state.as_str(), finding.check);
            let _infallible = writeln!(text, "{state:7}  {check:16}  {}", finding.says);
            if let Some(remedy) = &finding.remedy {
                let _infallible = writeln!(text, "{:27}=> {remedy}", "");
            }
        }
        let (errors, warnings) = (self.errors(), self.count(State::Warning));
        let _infallible = writeln!(text, "errors: {errors}, warnings: {warnings}");
        text
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> String {
        let finding = |finding: &Finding| {
            json!({
                "check": finding.check,
                "state": finding.state.as_str(),
                "says": finding.says,
                "remedy": finding.remedy,
            })
        };
        let findings: Vec<_> = self.0.iter().map(finding).collect();
        let (errors, warnings) = (self.errors(), self.count(State::Warning));
        let report = json!({ "errors": errors, "warnings": warnings, "findings": findings });
        format!("{report:#}\n")
    }
}
