//! What we believe about the structure of the workspace, as tests. A failure names the place and says what to do.

mod arrows;
mod clocks;
mod containers;
mod deployment;
mod domain;
mod fuzzing;
mod manifests;
mod marks;
mod migrations;
mod names;
mod sizes;
mod sources;
mod threats;

/// Fails with every breach, one a line, below the rule they break.
fn hold(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}\n  {}\n", breaches.join("\n  "));
}
