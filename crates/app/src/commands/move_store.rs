//! `grantor move --to postgres://…`.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::time::Timestamp;
use grantor_persistence::{DatabaseOptions, Move, MoveError, Persistence, Progress, TargetState};
use zeroize::Zeroizing;

use crate::config::{Config, MasterKeySource, secret_file};
use crate::failure::Failure;
use crate::wiring::{self, Machine};

/// A URL that may hold a password.
#[derive(Clone)]
struct Url(Zeroizing<String>);

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Url([redacted])")
    }
}

impl FromStr for Url {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

/// Copies the configured `SQLite` store into a Postgres.
#[derive(Debug, Args)]
pub(super) struct MoveStore {
    /// The target, `postgres://…`. Other processes can read it here: give a password by --to-file.
    #[arg(long, value_name = "URL", required_unless_present = "to_file")]
    to: Option<Url>,
    /// File with the target's URL.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    to_file: Option<PathBuf>,
    /// Only say what would be copied.
    #[arg(long)]
    dry_run: bool,
    /// Empty a target that an unfinished move left behind, and begin anew.
    #[arg(long)]
    restart: bool,
    /// Rows copied at once.
    #[arg(long, value_name = "ROWS", default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    batch: u32,
}

impl MoveStore {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let machine = Machine::default();
        let from = wiring::database_options(&config.database);
        let to = DatabaseOptions {
            url: self.target()?.to_string(),
            ..from.clone()
        };
        if self.dry_run {
            return foresee(&mut Move::look(&from, &to).map_err(refused)?);
        }
        let mut moving = Move::begin(&from, &to).map_err(refused)?;
        if *moving.target() == TargetState::Begun && !self.restart {
            super::print("going on with the move that was interrupted\n")?;
        }
        let mut told = Told::new(&machine);
        let now = machine.clock.now();
        moving
            .copy(now, self.batch, self.restart, &mut |progress| {
                told.tell(progress)
            })
            .map_err(refused)?;
        super::print("comparing every row\n")?;
        let mut rows = 0;
        let mut printed = Ok(());
        let verified = moving.verify(&mut |moved| {
            rows += moved.rows;
            let line = format!(
                "{:18} {:>10} rows, sha256 {}\n",
                moved.table, moved.rows, moved.digest
            );
            if printed.is_ok() {
                printed = super::print(&line);
            }
        });
        printed?;
        verified.map_err(refused)?;
        check_trail(config, &to, &machine)?;
        let event = Event::new(EventKind::StoreMoved, machine.clock.now())
            .detail(format!("{rows} rows from SQLite"))
            .by(&Caller::operator());
        moving.finish(&[event]).map_err(refused)?;
        super::print(&farewell(&config.keys.master_key))
    }

    fn target(&self) -> Result<Zeroizing<String>, Failure> {
        match (&self.to, &self.to_file) {
            (Some(Url(url)), _) => Ok(url.clone()),
            (None, Some(path)) => secret_file::read(path)
                .map_err(|error| Failure::new("cannot read the target's URL", error)),
            (None, None) => Err(Failure::say("--to or --to-file says where to")),
        }
    }
}

fn foresee(moving: &mut Move) -> Result<(), Failure> {
    super::print(match moving.target() {
        TargetState::Empty => "the target is empty: it would be migrated first\n",
        TargetState::Ready => "the target is ready\n",
        TargetState::Begun => "an interrupted move would go on\n",
        TargetState::BegunOtherwise => {
            "the target holds a part of another store, or of this one before it changed: --restart would begin anew\n"
        }
    })?;
    for (table, rows) in moving.tables().map_err(refused)? {
        super::print(&format!("would copy {table:18} {rows:>10} rows\n"))?;
    }
    Ok(())
}

/// The chain of the copy, under the same master key.
fn check_trail(config: &Config, to: &DatabaseOptions, machine: &Machine) -> Result<(), Failure> {
    let persistence =
        Persistence::connect(to).map_err(|error| Failure::new("cannot open the target", error))?;
    let chain = wiring::chain(config, &persistence, machine)?;
    let verified = chain
        .verify()
        .map_err(|error| Failure::new("cannot read the audit trail", error))?;
    match verified.broken {
        None => super::print(&format!(
            "the audit trail is whole: {} events\n",
            verified.events
        )),
        Some(broken) => Err(Failure::say(format!(
            "the audit trail is broken, in the SQLite store as in the copy: AuditEvent {} {}. The move was not \
             finished: look into it, see `grantor audit verify`, and run this again",
            broken.id, broken.wrong
        ))),
    }
}

fn farewell(master_key: &MasterKeySource) -> String {
    let key = match master_key {
        MasterKeySource::Beside(path) => format!("keys.master_key_file = \"{}\"", path.display()),
        _ => "the master key of before".to_owned(),
    };
    format!(
        "moved. Start the server with database.url (or url_file) naming the target and with {key}.\n\
         Do not start one on the SQLite store again: its tokens would live twice.\n"
    )
}

/// Tells how far it is, at most once a second for a table that is under way.
struct Told<'a> {
    machine: &'a Machine,
    last: Timestamp,
}

impl<'a> Told<'a> {
    fn new(machine: &'a Machine) -> Self {
        Self {
            machine,
            last: Timestamp::from_micros(0),
        }
    }

    fn tell(&mut self, progress: &Progress<'_>) -> Result<(), MoveError> {
        let now = self.machine.clock.now();
        if progress.copied < progress.rows && now.as_seconds() == self.last.as_seconds() {
            return Ok(());
        }
        self.last = now;
        let Progress {
            table,
            copied,
            rows,
        } = progress;
        super::print(&format!("{table:18} {copied:>10} of {rows} rows\n"))
            .map_err(|error| MoveError::Stopped(error.to_string()))
    }
}

fn refused(error: MoveError) -> Failure {
    Failure::new("cannot move the store", error)
}
