//! Figures, as a table to read and as JSON to compare.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::failure::{Context as _, Outcome};
use crate::machine::{Machine, since_1970};

/// One load on one store.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) scenario: String,
    pub(crate) store: &'static str,
    pub(crate) connections: u32,
    /// Answers below 400 a second.
    pub(crate) requests_per_second: f64,
    pub(crate) p50_milliseconds: f64,
    pub(crate) p99_milliseconds: f64,
    /// CPU time of the server's process by request; a Postgres is another process.
    pub(crate) cpu_milliseconds_per_request: Option<f64>,
    /// Argon2id alone, on as many threads as this load can keep busy.
    pub(crate) raw_hashes_per_second: Option<f64>,
    /// Requests by raw hashes.
    pub(crate) ratio: Option<f64>,
    /// Answers with a status above 399.
    pub(crate) refused: u64,
    /// Requests without an answer.
    pub(crate) broken: u64,
}

/// One number that answers one question.
#[derive(Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) store: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What is wanted, in words; empty when the number only explains another.
    pub(crate) wanted: &'static str,
}

impl Figure {
    pub(crate) fn new(
        name: impl Into<String>,
        store: &'static str,
        value: f64,
        unit: &'static str,
    ) -> Self {
        Self {
            name: name.into(),
            store,
            value,
            unit,
            wanted: "",
        }
    }

    pub(crate) fn wanted(self, wanted: &'static str) -> Self {
        Self { wanted, ..self }
    }
}

/// Everything one run measured.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) quick: bool,
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
}

impl Report {
    /// The figures as people read them.
    pub(crate) fn table(&self) -> String {
        let mut text = format!("{}\n", self.machine.sentence());
        if self.quick {
            text.push_str("--quick: measured for a short time only\n");
        }
        let _infallible = writeln!(
            text,
            "\n{:<42} {:<9} {:>5} {:>10} {:>9} {:>9} {:>8} {:>8} {:>6} {:>8} {:>7}",
            "scenario",
            "store",
            "conns",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "CPU ms",
            "raw/s",
            "ratio",
            "refused",
            "broken"
        );
        for row in &self.rows {
            let _infallible = writeln!(
                text,
                "{:<42} {:<9} {:>5} {:>10.1} {:>9.2} {:>9.2} {:>8} {:>8} {:>6} {:>8} {:>7}",
                row.scenario,
                row.store,
                row.connections,
                row.requests_per_second,
                row.p50_milliseconds,
                row.p99_milliseconds,
                or_dash(row.cpu_milliseconds_per_request, 3),
                or_dash(row.raw_hashes_per_second, 1),
                or_dash(row.ratio, 3),
                row.refused,
                row.broken,
            );
        }
        text.push('\n');
        for figure in &self.figures {
            let value = format!("{:.2} {}", figure.value, figure.unit);
            let _infallible = writeln!(
                text,
                "{:<64} {:<9} {value:>14}  {}",
                figure.name, figure.store, figure.wanted
            );
        }
        text
    }

    /// Writes the figures as JSON; answers where.
    pub(crate) fn write(&self, folder: &Path) -> Outcome<PathBuf> {
        let path = folder.join(format!("{}.json", since_1970().as_secs()));
        let text =
            serde_json::to_string_pretty(self).context("cannot write the figures as JSON")?;
        fs::write(&path, text).context(format_args!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

fn or_dash(number: Option<f64>, digits: usize) -> String {
    number.map_or_else(|| "-".to_owned(), |number| format!("{number:.digits$}"))
}
