//! What to drive, for how long, and where to write.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::{Context as _, Failure, Outcome};

/// An administrator's Postgres database the bench may fill.
const BENCH_DATABASE_URL: &str = "BENCH_DATABASE_URL";
/// The `grantor` program to drive.
const BENCH_GRANTOR_BINARY: &str = "BENCH_GRANTOR_BINARY";

const USAGE: &str = "cargo xtask bench [--quick]";

/// How long things are measured.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// A load before the one that counts.
    pub(crate) warm_up: Duration,
    /// A load that counts.
    pub(crate) load: Duration,
    /// The ceiling, before and after a load each.
    pub(crate) ceiling: Duration,
    /// A flood of logins.
    pub(crate) flood: Duration,
    /// Starts of the server.
    pub(crate) starts: usize,
}

const FULL: Pace = Pace {
    warm_up: Duration::from_secs(2),
    load: Duration::from_secs(10),
    ceiling: Duration::from_secs(3),
    flood: Duration::from_secs(15),
    starts: 15,
};

const QUICK: Pace = Pace {
    warm_up: Duration::from_secs(1),
    load: Duration::from_secs(3),
    ceiling: Duration::from_secs(1),
    flood: Duration::from_secs(5),
    starts: 5,
};

/// What the command line and the environment say.
pub(crate) struct Settings {
    /// Whether everything is measured for a short time only.
    pub(crate) quick: bool,
    /// How long things are measured.
    pub(crate) pace: Pace,
    /// The program to drive.
    pub(crate) binary: PathBuf,
    /// The Postgres database.
    pub(crate) postgres: String,
}

impl Settings {
    pub(crate) fn read() -> Outcome<Self> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let quick = match arguments.as_slice() {
            [] => false,
            [flag] if flag == "--quick" => true,
            _ => return Err(Failure::new(USAGE)),
        };
        Ok(Self {
            quick,
            pace: if quick { QUICK } else { FULL },
            binary: PathBuf::from(variable(BENCH_GRANTOR_BINARY)?),
            postgres: variable(BENCH_DATABASE_URL)?,
        })
    }

    /// `target/bench`, in the target folder the program was built into.
    pub(crate) fn folder(&self) -> PathBuf {
        let target = self.binary.parent().and_then(Path::parent);
        target.unwrap_or_else(|| Path::new("target")).join("bench")
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the bench has no configuration but what `cargo xtask bench` sets"
)]
fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).context(format_args!("{name}: start the bench with `{USAGE}`"))
}
