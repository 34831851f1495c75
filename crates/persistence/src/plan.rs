//! What migrations would do, before they do it.

use crate::effect::{self, Effect};
use crate::scripts::{Kind, Script};

/// A migration that is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedMigration {
    /// Its name.
    pub name: String,
    /// Whether the release before works on the schema it makes.
    pub kind: Kind,
    /// Whether it runs in one transaction with those around it.
    pub in_transaction: bool,
    /// What it does, in order.
    pub statements: Vec<PlannedStatement>,
}

/// A statement of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStatement {
    /// As it is written.
    pub text: String,
    /// What it does to those who work meanwhile. `None` on `SQLite`, where all who write wait for the
    /// whole migration, and nobody who reads.
    pub effect: Option<Effect>,
}

/// What those of these scripts that are named would do.
pub(crate) fn of(
    scripts: &[Script],
    names: &[String],
    locks_tables: bool,
) -> Vec<PlannedMigration> {
    let mut made = Vec::new();
    let planned = scripts
        .iter()
        .filter(|script| names.iter().any(|name| name == script.name));
    planned
        .map(|script| PlannedMigration {
            name: script.name.to_owned(),
            kind: script.kind(),
            in_transaction: script.in_transaction(),
            statements: script
                .statements()
                .into_iter()
                .map(|text| PlannedStatement {
                    effect: effect::of(&text, &mut made).filter(|_| locks_tables),
                    text,
                })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::{POSTGRES, SQLITE};

    #[test]
    fn the_effect_of_every_statement_is_known() {
        for script in POSTGRES.iter().chain(SQLITE) {
            for statement in script.statements() {
                let effect = effect::of(&statement, &mut Vec::new());
                assert!(
                    effect.is_some(),
                    "teach effect.rs this one, of {}:\n{statement}",
                    script.name
                );
            }
        }
    }

    #[test]
    fn what_takes_away_says_so() {
        for script in POSTGRES.iter().chain(SQLITE) {
            let mut made = Vec::new();
            let effects: Vec<Effect> = script
                .statements()
                .iter()
                .filter_map(|statement| effect::of(statement, &mut made))
                .collect();
            let contracts = effects.iter().any(|effect| effect.contracts);
            let says = matches!(script.kind(), Kind::Contract(_));
            assert_eq!(
                says, contracts,
                "{} must begin with `-- expand`, or with `-- contract: ` and what goes",
                script.name
            );
        }
    }

    #[test]
    fn what_cannot_run_in_a_transaction_is_told_to_run_outside() {
        for script in POSTGRES {
            let concurrent = script
                .statements()
                .iter()
                .any(|statement| statement.contains("CONCURRENTLY"));
            assert_eq!(concurrent, !script.in_transaction(), "{}", script.name);
        }
    }
}
