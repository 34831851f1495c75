//! Both databases have the same migrations, in the same order, each with its way back.

use std::collections::BTreeSet;
use std::fs;

use crate::workspace;

use super::hold;

#[test]
fn both_databases_have_the_same_migrations() {
    let [postgres, sqlite] = ["postgres", "sqlite"].map(names);
    assert!(
        !postgres.is_empty(),
        "migrations/postgres holds no migration"
    );
    let breaches: Vec<String> = postgres.symmetric_difference(&sqlite).cloned().collect();
    hold(
        "Each of these migrations is missing in migrations/postgres or in migrations/sqlite; write it:",
        &breaches,
    );
}

#[test]
fn every_migration_leads_up_and_down() {
    let mut breaches = Vec::new();
    for database in ["postgres", "sqlite"] {
        for name in names(database) {
            for file in ["up.sql", "down.sql"] {
                let path = format!("migrations/{database}/{name}/{file}");
                let written = fs::read_to_string(workspace::root().join(&path)).unwrap_or_default();
                if written.trim().is_empty() {
                    breaches.push(path);
                }
            }
        }
    }
    hold("These files are missing or empty; write them:", &breaches);
}

#[test]
fn every_migration_says_whether_the_release_before_works_on() {
    let mut breaches = Vec::new();
    for database in ["postgres", "sqlite"] {
        for name in names(database) {
            let path = format!("migrations/{database}/{name}/up.sql");
            let written = fs::read_to_string(workspace::root().join(&path)).unwrap_or_default();
            let head = written.lines().next().unwrap_or_default();
            if head != "-- expand" && !head.starts_with("-- contract: ") {
                breaches.push(path);
            }
        }
    }
    hold(
        "Begin these files with the line `-- expand`, or with `-- contract: ` and what goes:",
        &breaches,
    );
}

#[test]
fn migrations_are_named_by_date_and_subject() {
    let is_named = |name: &str| {
        let parts = name.split_once('_');
        parts.is_some_and(|(date, subject)| {
            !subject.is_empty()
                && date.len() >= 10
                && date.chars().all(|c| c.is_ascii_digit() || c == '-')
        })
    };
    let breaches: Vec<String> = names("postgres")
        .into_iter()
        .filter(|name| !is_named(name))
        .collect();
    hold(
        "Name a migration <date>_<subject>, as 2026-11-23-000000_sessions:",
        &breaches,
    );
}

fn names(database: &str) -> BTreeSet<String> {
    let folder = workspace::root().join("migrations").join(database);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let entries = entries
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir());
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
