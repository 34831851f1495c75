//! `grantor migrate [--plan]`.

use clap::Args;

use crate::config::Config;
use crate::failure::Failure;
use crate::wiring::{self, Machine};

/// Brings the schema up to date, or says what that would do.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Only say what would be done.
    #[arg(long)]
    plan: bool,
}

impl Migrate {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let persistence = wiring::connect(&config.database)?;
        let status = persistence
            .schema()
            .map_err(|error| Failure::new("cannot read the schema", error))?;
        if !status.unknown.is_empty() {
            let names = status.unknown.join(", ");
            return Err(Failure::say(format!(
                "the schema is newer than this program: {names}"
            )));
        }
        let (names, verb) = if self.plan {
            (status.pending, "would apply")
        } else {
            let applied = persistence
                .migrate(Machine::default().clock.now())
                .map_err(|error| Failure::new("cannot migrate", error))?;
            (applied, "applied")
        };
        if names.is_empty() {
            return super::print("the schema is up to date\n");
        }
        names
            .iter()
            .try_for_each(|name| super::print(&format!("{verb} {name}\n")))
    }
}
