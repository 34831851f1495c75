//! What to drive, for how long, and where to write.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::{Context as _, Failure, Outcome};
use crate::scenarios::Scenario;
use crate::store::Store;

/// An administrator's Postgres database the bench may fill.
const BENCH_DATABASE_URL: &str = "BENCH_DATABASE_URL";
/// The `grantor` program to drive.
const BENCH_GRANTOR_BINARY: &str = "BENCH_GRANTOR_BINARY";

/// Another `grantor` program, to drive in turn with it. Optional.
const BENCH_AGAINST_BINARY: &str = "BENCH_AGAINST_BINARY";

const USAGE: &str = "\
cargo xtask bench [--against REV] [--quick] [--store sqlite|postgres] [--users N] [--sessions N] [SCENARIO ...]

SCENARIO: ceilings start memory password wrong credentials refresh introspection revoke metadata mixed flood resources
          full clearing import; without any, all of them";

/// Fewest users and sessions of a full store.
const FEWEST: u32 = 100;

/// How much a store holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) users: u32,
    pub(crate) sessions: u32,
}

/// How long things are measured, and on how much.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// A load before the one that counts.
    pub(crate) warm_up: Duration,
    /// A load that counts.
    pub(crate) load: Duration,
    /// A load that counts only when it is the quickest of some.
    pub(crate) round: Duration,
    /// The ceiling, before and after a load each.
    pub(crate) ceiling: Duration,
    /// A flood of logins.
    pub(crate) flood: Duration,
    /// Starts of the server.
    pub(crate) starts: usize,
    /// Rounds of each of two programs that are compared.
    pub(crate) rounds: usize,
    /// A full store.
    pub(crate) full: Size,
    /// Users who are imported in Bundles of one size.
    pub(crate) imported: usize,
}

const FULL: Pace = Pace {
    warm_up: Duration::from_secs(2),
    load: Duration::from_secs(10),
    round: Duration::from_secs(3),
    ceiling: Duration::from_secs(3),
    flood: Duration::from_secs(15),
    starts: 15,
    rounds: 4,
    full: Size {
        users: 100_000,
        sessions: 1_000_000,
    },
    imported: 30_000,
};

const QUICK: Pace = Pace {
    warm_up: Duration::from_secs(1),
    load: Duration::from_secs(3),
    round: Duration::from_secs(1),
    ceiling: Duration::from_secs(1),
    flood: Duration::from_secs(5),
    starts: 5,
    rounds: 2,
    full: Size {
        users: 10_000,
        sessions: 100_000,
    },
    imported: 6_000,
};

/// What the command line and the environment say.
pub(crate) struct Settings {
    /// Whether everything is measured for a short time only.
    pub(crate) quick: bool,
    /// How long things are measured, and on how much.
    pub(crate) pace: Pace,
    /// What is measured.
    pub(crate) scenarios: Vec<Scenario>,
    /// The program to drive.
    pub(crate) binary: PathBuf,
    /// Another one, to compare it with.
    pub(crate) against: Option<PathBuf>,
    /// The Postgres database.
    postgres: String,
    /// The only store to measure on.
    only: Option<String>,
}

impl Settings {
    pub(crate) fn read() -> Outcome<Self> {
        let mut settings = Self {
            quick: false,
            pace: FULL,
            scenarios: Vec::new(),
            binary: PathBuf::from(variable(BENCH_GRANTOR_BINARY)?),
            against: std::env::var_os(BENCH_AGAINST_BINARY).map(PathBuf::from),
            postgres: variable(BENCH_DATABASE_URL)?,
            only: None,
        };
        let (mut users, mut sessions) = (None, None);
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => (settings.quick, settings.pace) = (true, QUICK),
                "--store" => settings.only = Some(arguments.next().context(USAGE)?),
                "--users" => users = Some(number(arguments.next())?),
                "--sessions" => sessions = Some(number(arguments.next())?),
                name => settings
                    .scenarios
                    .push(Scenario::parse(name).context(USAGE)?),
            }
        }
        if settings.scenarios.is_empty() {
            settings.scenarios = Scenario::ALL.to_vec();
        }
        settings.scenarios.sort_unstable();
        settings.scenarios.dedup();
        let full = &mut settings.pace.full;
        (full.users, full.sessions) = (
            users.unwrap_or(full.users),
            sessions.unwrap_or(full.sessions),
        );
        Ok(settings)
    }

    /// What to measure on; a `SQLite` file is in the folder.
    pub(crate) fn stores(&self, folder: &Path) -> Outcome<Vec<Store>> {
        let mut stores = vec![Store::sqlite(folder), Store::postgres(&self.postgres)];
        if let Some(only) = &self.only {
            stores.retain(|store| store.name.eq_ignore_ascii_case(only));
        }
        if stores.is_empty() {
            return Err(Failure::new(USAGE));
        }
        Ok(stores)
    }

    /// `target/bench`, in the target folder the program was built into.
    pub(crate) fn folder(&self) -> PathBuf {
        let target = self.binary.parent().and_then(Path::parent);
        target.unwrap_or_else(|| Path::new("target")).join("bench")
    }
}

fn number(argument: Option<String>) -> Outcome<u32> {
    let number = argument.and_then(|text| text.parse().ok());
    number.filter(|number| *number >= FEWEST).context(USAGE)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the bench has no configuration but what `cargo xtask bench` sets"
)]
fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).context(format_args!(
        "{name} is not set: start the bench as\n{USAGE}"
    ))
}
