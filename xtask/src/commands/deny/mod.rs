//! `cargo xtask deny`: the rules of `deny.toml`, against the dependencies that are really built.

mod graph;
mod licence;
mod rules;

use crate::failure::Failure;
use crate::report;

use graph::{Graph, Package};
use rules::{Ban, Rules};

/// Checks licences, banned crates and sources; every breach is listed.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if !arguments.is_empty() {
        return Err(Failure::usage("cargo xtask deny takes no arguments"));
    }
    let rules = Rules::read()?;
    let graph = Graph::resolve()?;
    let mut breaches = Vec::new();
    for package in graph.packages() {
        breaches.extend(unlicensed(package, &rules));
        breaches.extend(from_elsewhere(package));
    }
    for ban in rules.bans() {
        if graph.contains(&ban.name) {
            breaches.extend(banned(ban, &graph.dependents(&ban.name)?));
        }
    }
    if breaches.is_empty() {
        report::say(format_args!(
            "deny: {} packages keep the rules of deny.toml",
            graph.packages().len()
        ));
        return Ok(());
    }
    Err(Failure::new(format!(
        "these dependencies break the rules of deny.toml:\n  {}",
        breaches.join("\n  ")
    )))
}

fn unlicensed(package: &Package, rules: &Rules) -> Option<String> {
    let name = package.label();
    match package
        .licence
        .as_deref()
        .map(|expression| licence::is_met(expression, rules.licences()))
    {
        Some(Ok(true)) => None,
        Some(Ok(false)) => Some(format!(
            "{name}: licence `{}` is not met by the allowed ones; choose another crate",
            package.licence.as_deref().unwrap_or_default()
        )),
        Some(Err(problem)) => Some(format!("{name}: {problem}")),
        None => Some(format!(
            "{name}: states no licence expression; choose another crate"
        )),
    }
}

fn from_elsewhere(package: &Package) -> Option<String> {
    let allowed = match package.source.as_deref() {
        None => package.is_member,
        Some(source) => source == graph::CRATES_IO,
    };
    let source = package
        .source
        .as_deref()
        .unwrap_or("a path outside the workspace");
    (!allowed).then(|| {
        format!(
            "{}: comes from {source}; only crates.io is allowed",
            package.label()
        )
    })
}

fn banned(ban: &Ban, dependents: &[String]) -> Vec<String> {
    let outside: Vec<&String> = dependents
        .iter()
        .filter(|name| !ban.wrappers.contains(name))
        .collect();
    outside
        .into_iter()
        .map(|dependent| {
            format!(
                "{}: banned ({}); {dependent} brings it in",
                ban.name, ban.reason
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ban() -> Ban {
        Ban {
            name: "rsa".into(),
            reason: "slow".into(),
            wrappers: vec!["superboring".into()],
        }
    }

    fn package(source: Option<&str>, is_member: bool) -> Package {
        Package {
            name: "one".into(),
            version: "1.0.0".into(),
            licence: Some("MIT".into()),
            source: source.map(str::to_owned),
            is_member,
        }
    }

    #[test]
    fn a_banned_crate_is_named_with_whoever_brings_it_in() {
        assert_eq!(
            banned(&ban(), &["jwt".into()]),
            ["rsa: banned (slow); jwt brings it in"]
        );
    }

    #[test]
    fn a_wrapper_may_bring_a_banned_crate_in() {
        assert!(banned(&ban(), &["superboring".into()]).is_empty());
    }

    #[test]
    fn only_members_may_come_from_a_path_and_only_crates_io_may_be_a_registry() {
        assert_eq!(from_elsewhere(&package(None, true)), None);
        assert_eq!(
            from_elsewhere(&package(Some(graph::CRATES_IO), false)),
            None
        );
        assert!(from_elsewhere(&package(None, false)).is_some());
        assert!(from_elsewhere(&package(Some("git+https://example.org/one"), false)).is_some());
    }

    #[test]
    fn the_rules_of_this_workspace_can_be_read() {
        let rules = Rules::read().unwrap();
        assert!(rules.licences().contains(&"MIT".to_owned()));
        assert!(rules.bans().iter().any(|ban| ban.name == "openssl"));
    }
}
