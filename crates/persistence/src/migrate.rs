//! Running migrations, and how a schema stands to this program.

use std::collections::BTreeSet;

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::time::Timestamp;

/// Why the schema is not what this program needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrateError {
    /// The database does not answer.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A migration was refused, or the list of those that ran cannot be read.
    #[error("migration {name}: {reason}")]
    Failed {
        /// Which.
        name: String,
        /// What the database says.
        reason: String,
    },
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl From<diesel::ConnectionError> for MigrateError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

/// A schema against the migrations this program knows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SchemaStatus {
    /// Migrations this program needs and the database has not seen, in order.
    pub pending: Vec<String>,
    /// Versions the database has seen and this program does not know: it is older than its database.
    pub unknown: Vec<String>,
}

type Refusal = Box<dyn std::error::Error + Send + Sync>;

fn failed(name: &str, reason: &Refusal) -> MigrateError {
    MigrateError::Failed {
        name: name.to_owned(),
        reason: reason.to_string(),
    }
}

fn known<D: Backend>(
    source: &EmbeddedMigrations,
) -> Result<Vec<Box<dyn Migration<D>>>, MigrateError> {
    MigrationSource::<D>::migrations(source).map_err(|reason| failed("history", &reason))
}

/// What is to be run. The caller holds the lock.
pub(crate) fn pending<D: Backend>(
    harness: &mut impl MigrationHarness<D>,
    source: EmbeddedMigrations,
) -> Result<Vec<Box<dyn Migration<D>>>, MigrateError> {
    harness
        .pending_migrations(source)
        .map_err(|reason| failed("history", &reason))
}

/// Runs these, and answers their names.
pub(crate) fn run<D: Backend>(
    harness: &mut impl MigrationHarness<D>,
    migrations: &[Box<dyn Migration<D>>],
) -> Result<Vec<String>, MigrateError> {
    let mut names = Vec::with_capacity(migrations.len());
    for migration in migrations {
        let name = migration.name().to_string();
        harness
            .run_migration(&**migration)
            .map_err(|reason| failed(&name, &reason))?;
        names.push(name);
    }
    Ok(names)
}

/// What migrations that were run are remembered as.
pub(crate) fn events(names: &[String], now: Timestamp) -> Vec<Event> {
    let operator = Caller::operator();
    let event = |name: &String| {
        Event::new(EventKind::MigrationApplied, now)
            .detail(name)
            .by(&operator)
    };
    names.iter().map(event).collect()
}

/// What a database has seen, in the words of the table `diesel_migrations` keeps.
///
/// Diesel's own question would first make that table, for which a role that only reads and writes
/// has no right.
pub(crate) const APPLIED: &str = "SELECT version FROM __diesel_schema_migrations";

/// A migration that a database has seen.
#[derive(QueryableByName)]
pub(crate) struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The status of a database that has seen these.
pub(crate) fn status<D: Backend>(
    applied: Vec<Applied>,
    source: &EmbeddedMigrations,
) -> Result<SchemaStatus, MigrateError> {
    let applied: BTreeSet<String> = applied.into_iter().map(|one| one.version).collect();
    let known = known::<D>(source)?;
    let versions: BTreeSet<String> = known
        .iter()
        .map(|m| m.name().version().to_string())
        .collect();
    let pending = known
        .iter()
        .filter(|migration| !applied.contains(&migration.name().version().to_string()))
        .map(|migration| migration.name().to_string());
    Ok(SchemaStatus {
        pending: pending.collect(),
        unknown: applied.difference(&versions).cloned().collect(),
    })
}

/// The status of a database that has seen none.
pub(crate) fn status_of_empty<D: Backend>(
    source: &EmbeddedMigrations,
) -> Result<SchemaStatus, MigrateError> {
    let known = known::<D>(source)?;
    Ok(SchemaStatus {
        pending: known.iter().map(|m| m.name().to_string()).collect(),
        unknown: Vec::new(),
    })
}
