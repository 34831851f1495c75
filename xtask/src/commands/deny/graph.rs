//! The packages that are really built.
//!
//! `cargo metadata` knows licences and sources, but it resolves features the old way and lists packages nothing
//! enables. `cargo tree` resolves them as a build does, so it decides who is in.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::failure::Failure;
use crate::{process, workspace};

/// How cargo names the public registry.
pub(super) const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A package and what is known about it.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) licence: Option<String>,
    /// None for a package in a local folder.
    pub(super) source: Option<String>,
    /// Whether it is one of ours.
    pub(super) is_member: bool,
}

impl Package {
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn read(value: &Value, members: &[Value]) -> Result<Self, Failure> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let (Some(name), Some(version)) = (text("name"), text("version")) else {
            return Err(Failure::new(
                "cargo metadata lists a package without name or version",
            ));
        };
        let is_member = value.get("id").is_some_and(|id| members.contains(id));
        Ok(Self {
            name,
            version,
            licence: text("license"),
            source: text("source"),
            is_member,
        })
    }
}

/// The resolved dependencies of the whole workspace, tests included, for every target.
pub(super) struct Graph {
    packages: Vec<Package>,
}

impl Graph {
    pub(super) fn resolve() -> Result<Self, Failure> {
        let built: BTreeSet<(String, String)> = tree(&[])?
            .lines()
            .filter(|line| !line.is_empty())
            .map(package_line)
            .collect::<Result<_, _>>()?;
        let metadata = workspace::metadata(&["--locked"])?;
        let array = |key: &str| {
            metadata
                .get(key)
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice)
        };
        let mut packages = Vec::new();
        for value in array("packages") {
            let package = Package::read(value, array("workspace_members"))?;
            if built.contains(&(package.name.clone(), package.version.clone())) {
                packages.push(package);
            }
        }
        if packages.len() < built.len() {
            return Err(Failure::new(
                "cargo tree and cargo metadata do not list the same packages",
            ));
        }
        Ok(Self { packages })
    }

    pub(super) fn packages(&self) -> &[Package] {
        &self.packages
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.packages.iter().any(|package| package.name == name)
    }

    /// The names of the packages that depend on `name` directly.
    pub(super) fn dependents(&self, name: &str) -> Result<Vec<String>, Failure> {
        let mut dependents = BTreeSet::new();
        for package in self.packages.iter().filter(|package| package.name == name) {
            let specification = format!("{}@{}", package.name, package.version);
            let inverted = tree(&["--invert", &specification, "--depth", "1"])?;
            for line in inverted.lines().filter(|line| !line.is_empty()) {
                dependents.insert(package_line(line)?.0);
            }
        }
        dependents.remove(name);
        Ok(dependents.into_iter().collect())
    }
}

fn tree(arguments: &[&str]) -> Result<String, Failure> {
    let mut cargo = workspace::cargo();
    cargo.args([
        "tree",
        "--locked",
        "--workspace",
        "--target",
        "all",
        "--edges",
        "normal,build,dev",
    ]);
    process::capture(
        cargo
            .args(["--prefix", "none", "--format", "{p}"])
            .args(arguments),
    )
}

/// `serde v1.0.229 (proc-macro) (*)` is `serde` and `1.0.229`.
pub(crate) fn package_line(line: &str) -> Result<(String, String), Failure> {
    let mut words = line.split_whitespace();
    match (
        words.next(),
        words.next().and_then(|word| word.strip_prefix('v')),
    ) {
        (Some(name), Some(version)) => Ok((name.to_owned(), version.to_owned())),
        _ => Err(Failure::new(format!(
            "cannot read this line of cargo tree: {line}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::package_line;

    #[test]
    fn reads_name_and_version_of_a_line_of_cargo_tree() {
        let expected = ("serde".to_owned(), "1.0.229".to_owned());
        assert_eq!(
            package_line("serde v1.0.229 (proc-macro) (*)").unwrap(),
            expected
        );
        assert!(package_line("[dev-dependencies]").is_err());
    }
}
