//! Every version and every lint is written in the workspace's `Cargo.toml`, and nowhere else.

use std::fs;

use toml::{Table, Value};

use super::arrows::{packages, text};
use super::hold;

const SHARED: &[&str] = &[
    "version",
    "edition",
    "rust-version",
    "license",
    "publish",
    "repository",
];

#[test]
fn members_take_everything_from_the_workspace() {
    let mut breaches = Vec::new();
    for package in packages() {
        let name = text(&package, "name");
        let path = text(&package, "manifest_path");
        let manifest: Table = fs::read_to_string(path).unwrap().parse().unwrap();
        let described = &manifest["package"];
        let own = SHARED
            .iter()
            .filter(|key| !described.get(**key).is_some_and(inherits));
        breaches
            .extend(own.map(|key| format!("{name}: write `{key}.workspace = true` in [package]")));
        if !manifest.get("lints").is_some_and(inherits) {
            breaches.push(format!("{name}: write `[lints] workspace = true`"));
        }
        breaches.extend(own_versions(&name, &manifest));
    }
    hold(
        "Members inherit from the workspace's Cargo.toml:",
        &breaches,
    );
}

fn own_versions(name: &str, manifest: &Table) -> Vec<String> {
    let mut lists: Vec<&Table> = vec![manifest];
    let targets = manifest.get("target").and_then(Value::as_table);
    lists.extend(
        targets
            .into_iter()
            .flat_map(|targets| targets.values().filter_map(Value::as_table)),
    );
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let dependencies = lists
        .iter()
        .flat_map(|list| kinds.iter().filter_map(|kind| list.get(*kind)?.as_table()));
    dependencies
        .flat_map(Table::iter)
        .filter(|(_, dependency)| !inherits(dependency))
        .map(|(dependency, _)| {
            format!("{name}: move the version of {dependency} to [workspace.dependencies], and take it by `.workspace = true`")
        })
        .collect()
}

fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}
