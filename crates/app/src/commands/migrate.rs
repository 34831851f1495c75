//! `grantor migrate [--plan]`.

use std::fmt::Write as _;

use clap::Args;
use grantor_persistence::{Effect, Kind, Lock, PlannedMigration};

use crate::config::Config;
use crate::failure::Failure;
use crate::schema;
use crate::wiring::{self, Machine};

/// Brings the schema up to date, or says what that would do.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Only say what would be done: each statement, what waits for it meanwhile, and whether the release
    /// before works on.
    #[arg(long)]
    plan: bool,
}

impl Migrate {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let persistence = wiring::connect(&config.database)?;
        let unreadable = |error| Failure::new("cannot read the schema", error);
        let status = persistence.schema().map_err(unreadable)?;
        if let Some(obstacle) = schema::beyond_mending(&status) {
            return Err(obstacle.into());
        }
        if self.plan {
            let plan = persistence.plan().map_err(unreadable)?;
            return super::print(&written(&plan));
        }
        let applied = persistence
            .migrate(Machine::default().clock.now())
            .map_err(|error| Failure::new("cannot migrate", error))?;
        if applied.is_empty() {
            return super::print(UP_TO_DATE);
        }
        applied
            .iter()
            .try_for_each(|name| super::print(&format!("applied {name}\n")))
    }
}

const UP_TO_DATE: &str = "the schema is up to date\n";

/// The plan as SQL that can be read, all else in comments.
fn written(plan: &[PlannedMigration]) -> String {
    if plan.is_empty() {
        return UP_TO_DATE.to_owned();
    }
    let mut text = String::new();
    for migration in plan {
        let _infallible = writeln!(text, "-- would apply {}", migration.name);
        let _infallible = match &migration.kind {
            Kind::Expand => writeln!(text, "-- expand: the release before works on"),
            Kind::Contract(what) => writeln!(
                text,
                "-- contract: a release works on only if it no longer uses what goes: {what}"
            ),
        };
        text.push_str(if migration.in_transaction {
            "-- in one transaction with those around it\n"
        } else {
            "-- outside a transaction: when it fails, what it has done stays\n"
        });
        for statement in &migration.statements {
            let waits = statement.effect.as_ref().map_or_else(on_sqlite, waits);
            let _infallible = writeln!(text, "\n{waits}\n{};", statement.text);
        }
        text.push('\n');
    }
    text
}

fn on_sqlite() -> String {
    "-- locks the store: who writes waits, who reads does not".to_owned()
}

fn waits(effect: &Effect) -> String {
    let Effect {
        table, lock, work, ..
    } = effect;
    if *lock == Lock::Nothing {
        return format!("-- nobody waits: {table} is new");
    }
    format!("-- locks {table}, {}, {}", lock.as_str(), work.as_str())
}
