//! The domain stands alone: no framework, no serialisation, no I/O, no clock, no configuration.

use super::arrows::{packages, text};
use super::hold;
use super::sources;

/// What `crates/domain` may be built on. `serde_json` is there for `Document` only, as an opaque value; `mockall` for
/// the feature `mocks`.
const DEPENDENCIES: &[&str] = &[
    "base64",
    "hmac",
    "ipnet",
    "mockall",
    "precis-profiles",
    "serde_json",
    "sha2",
    "subtle",
    "thiserror",
    "uuid",
    "zeroize",
];

/// What its code may not say, tests included.
const FOREIGN: &[&str] = &[
    "serde::",
    "Serialize",
    "async fn",
    ".await",
    "std::fs",
    "std::io",
    "std::process",
    "tokio",
    "actix",
    "println!",
];

#[test]
fn the_domain_is_built_on_little() {
    let packages = packages();
    let domain = packages
        .iter()
        .find(|package| package["name"] == "grantor-domain")
        .unwrap();
    let dependencies = domain["dependencies"].as_array().unwrap();
    let released = dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev");
    let names = released.map(|dependency| text(dependency, "name"));
    let breaches: Vec<String> = names
        .filter(|name| !DEPENDENCIES.contains(&name.as_str()))
        .collect();
    hold(
        "Put what needs these behind a port, in an adapter:",
        &breaches,
    );
}

#[test]
fn the_domain_knows_no_outside() {
    let mut breaches = Vec::new();
    for source in sources::all()
        .iter()
        .filter(|source| source.path.starts_with("crates/domain/src/"))
    {
        let foreign = source
            .code()
            .filter(|(_, line)| FOREIGN.iter().any(|text| line.contains(text)));
        breaches.extend(
            foreign.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())),
        );
    }
    hold(
        "The domain decides; reading, writing, waiting and encoding belong to adapters:",
        &breaches,
    );
}
