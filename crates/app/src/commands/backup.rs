//! `grantor backup`.

use std::path::PathBuf;

use clap::Args;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_persistence::BackupError;

use crate::config::Config;
use crate::failure::Failure;
use crate::wiring::Machine;

/// Takes a backup while the server runs (`SQLite`).
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to make, for its owner alone. It must not exist.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let persistence = super::store_in_order(config)?;
        persistence.back_up(&self.to).map_err(|error| match error {
            BackupError::HasToolsOfItsOwn => Failure::say(
                "the store is Postgres: take its backup with `pg_dump --format=custom`, or archive its \
                 write-ahead log; docs/how-to/back-up-and-restore.md says how",
            ),
            error => Failure::new("cannot take the backup", error),
        })?;
        let file = self.to.display().to_string();
        let taken = Event::new(EventKind::BackupTaken, Machine::default().clock.now())
            .detail(&file)
            .by(&Caller::operator());
        persistence.events().append(&[taken]).map_err(|fault| {
            let attempt = format!("{file} was written, but not the event that says so");
            Failure::new(&attempt, fault)
        })?;
        super::print(&format!(
            "{file} is a whole backup\nkeep the master key too, somewhere else\n"
        ))
    }
}
