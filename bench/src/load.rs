//! Many requests at once, by `wrk`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;

use crate::failure::{Context as _, Failure, Outcome};

const SCRIPT: &str = include_str!("load.lua");
/// Longer than the server lets anybody wait.
const TIMEOUT: &str = "10s";

/// The load generator, with its script in place.
pub(crate) struct Loader {
    script: PathBuf,
}

/// One request, sent over and over by some connections.
pub(crate) struct Load<'a> {
    /// Where to. `{n}` in its path is a number from 1 to `numbers`, another one in each request.
    pub(crate) url: &'a str,
    /// The largest number; 0 without any.
    pub(crate) numbers: u32,
    /// The `Authorization` header.
    pub(crate) authorization: &'a str,
    /// The body of a POST; without one, it is a GET.
    pub(crate) form: &'a str,
    /// Connections that send it.
    pub(crate) connections: u32,
    /// The mean pause of a connection between an answer and its next request; zero: at once.
    pub(crate) pause: Duration,
}

/// How the server stood it.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Answers {
    /// Answers of any status.
    pub(crate) requests: u64,
    duration_us: u64,
    p50_us: u64,
    p99_us: u64,
    /// Answers with a status above 399.
    pub(crate) refused: u64,
    /// Answers 503 among them; counted only for a load with pauses.
    pub(crate) busy: u64,
    /// Requests that were not answered.
    pub(crate) broken: u64,
}

/// A load that goes on in the background.
pub(crate) struct Running(Child);

impl Loader {
    /// Writes the script into a folder.
    pub(crate) fn prepare(folder: &Path) -> Outcome<Self> {
        let script = folder.join("load.lua");
        std::fs::write(&script, SCRIPT).context("cannot write the script of wrk")?;
        Ok(Self { script })
    }

    /// Puts the load on for so long.
    pub(crate) fn run(&self, load: &Load<'_>, duration: Duration) -> Outcome<Answers> {
        self.start(load, duration)?.finish()
    }

    /// Begins to put the load on for so long.
    pub(crate) fn start(&self, load: &Load<'_>, duration: Duration) -> Outcome<Running> {
        let mut wrk = Command::new("wrk");
        // One thread sends more than the server can answer, and leaves it the other cores.
        wrk.args(["--threads", "1", "--timeout", TIMEOUT, "--connections"]);
        wrk.arg(load.connections.to_string());
        wrk.args([
            "--duration",
            &format!("{}s", duration.as_secs()),
            "--script",
        ]);
        wrk.arg(&self.script).arg(load.url).arg("--");
        wrk.args([
            load.authorization,
            load.form,
            &load.pause.as_millis().to_string(),
            &load.numbers.to_string(),
        ]);
        let wrk = wrk.stdin(Stdio::null()).stdout(Stdio::piped());
        Ok(Running(
            wrk.spawn()
                .context("cannot start wrk (Debian's package `wrk`)")?,
        ))
    }
}

impl Running {
    /// Waits for its end.
    pub(crate) fn finish(self) -> Outcome<Answers> {
        let output = self.0.wait_with_output().context("cannot wait for wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let answers = text.lines().find(|line| line.starts_with('{'));
        let Some(answers) = answers.filter(|_| output.status.success()) else {
            return Err(Failure::new(format!(
                "wrk ended with {}:\n{text}",
                output.status
            )));
        };
        serde_json::from_str(answers).context("what the script of wrk says is not as expected")
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and microseconds of a bench are small"
)]
impl Answers {
    pub(crate) fn per_second(&self) -> f64 {
        self.requests as f64 * 1e6 / self.duration_us as f64
    }

    /// Answers below 400 a second.
    pub(crate) fn good_per_second(&self) -> f64 {
        self.requests.saturating_sub(self.refused) as f64 * 1e6 / self.duration_us as f64
    }

    pub(crate) fn p50_milliseconds(&self) -> f64 {
        self.p50_us as f64 / 1000.0
    }

    pub(crate) fn p99_milliseconds(&self) -> f64 {
        self.p99_us as f64 / 1000.0
    }

    /// CPU time by request, in milliseconds.
    pub(crate) fn share(&self, cpu: Duration) -> f64 {
        cpu.as_secs_f64() * 1000.0 / self.requests as f64
    }
}
