//! `cargo xtask fuzz [target…] [--seconds N]`

mod outcome;

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo_tools::CargoTool;
use crate::failure::{Context as _, Failure};
use crate::folder::Folder;
use crate::prerequisites::{self, Prerequisite};
use crate::{process, report, workspace};

use outcome::Outcome;

const CARGO_FUZZ: CargoTool = CargoTool {
    name: "cargo-fuzz",
    version: "0.13.2",
};

/// As long as a target runs when nobody says otherwise: ten minutes.
const SECONDS: u32 = 600;

/// What ends a target as a finding: a slow input (s), a large process and a large allocation (MiB). Inputs are
/// as long as YAML and the bodies of OAuth endpoints may be.
const BOUNDS: [&str; 4] = [
    "-timeout=10",
    "-rss_limit_mb=1024",
    "-malloc_limit_mb=256",
    "-max_len=65536",
];

/// Fuzzes the targets of `fuzz/`, one after the other: all, or those that are named. It goes on after a finding, and
/// fails at the end.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let known = targets()?;
    let wish = Wish::read(arguments, &known)?;
    prerequisites::ensure(&[Prerequisite::CCompiler, Prerequisite::CxxCompiler])?;
    let folder = Folder::open("fuzzing")?;
    let programs = report::step("build the fuzz targets", build)?;
    let mut findings = Vec::new();
    for target in &wish.targets {
        let name = format!("fuzz {target} for {} s", wish.seconds);
        let outcome = report::step(&name, || fuzz(&programs, target, wish.seconds, &folder))?;
        report::say(&outcome);
        findings.extend(outcome.finding());
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{}\nput each input into fuzz/corpus/<target>, where the tests read it, and mend what it shows",
        findings.join("\n")
    )))
}

/// The names of the targets.
fn targets() -> Result<Vec<String>, Failure> {
    let folder = workspace::root().join("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).context(format_args!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for file in files {
        let path = file.context("cannot read fuzz/fuzz_targets")?.path();
        names.extend(
            path.file_stem()
                .map(|name| name.to_string_lossy().into_owned()),
        );
    }
    names.sort();
    Ok(names)
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    targets: Vec<String>,
    seconds: u32,
}

impl Wish {
    fn read(arguments: &[String], known: &[String]) -> Result<Self, Failure> {
        let mut wish = Self {
            targets: Vec::new(),
            seconds: SECONDS,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--seconds" {
                let seconds = rest.next().and_then(|text| text.parse().ok());
                let seconds = seconds.filter(|seconds| *seconds > 0);
                wish.seconds =
                    seconds.ok_or_else(|| Failure::usage("--seconds takes a number of seconds"))?;
            } else if known.contains(argument) {
                wish.targets.push(argument.clone());
            } else {
                return Err(Failure::usage(format!(
                    "there is no target `{argument}`; there are {}",
                    known.join(", ")
                )));
            }
        }
        if wish.targets.is_empty() {
            wish.targets = known.to_vec();
        }
        Ok(wish)
    }
}

/// Builds all targets with the address sanitizer, which also counts allocations, and returns their folder.
fn build() -> Result<PathBuf, Failure> {
    let cargo_fuzz = CARGO_FUZZ.ensure()?;
    let root = workspace::root();
    fs::copy(root.join("Cargo.lock"), root.join("fuzz/Cargo.lock"))
        .context("cannot copy Cargo.lock")?;
    let target = workspace::target_directory()?;
    let mut command = Command::new(cargo_fuzz);
    command
        .args([
            "build",
            "--sanitizer",
            "address",
            "--fuzz-dir",
            "fuzz",
            "--target-dir",
        ])
        .arg(&target)
        .current_dir(root)
        // Sanitizers are unstable options of a compiler that has them.
        .env("RUSTC_BOOTSTRAP", "1");
    process::run(&mut command)?;
    Ok(target.join(host()?).join("release"))
}

/// The triple of this machine, for which cargo-fuzz builds.
fn host() -> Result<String, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let version = process::capture(Command::new(rustc).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| Failure::new("rustc -vV names no host"))
}

/// Runs one target. New inputs are kept from run to run, outside the repository.
fn fuzz(programs: &Path, target: &str, seconds: u32, folder: &Folder) -> Result<Outcome, Failure> {
    let grown = folder.join(&format!("{target}-corpus"));
    let found = folder.join(&format!("{target}-findings"));
    for needed in [&grown, &found] {
        fs::create_dir_all(needed).context(format_args!("cannot make {}", needed.display()))?;
    }
    let log = folder.join(&format!("{target}.log"));
    let output = File::create(&log).context(format_args!("cannot write {}", log.display()))?;
    let mut command = Command::new(programs.join(target));
    command
        .args(BOUNDS)
        .arg(format!("-max_total_time={seconds}"))
        .arg("-print_final_stats=1")
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(&grown)
        .arg(workspace::root().join("fuzz/corpus").join(target))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(output);
    let status = command
        .status()
        .context(format_args!("cannot start {target}"))?;
    let written = fs::read(&log).context(format_args!("cannot read {}", log.display()))?;
    let written = String::from_utf8_lossy(&written);
    Ok(Outcome::read(target, status.success(), &written, &log))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(arguments: &[&str]) -> Result<Wish, Failure> {
        let owned = |texts: &[&str]| {
            texts
                .iter()
                .map(|&text| text.to_owned())
                .collect::<Vec<_>>()
        };
        Wish::read(&owned(arguments), &owned(&["form", "json"]))
    }

    #[test]
    fn without_a_name_every_target_is_meant() {
        let all = wish(&["--seconds", "5"]).unwrap();
        assert_eq!((all.targets.len(), all.seconds), (2, 5));
        let one = wish(&["json"]).unwrap();
        assert_eq!(
            (one.targets, one.seconds),
            (vec!["json".to_owned()], SECONDS)
        );
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for wrong in [&["jsn"][..], &["--seconds"], &["--seconds", "0"]] {
            assert!(wish(wrong).is_err(), "{wrong:?}");
        }
    }
}
