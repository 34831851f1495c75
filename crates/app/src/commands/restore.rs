//! `grantor restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_persistence::{Persistence, Restore as Restoring};
use zeroize::Zeroizing;

use crate::config::{Config, DatabaseConfig};
use crate::failure::Failure;
use crate::wiring::{self, Machine};

/// Puts a backup in the place of the store (`SQLite`), or ends what it revived.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup. Without it, the store is one that was restored by other means: by `pg_restore`.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "revoke_all_sessions"
    )]
    from: Option<PathBuf>,
    /// End every session: a backup holds some that were ended after it was taken.
    #[arg(long)]
    revoke_all_sessions: bool,
    /// Let the backup take the place of a store that is there, which is kept beside it.
    #[arg(long, requires = "from")]
    replace: bool,
}

impl Restore {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let machine = Machine::default();
        if let Some(backup) = &self.from {
            return self.put_back(config, backup, &machine);
        }
        let persistence = super::store_in_order(config)?;
        super::print(&self.finish(config, persistence, "elsewhere", &machine)?)
    }

    /// All that is done to the backup is done to a copy, before anybody can serve it.
    fn put_back(&self, config: &Config, backup: &Path, machine: &Machine) -> Result<(), Failure> {
        let cannot = |error| Failure::new("cannot restore", error);
        let Some(target) = config.database.sqlite_file() else {
            return Err(Failure::say(
                "the store is Postgres: restore it with `pg_restore`, then run \
                 `grantor restore --revoke-all-sessions`; docs/how-to/back-up-and-restore.md says how",
            ));
        };
        let restoring = Restoring::prepare(backup, &target, self.replace).map_err(cannot)?;
        let copy = DatabaseConfig {
            url: Zeroizing::new(format!("sqlite:{}", restoring.copy().display())),
            ..config.database.clone()
        };
        let persistence = wiring::connect(&copy)?;
        persistence
            .migrate(machine.clock.now())
            .map_err(|error| Failure::new("cannot migrate the backup", error))?;
        let file = backup.display().to_string();
        let ended = self.finish(config, persistence, &file, machine)?;
        let kept = restoring.put_in_place().map_err(cannot)?;
        let kept = kept.map_or_else(String::new, |kept| {
            format!("the store of before is kept as {}\n", kept.display())
        });
        let target = target.display();
        super::print(&format!("{file} is restored to {target}\n{kept}{ended}"))
    }

    /// Tells the audit trail, and ends the sessions when that is wanted.
    fn finish(
        &self,
        config: &Config,
        persistence: Persistence,
        from: &str,
        machine: &Machine,
    ) -> Result<String, Failure> {
        let restored = Event::new(EventKind::BackupRestored, machine.clock.now())
            .detail(from)
            .by(&Caller::operator());
        let written = persistence.events().append(&[restored]);
        written.map_err(|fault| Failure::new("cannot write the audit trail", fault))?;
        if !self.revoke_all_sessions {
            return Ok("sessions that were ended after the backup are open in it: \
                 end them with `grantor restore --revoke-all-sessions`\n"
                .to_owned());
        }
        // Says what is wrong with the keys before a part of the server makes new ones.
        wiring::read_keys(config, &persistence, machine)?;
        let server = wiring::wire(config, persistence, machine)?.server;
        let closed = server
            .close_every_session(&Caller::operator())
            .map_err(|error| Failure::new("cannot end the sessions", error))?;
        Ok(format!("{closed} sessions were ended\n"))
    }
}
