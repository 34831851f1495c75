//! Which of our packages may see which. Arrows point inward; adapters never see one another.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::workspace;

use super::hold;

/// In what is released.
const ARROWS: &[(&str, &str)] = &[
    ("grantor-app", "grantor-crypto"),
    ("grantor-app", "grantor-domain"),
    ("grantor-app", "grantor-http-api"),
    ("grantor-app", "grantor-persistence"),
    ("grantor-app", "grantor-policies"),
    ("grantor-app", "grantor-throttle-redis"),
    ("grantor-crypto", "grantor-domain"),
    ("grantor-http-api", "grantor-domain"),
    ("grantor-persistence", "grantor-domain"),
    ("grantor-policies", "grantor-domain"),
    ("grantor-testkit", "grantor-domain"),
    ("grantor-throttle-redis", "grantor-domain"),
];

/// In tests only, beyond the arrows above.
const DEV_ARROWS: &[(&str, &str)] = &[
    ("acceptance", "grantor-app"),
    ("acceptance", "grantor-domain"),
    ("acceptance", "grantor-testkit"),
    ("grantor-crypto", "grantor-testkit"),
    ("grantor-domain", "grantor-testkit"),
    ("grantor-http-api", "grantor-testkit"),
    ("grantor-persistence", "grantor-testkit"),
    ("grantor-policies", "grantor-testkit"),
    ("grantor-throttle-redis", "grantor-testkit"),
];

type Arrows = BTreeSet<(String, String)>;

#[test]
fn packages_see_only_what_the_list_of_arrows_says() {
    let (normal, dev) = actual();
    let dev: Arrows = dev.difference(&normal).cloned().collect();
    let mut breaches = differences("", &normal, ARROWS);
    breaches.extend(differences("dev-", &dev, DEV_ARROWS));
    hold(
        "The packages and the list in xtask/src/tidy/arrows.rs disagree. A new arrow needs a record in \
         docs/decisions and a line in ARCHITECTURE.md; otherwise remove the dependency:",
        &breaches,
    );
}

fn differences(kind: &str, actual: &Arrows, listed: &[(&str, &str)]) -> Vec<String> {
    let listed: Arrows = listed
        .iter()
        .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
        .collect();
    let unlisted = actual.difference(&listed);
    let unlisted = unlisted.map(|(from, to)| {
        format!("{from} has a {kind}dependency on {to}, which is not in the list")
    });
    let vanished = listed.difference(actual);
    let vanished =
        vanished.map(|(from, to)| format!("{from} -> {to} ({kind}dependency) is in the list only"));
    unlisted.chain(vanished).collect()
}

/// Arrows between members, from normal and build dependencies, and from dev-dependencies.
fn actual() -> (Arrows, Arrows) {
    let packages = packages();
    let names: BTreeSet<String> = packages
        .iter()
        .map(|package| text(package, "name"))
        .collect();
    let (mut normal, mut dev) = (Arrows::new(), Arrows::new());
    for package in &packages {
        for dependency in package["dependencies"].as_array().unwrap() {
            let arrow = (text(package, "name"), text(dependency, "name"));
            if names.contains(&arrow.1) {
                let arrows = if dependency["kind"] == "dev" {
                    &mut dev
                } else {
                    &mut normal
                };
                arrows.insert(arrow);
            }
        }
    }
    (normal, dev)
}

/// The members, as cargo sees them.
pub(super) fn packages() -> Vec<Value> {
    let metadata = workspace::metadata(&["--no-deps"]).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// A text of a package or of a dependency.
pub(super) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}
