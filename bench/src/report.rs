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
    /// Answers a second with a wanted status: below 400, where no refusals are wanted.
    pub(crate) requests_per_second: f64,
    pub(crate) p50_milliseconds: f64,
    pub(crate) p99_milliseconds: f64,
    /// CPU time of the server's process by request; a Postgres is another process.
    pub(crate) cpu_milliseconds_per_request: Option<f64>,
    /// The most memory the server had meanwhile (`VmHWM`).
    pub(crate) peak_mebibytes: Option<f64>,
    /// What the machine could have reached.
    pub(crate) ceiling: Option<Ceiling>,
    /// Answers with another status than is wanted: above 399, where no refusals are.
    pub(crate) refused: u64,
    /// Requests without an answer.
    pub(crate) broken: u64,
}

/// What a small program reached that does one thing alone: what the load cannot do without.
#[derive(Serialize)]
pub(crate) struct Ceiling {
    /// What it is.
    pub(crate) what: &'static str,
    pub(crate) per_second: f64,
    /// Requests of the row by these.
    pub(crate) ratio: f64,
}

impl Row {
    /// The row with what its load cannot do without: what that is, and how often a second there could be one.
    pub(crate) fn beside(self, ceiling: Option<(&'static str, f64)>) -> Self {
        let ceiling = ceiling.map(|(what, per_second)| Ceiling {
            what,
            per_second,
            ratio: self.requests_per_second / per_second,
        });
        Self { ceiling, ..self }
    }
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

const HEAD: &str = "
scenario                                   store    conns requests/s    p50 ms    p99 ms  CPU ms peak MiB  ceiling/s \
ratio of                refused broken
";

impl Row {
    fn write(&self, text: &mut String) {
        let ceiling = self.ceiling.as_ref();
        let _infallible = writeln!(
            text,
            "{:<42} {:<8} {:>5} {:>10.1} {:>9.2} {:>9.2} {:>7} {:>8} {:>10} {:>5} {:<17} {:>7} {:>6}",
            self.scenario,
            self.store,
            self.connections,
            self.requests_per_second,
            self.p50_milliseconds,
            self.p99_milliseconds,
            or_dash(self.cpu_milliseconds_per_request, 3),
            or_dash(self.peak_mebibytes, 1),
            or_dash(ceiling.map(|ceiling| ceiling.per_second), 1),
            or_dash(ceiling.map(|ceiling| ceiling.ratio), 2),
            ceiling.map_or("", |ceiling| ceiling.what),
            self.refused,
            self.broken,
        );
    }
}

/// Everything one run measured.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) quick: bool,
    pub(crate) machine: Machine,
    /// Which cores the server had, and which the load.
    pub(crate) cores: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
}

impl Report {
    /// The figures as people read them.
    pub(crate) fn table(&self) -> String {
        let mut text = format!("{}\n{}\n", self.machine.sentence(), self.cores);
        if self.quick {
            text.push_str("--quick: measured for a short time only\n");
        }
        text.push_str(HEAD);
        for row in &self.rows {
            row.write(&mut text);
        }
        text.push('\n');
        for figure in &self.figures {
            let value = format!("{:.2} {}", figure.value, figure.unit);
            let _infallible = writeln!(
                text,
                "{:<68} {:<8} {value:>14}  {}",
                figure.name, figure.store, figure.wanted
            );
        }
        text
    }
}

/// Writes figures as JSON; answers where.
pub(crate) fn write(figures: &impl Serialize, folder: &Path) -> Outcome<PathBuf> {
    let path = folder.join(format!("{}.json", since_1970().as_secs()));
    let text = serde_json::to_string_pretty(figures).context("cannot write the figures as JSON")?;
    fs::write(&path, text).context(format_args!("cannot write {}", path.display()))?;
    Ok(path)
}

fn or_dash(number: Option<f64>, digits: usize) -> String {
    number.map_or_else(|| "-".to_owned(), |number| format!("{number:.digits$}"))
}
