//! `cargo xtask sbom`: the software bill of materials of the program, in `CycloneDX`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::cargo_tools::CargoTool;
use crate::commands::deny::package_line;
use crate::failure::{Context as _, Failure};
use crate::{process, report, workspace};

const CARGO_CYCLONEDX: CargoTool = CargoTool {
    name: "cargo-cyclonedx",
    version: "0.5.9",
};

/// What cargo-cyclonedx calls its file, beside the manifest of each package that has a program.
const WRITTEN: &str = "_bin.cdx.json";

/// A package by name and version.
type Packages = BTreeSet<(String, String)>;

/// Writes `grantor.cdx.json` below cargo's folder: each package the program is built of, and no other.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if !arguments.is_empty() {
        return Err(Failure::usage("cargo xtask sbom takes no arguments"));
    }
    let built_of = built_of()?;
    let mut bill = made_elsewhere()?;
    keep(&mut bill, &built_of);
    let missing = missing(&bill, &built_of);
    if !missing.is_empty() {
        return Err(Failure::new(format!(
            "the bill of materials lacks {}",
            missing.join(", ")
        )));
    }
    let folder = workspace::target_directory()?.join("sbom");
    fs::create_dir_all(&folder).context(format_args!("cannot make {}", folder.display()))?;
    let path = folder.join("grantor.cdx.json");
    let text = format!("{bill:#}\n");
    fs::write(&path, text).context(format_args!("cannot write {}", path.display()))?;
    report::say(format_args!(
        "sbom: {} packages in {}",
        built_of.len(),
        path.display()
    ));
    Ok(())
}

/// What a release of the program is built of on this machine, its build scripts and macros included.
fn built_of() -> Result<Packages, Failure> {
    let mut cargo = workspace::cargo();
    cargo.args([
        "tree",
        "--locked",
        "--package",
        "grantor-app",
        "--edges",
        "normal,build",
    ]);
    let tree = process::capture(cargo.args(["--prefix", "none", "--format", "{p}"]))?;
    let lines = tree.lines().filter(|line| !line.is_empty());
    lines.map(package_line).collect()
}

/// What cargo-cyclonedx writes. It resolves features of the whole workspace, so it lists too much.
fn made_elsewhere() -> Result<Value, Failure> {
    let program = CARGO_CYCLONEDX.ensure()?;
    let root = workspace::root();
    let mut command = Command::new(program);
    command
        .args([
            "cyclonedx",
            "--quiet",
            "--format",
            "json",
            "--spec-version",
            "1.5",
        ])
        .args(["--describe", "binaries", "--manifest-path"])
        .arg(root.join("crates/app/Cargo.toml"))
        .current_dir(root);
    if let Some(time) = process::ask("git", &["log", "-1", "--format=%ct"]) {
        command.env("SOURCE_DATE_EPOCH", time);
    }
    process::run(&mut command)?;
    let written = root.join("crates/app").join(format!("grantor{WRITTEN}"));
    let text =
        fs::read_to_string(&written).context(format_args!("cannot read {}", written.display()))?;
    for stray in strays()? {
        fs::remove_file(&stray).context(format_args!("cannot remove {}", stray.display()))?;
    }
    // Nobody needs to know where it was built, and the same sources give the same bill.
    let text = text.replace(&format!("file://{}", root.display()), "file:///grantor");
    serde_json::from_str(&text).context("cannot read the bill of materials")
}

/// The files it leaves in the packages.
fn strays() -> Result<Vec<PathBuf>, Failure> {
    let metadata = workspace::metadata(&["--no-deps"])?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let manifests = packages
        .into_iter()
        .flatten()
        .filter_map(|package| package.get("manifest_path")?.as_str());
    let mut files = Vec::new();
    for manifest in manifests {
        let folder = PathBuf::from(manifest);
        let Some(folder) = folder.parent() else {
            continue;
        };
        let entries =
            fs::read_dir(folder).context(format_args!("cannot read {}", folder.display()))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        files.extend(paths.filter(|path| path.to_string_lossy().ends_with(WRITTEN)));
    }
    Ok(files)
}

/// Name and version of a component.
fn named(component: &Value) -> Option<(String, String)> {
    let text = |key: &str| component.get(key)?.as_str().map(str::to_owned);
    Some((text("name")?, text("version")?))
}

/// Takes out what the program is not built of.
fn keep(bill: &mut Value, built_of: &Packages) {
    let mut references = BTreeSet::new();
    if let Some(Value::Array(components)) = bill.get_mut("components") {
        components.retain(|component| named(component).is_some_and(|one| built_of.contains(&one)));
        let kept = components
            .iter()
            .filter_map(|component| component.get("bom-ref")?.as_str());
        references.extend(kept.map(str::to_owned));
    }
    let whole = bill
        .pointer("/metadata/component/bom-ref")
        .and_then(Value::as_str);
    references.extend(whole.map(str::to_owned));
    let is_kept = |reference: &Value| {
        reference
            .as_str()
            .is_some_and(|text| references.contains(text))
    };
    if let Some(Value::Array(dependencies)) = bill.get_mut("dependencies") {
        dependencies.retain(|one| one.get("ref").is_some_and(is_kept));
        for one in dependencies {
            if let Some(Value::Array(on)) = one.get_mut("dependsOn") {
                on.retain(is_kept);
            }
        }
    }
}

/// What the program is built of and the bill does not list. The program itself is its subject.
fn missing(bill: &Value, built_of: &Packages) -> Vec<String> {
    let components = bill.get("components").and_then(Value::as_array);
    let listed: Packages = components.into_iter().flatten().filter_map(named).collect();
    let missing = built_of.difference(&listed);
    let missing = missing.filter(|(name, _)| name != "grantor-app");
    missing
        .map(|(name, version)| format!("{name} {version}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn packages(names: &[&str]) -> Packages {
        let versioned = names
            .iter()
            .map(|name| ((*name).to_owned(), "1.0.0".to_owned()));
        versioned.collect()
    }

    fn bill() -> Value {
        let component = |name: &str| json!({"name": name, "version": "1.0.0", "bom-ref": name});
        json!({
            "metadata": {"component": {"bom-ref": "grantor"}},
            "components": [component("serde"), component("mockall")],
            "dependencies": [
                {"ref": "grantor", "dependsOn": ["serde", "mockall"]},
                {"ref": "mockall", "dependsOn": ["serde"]},
            ],
        })
    }

    #[test]
    fn what_is_not_built_is_taken_out_with_its_arrows() {
        let mut bill = bill();
        keep(&mut bill, &packages(&["serde", "grantor-app"]));
        assert_eq!(bill["components"].as_array().unwrap().len(), 1);
        assert_eq!(
            bill["dependencies"],
            json!([{"ref": "grantor", "dependsOn": ["serde"]}])
        );
    }

    #[test]
    fn what_is_not_listed_is_named() {
        let built_of = packages(&["grantor-app", "mockall", "rustls", "serde"]);
        assert_eq!(missing(&bill(), &built_of), ["rustls 1.0.0"]);
    }
}
