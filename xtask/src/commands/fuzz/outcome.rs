//! What a run of a target says when it ends.

use std::fmt;
use std::path::Path;

/// How many of the last lines tell what was found.
const TOLD: usize = 30;

/// How a target ended.
#[derive(Debug)]
pub(super) struct Outcome {
    target: String,
    executions: u64,
    peak_mib: u64,
    finding: Option<String>,
}

impl Outcome {
    /// Reads what libFuzzer wrote.
    pub(super) fn read(target: &str, succeeded: bool, written: &str, log: &Path) -> Self {
        let number = |name: &str| {
            let lines = written.lines().rev();
            let mut values = lines.filter_map(|line| line.strip_prefix(name));
            let value = values.next().map(str::trim);
            value.and_then(|value| value.parse().ok()).unwrap_or(0)
        };
        let lines: Vec<&str> = written.lines().collect();
        let last = lines.get(lines.len().saturating_sub(TOLD)..).unwrap_or(&[]);
        Self {
            target: target.to_owned(),
            executions: number("stat::number_of_executed_units:"),
            peak_mib: number("stat::peak_rss_mb:"),
            finding: (!succeeded).then(|| {
                format!(
                    "{target}: a finding; all of it is in {}\n  {}",
                    log.display(),
                    last.join("\n  ")
                )
            }),
        }
    }

    /// What was found, if anything was.
    pub(super) fn finding(&self) -> Option<String> {
        self.finding.clone()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.finding.is_none() {
            "nothing found"
        } else {
            "FOUND something"
        };
        let Self {
            target,
            executions,
            peak_mib,
            ..
        } = self;
        write!(
            f,
            "{target}: {executions} executions, at most {peak_mib} MiB: {verdict}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_and_memory_are_told() {
        let written =
            "INFO: Seed: 1\nstat::number_of_executed_units: 1234\nstat::peak_rss_mb:  56\n";
        let outcome = Outcome::read("form", true, written, Path::new("log"));
        assert_eq!(
            outcome.to_string(),
            "form: 1234 executions, at most 56 MiB: nothing found"
        );
        assert_eq!(outcome.finding(), None);
    }

    #[test]
    fn a_finding_is_told_with_where_it_is() {
        let outcome = Outcome::read(
            "form",
            false,
            "Test unit written to x\n",
            Path::new("a.log"),
        );
        let finding = outcome.finding().unwrap();
        assert!(
            finding.contains("a.log") && finding.contains("Test unit written to x"),
            "{finding}"
        );
    }
}
