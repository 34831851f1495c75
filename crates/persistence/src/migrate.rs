//! Running migrations, and how a schema stands to this program.

use std::collections::{BTreeMap, BTreeSet};

use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::time::Timestamp;

use crate::scripts::{self, Script};

/// Why the schema is not what this program needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrateError {
    /// The database does not answer.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Another program migrates, and does not end.
    #[error("another program is migrating this database")]
    Busy,
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
    /// Versions the database has seen and this program does not know, and on which it must not work.
    pub unknown: Vec<String>,
    /// Versions this program does not know either, of which the database remembers that they only add:
    /// it may work on them.
    pub ahead: Vec<String>,
    /// Another store is being copied into this one, and not all of it is there yet.
    pub unfinished_move: bool,
}

impl SchemaStatus {
    /// Whether this program may work on it.
    #[must_use]
    pub const fn is_in_order(&self) -> bool {
        self.pending.is_empty() && self.unknown.is_empty() && !self.unfinished_move
    }
}

fn failed(name: &str, reason: &impl ToString) -> MigrateError {
    MigrateError::Failed {
        name: name.to_owned(),
        reason: reason.to_string(),
    }
}

/// What is to be run. The caller holds the lock.
pub(crate) fn pending<D: Backend>(
    harness: &mut impl MigrationHarness<D>,
    scripts: &'static [Script],
) -> Result<Vec<Script>, MigrateError> {
    let applied = harness
        .applied_migrations()
        .map_err(|reason| failed("history", &reason))?;
    let applied: BTreeSet<String> = applied.iter().map(ToString::to_string).collect();
    let pending = scripts
        .iter()
        .filter(|script| !applied.contains(&script.version()));
    Ok(pending.copied().collect())
}

/// Runs these, statement by statement, and answers their names.
pub(crate) fn run(
    conn: &mut impl SimpleConnection,
    pending: &[Script],
) -> Result<Vec<String>, MigrateError> {
    let mut names = Vec::with_capacity(pending.len());
    for script in pending {
        for (at, statement) in script.statements().iter().enumerate() {
            conn.batch_execute(statement).map_err(|reason| {
                let name = format!("{}, statement {}", script.name, at + 1);
                failed(&name, &reason)
            })?;
        }
        // A version is made of digits.
        conn.batch_execute(&format!(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('{}')",
            script.version()
        ))?;
        names.push(script.name.to_owned());
    }
    Ok(names)
}

/// What the schema is to remember once these have run: all up to the last of them, from when it can.
pub(crate) fn remembered(scripts: &'static [Script], run: &[Script]) -> &'static [Script] {
    let last = run.last().map(|script| script.name);
    match scripts.iter().rposition(|script| Some(script.name) == last) {
        Some(at) if last >= Some(scripts::REMEMBERED_SINCE) => {
            scripts.get(..=at).unwrap_or_default()
        }
        _ => &[],
    }
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

/// Where the kinds of migrations are remembered, in databases that have come so far.
pub(crate) const KINDS: &str = "SELECT version, kind FROM schema_change";

/// A migration and what it is.
#[derive(QueryableByName)]
pub(crate) struct Remembered {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// The status of a database that has seen these, and remembers of some what they are.
pub(crate) fn status(
    applied: Vec<Applied>,
    kinds: Vec<Remembered>,
    scripts: &[Script],
) -> SchemaStatus {
    let applied: BTreeSet<String> = applied.into_iter().map(|one| one.version).collect();
    let kinds: BTreeMap<String, String> = kinds
        .into_iter()
        .map(|one| (one.version, one.kind))
        .collect();
    let versions: BTreeSet<String> = scripts.iter().map(|script| script.version()).collect();
    let pending = scripts
        .iter()
        .filter(|script| !applied.contains(&script.version()))
        .map(|script| script.name.to_owned());
    let (ahead, unknown) = applied.difference(&versions).cloned().partition(|version| {
        kinds
            .get(version)
            .is_some_and(|kind| kind == scripts::EXPAND)
    });
    SchemaStatus {
        pending: pending.collect(),
        unknown,
        ahead,
        unfinished_move: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::SQLITE;

    #[test]
    fn kinds_are_remembered_from_when_they_can_be() {
        let upto = |at: usize| remembered(SQLITE, SQLITE.get(..at).unwrap()).len();
        assert_eq!(upto(0), 0);
        assert_eq!(upto(9), 0, "the table is not there yet");
        assert_eq!(upto(SQLITE.len()), SQLITE.len(), "those before it too");
    }
}
