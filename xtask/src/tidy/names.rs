//! Who may name what: an outer thing is known to one crate, so that it can be replaced there.

use super::arrows::{packages, text};
use super::hold;
use super::sources::{self, Source};

/// Texts that may stand in some folders only.
struct Rule {
    says: &'static str,
    texts: &'static [&'static str],
    folders: &'static [&'static str],
    /// Whether test code may do it anywhere.
    tests_may: bool,
}

const RULES: &[Rule] = &[
    Rule {
        says: "Only crates/persistence knows Diesel, and the bench, which measures it alone. Put the query there, \
               behind a port:",
        texts: &["diesel::", "use diesel", "diesel_migrations"],
        folders: &["crates/persistence/", "bench/src/ceiling/table/"],
        tests_may: false,
    },
    Rule {
        says: "Only crates/http-api knows status codes. Return a reason, a fault or a value, and let \
               crates/http-api/src/error.rs choose the status:",
        texts: &["StatusCode"],
        folders: &["crates/http-api/"],
        tests_may: false,
    },
    Rule {
        says: "Only crates/crypto knows Argon2, and the bench, which measures it alone. Use the port PasswordHasher:",
        texts: &["argon2::", "use argon2;"],
        folders: &["crates/crypto/", "bench/src/ceiling/"],
        tests_may: false,
    },
    Rule {
        says: "Only crates/policies knows Cedar. Use the ports PolicyEngine and Judge:",
        texts: &["cedar_policy::", "use cedar_policy"],
        folders: &["crates/policies/"],
        tests_may: false,
    },
    Rule {
        says: "Only crates/app reads the environment. Hand the value in as an option:",
        texts: &["std::env", "env::var"],
        folders: &["crates/app/", "xtask/", "tests/", "bench/"],
        tests_may: true,
    },
];

/// Dependencies that one package alone may have.
const OWNED: &[(&str, &[&str])] = &[
    (
        "grantor-persistence",
        &[
            "diesel",
            "diesel_migrations",
            "libsqlite3-sys",
            "pq-sys",
            "r2d2",
        ],
    ),
    (
        "grantor-crypto",
        &[
            "argon2",
            "bcrypt",
            "jsonwebtoken",
            "password-hash",
            "scrypt",
            "zxcvbn",
        ],
    ),
    (
        "grantor-http-api",
        &["utoipa", "utoipa-actix-web", "utoipa-swagger-ui"],
    ),
    ("grantor-policies", &["cedar-policy", "cedar-policy-core"]),
    ("grantor-app", &["clap", "config", "tracing-subscriber"]),
    ("grantor-throttle-redis", &["redis"]),
];

/// Packages that have a dependency of another's all the same.
const EXCEPTIONS: &[(&str, &str)] = &[
    // What hashing or a database alone reaches must not be measured through the adapter it is the ceiling of.
    ("bench", "argon2"),
    ("bench", "diesel"),
    ("bench", "libsqlite3-sys"),
    // Two stores, two pools of connections.
    ("grantor-throttle-redis", "r2d2"),
];

#[test]
fn outer_things_are_named_in_one_crate() {
    let sources = sources::all();
    for rule in RULES {
        let breaches: Vec<String> = sources
            .iter()
            .flat_map(|source| breaches_of(rule, source))
            .collect();
        hold(rule.says, &breaches);
    }
}

#[test]
fn outer_things_are_dependencies_of_one_crate() {
    let mut breaches = Vec::new();
    for package in packages() {
        let name = text(&package, "name");
        for dependency in package["dependencies"].as_array().unwrap() {
            let dependency = text(dependency, "name");
            if EXCEPTIONS.contains(&(name.as_str(), dependency.as_str())) {
                continue;
            }
            let owner = OWNED
                .iter()
                .find(|(_, owned)| owned.contains(&dependency.as_str()));
            if let Some((owner, _)) = owner.filter(|(owner, _)| *owner != name) {
                breaches.push(format!(
                    "{name} depends on {dependency}, which belongs to {owner}"
                ));
            }
        }
    }
    hold(
        "Ask the crate that owns the dependency for what you need, through a port or its options:",
        &breaches,
    );
}

fn breaches_of(rule: &Rule, source: &Source) -> Vec<String> {
    if rule
        .folders
        .iter()
        .any(|folder| source.path.starts_with(folder))
    {
        return Vec::new();
    }
    if rule.tests_may && source.is_test_file() {
        return Vec::new();
    }
    let lines: Vec<(usize, &str)> = if rule.tests_may {
        source.code_without_tests().collect()
    } else {
        source.code().collect()
    };
    lines
        .into_iter()
        .filter(|(_, line)| rule.texts.iter().any(|text| names(line, text)))
        .map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim()))
        .collect()
}

/// Whether the text stands in the line and does not merely end a longer name.
fn names(line: &str, text: &str) -> bool {
    line.match_indices(text).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

#[test]
fn a_longer_name_is_another_name() {
    assert!(names("use argon2::Params;", "argon2::"));
    assert!(!names("use crate::my_argon2::Params;", "argon2::"));
}
