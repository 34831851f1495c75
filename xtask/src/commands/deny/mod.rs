//! `cargo xtask deny`: the rules of `deny.toml`, against the dependencies that are really built, and what is known
//! against them.

mod advisories;
mod graph;
mod licence;
mod rules;

use crate::failure::Failure;
use crate::report;

use advisories::{Advisories, SNAPSHOT};
pub(crate) use graph::package_line;
use graph::{Graph, Package};
use rules::{Ban, Rules};

/// Checks licences, banned crates, sources and advisories; every breach is listed.
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
    breaches.extend(advised_against(&graph, &rules)?);
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

/// What the snapshot of the advisory database says of the packages. Without one, that is said: nothing is
/// skipped silently.
fn advised_against(graph: &Graph, rules: &Rules) -> Result<Vec<String>, Failure> {
    let Some(folder) = std::env::var_os(SNAPSHOT).filter(|folder| !folder.is_empty()) else {
        report::say(format_args!(
            "deny: advisories were NOT checked; set {SNAPSHOT} to a checkout of the RustSec advisory database"
        ));
        return Ok(Vec::new());
    };
    let advisories = Advisories::read(folder.as_ref())?;
    let mut breaches = Vec::new();
    let mut noticed = Vec::new();
    for package in graph.packages() {
        for advisory in advisories.about(&package.name, &package.version)? {
            let id = &advisory.id;
            if rules.is_ignored(id) {
                continue;
            }
            let told = format!("{}: {id}: {}", package.label(), advisory.title);
            if advisory.is_notice {
                noticed.push(told);
            } else {
                breaches.push(format!(
                    "{told}; update it, or ignore {id} in deny.toml with the reason"
                ));
            }
        }
    }
    report::say(format_args!(
        "deny: {} advisories, the newest of {}, were looked through",
        advisories.count(),
        advisories.newest()
    ));
    for notice in noticed {
        report::say(format_args!("deny: notice: {notice}"));
    }
    Ok(breaches)
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
