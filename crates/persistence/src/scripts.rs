//! The texts of all migrations, compiled into the program, and what each says of itself.
//!
//! The first line of an `up.sql` is `-- expand` or `-- contract: <what goes>`; a second one may be
//! `-- outside a transaction`. `migrations/README.md` has the rules.

use crate::statements;

/// Whether the program of the release before works on the schema after a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It does.
    Expand,
    /// It does only when it has stopped using what goes, as this text names it.
    Contract(String),
}

impl Kind {
    /// As the schema remembers it.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Expand => EXPAND,
            Self::Contract(_) => "contract",
        }
    }
}

/// As the schema remembers a migration that the program before works on.
pub(crate) const EXPAND: &str = "expand";

/// One migration of one database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    /// `<date>-<number>_<what>`.
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        /// Those of Postgres, in order.
        pub(crate) const POSTGRES: &[Script] = &[$(Script {
            name: $name,
            text: include_str!(concat!("../../../migrations/postgres/", $name, "/up.sql")),
        }),+];

        /// Those of `SQLite`, in order.
        pub(crate) const SQLITE: &[Script] = &[$(Script {
            name: $name,
            text: include_str!(concat!("../../../migrations/sqlite/", $name, "/up.sql")),
        }),+];
    };
}

scripts![
    "2026-11-23-000001_foundation",
    "2026-11-28-000001_resources",
    "2026-11-28-000002_audit",
    "2026-11-28-000003_client_secrets",
    "2026-11-28-000004_paging",
    "2026-11-28-000005_browser_notes",
    "2026-11-28-000006_event_counts",
    "2026-11-28-000007_events_of_sessions",
    "2026-11-28-000008_one_index_of_values",
    "2026-11-28-000009_session_census",
    "2026-11-28-000010_wrapped_keys",
    "2026-11-28-000011_schema_changes",
    "2026-11-28-000012_familiar_networks",
];

/// From this migration on the schema remembers what each is.
pub(crate) const REMEMBERED_SINCE: &str = "2026-11-28-000011_schema_changes";

impl Script {
    /// The part of its name that the database remembers.
    pub(crate) fn version(self) -> String {
        let version = self
            .name
            .split_once('_')
            .map_or(self.name, |(date, _)| date);
        version.replace('-', "")
    }

    /// What it says of itself; one that says nothing counts as one that takes away.
    pub(crate) fn kind(self) -> Kind {
        let head = self.text.lines().next().unwrap_or_default();
        match head.strip_prefix("-- contract: ") {
            None if head == "-- expand" => Kind::Expand,
            what => Kind::Contract(what.unwrap_or("it does not say what").to_owned()),
        }
    }

    /// Whether it runs in the transaction of those around it.
    pub(crate) fn in_transaction(self) -> bool {
        self.text.lines().nth(1) != Some("-- outside a transaction")
    }

    /// Its statements, without comments around them.
    pub(crate) fn statements(self) -> Vec<String> {
        statements::split(self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_migration_is_listed_in_order() {
        for (folder, scripts) in [("postgres", POSTGRES), ("sqlite", SQLITE)] {
            let folder =
                Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations")).join(folder);
            let mut names: Vec<String> = fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            let listed: Vec<&str> = scripts.iter().map(|script| script.name).collect();
            assert_eq!(listed, names, "list them in scripts.rs");
        }
    }

    #[test]
    fn what_diesel_is_told_of_transactions_agrees() {
        for (folder, scripts) in [("postgres", POSTGRES), ("sqlite", SQLITE)] {
            let folder =
                Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations")).join(folder);
            for script in scripts {
                let told = fs::read_to_string(folder.join(script.name).join("metadata.toml"));
                let outside = told.is_ok_and(|told| told.contains("run_in_transaction = false"));
                assert_eq!(script.in_transaction(), !outside, "{}", script.name);
            }
        }
    }

    #[test]
    fn both_databases_agree_on_what_a_migration_is() {
        for (one, other) in POSTGRES.iter().zip(SQLITE) {
            assert_eq!(one.kind(), other.kind(), "{}", one.name);
        }
    }

    #[test]
    fn versions_are_those_the_databases_remember() {
        assert_eq!(POSTGRES.first().unwrap().version(), "20261123000001");
    }

    #[test]
    fn a_silent_migration_counts_as_one_that_takes_away() {
        let silent = Script {
            name: "1_a",
            text: "CREATE TABLE a (b text);",
        };
        assert!(matches!(silent.kind(), Kind::Contract(_)));
    }
}
