//! The table of abuses names tests, and each of them is there.

use std::fs;

use crate::workspace;

use super::hold;

const PAGE: &str = "docs/explanation/threat-model.md";

/// A row that has no test says so, with these words.
const NOT_YET: &str = "does not apply yet";

#[test]
fn every_abuse_has_a_test_that_exists() {
    let page = fs::read_to_string(workspace::root().join(PAGE)).unwrap();
    let table = page.lines().skip_while(|line| !line.starts_with("| abuse"));
    let rows: Vec<&str> = table
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert!(
        rows.len() >= 20,
        "the table of {PAGE} has {} rows",
        rows.len()
    );
    let mut breaches = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let [abuse, _, tests] = cells.as_slice() else {
            breaches.push(format!("not three cells: {row}"));
            continue;
        };
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if named.is_empty() && !tests.contains(NOT_YET) {
            breaches.push(format!("{abuse}: name a test, or say \"{NOT_YET}\""));
        }
        let missing = named.into_iter().filter(|name| !exists(name));
        breaches.extend(missing.map(|name| format!("{abuse}: there is no test `{name}`")));
    }
    hold(&format!("{PAGE}:"), &breaches);
}

/// Whether a test stands where its name says: `path::function`, or a command of ours.
fn exists(name: &str) -> bool {
    if let Some(command) = name.strip_prefix("cargo xtask ") {
        let main = fs::read_to_string(workspace::root().join("xtask/src/main.rs")).unwrap();
        return main.contains(&format!("\"{command}\" =>"));
    }
    let Some((path, function)) = name.split_once("::") else {
        return false;
    };
    let text = fs::read_to_string(workspace::root().join(path)).unwrap_or_default();
    let is_function = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("async ").unwrap_or(line);
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let rest = line
            .strip_prefix("fn ")
            .and_then(|rest| rest.strip_prefix(function));
        let alone = line.strip_suffix(',') == Some(function);
        let in_store = line
            .split_once('!')
            .and_then(|(_, rest)| rest.strip_prefix('('))
            .and_then(|rest| rest.strip_prefix(function))
            .is_some_and(|rest| rest.starts_with(','));
        rest.is_some_and(|rest| rest.starts_with('(')) || alone || in_store
    };
    text.lines().any(is_function)
}

#[test]
fn a_name_that_is_nowhere_is_noticed() {
    assert!(exists(
        "xtask/src/tidy/threats.rs::every_abuse_has_a_test_that_exists"
    ));
    assert!(exists(
        "tests/acceptance/throttle.rs::successes_cost_nothing"
    ));
    assert!(!exists("tests/acceptance/throttle.rs::successes_cost"));
    assert!(!exists(
        "tests/acceptance/nowhere.rs::successes_cost_nothing"
    ));
    assert!(exists("cargo xtask deny") && !exists("cargo xtask den"));
}
