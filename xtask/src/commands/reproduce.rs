//! `cargo xtask reproduce`: the release program, built twice from the same commit in two folders, is the same file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Context as _, Failure};
use crate::folder::{self, Folder};
use crate::prerequisites::{self, Prerequisite};
use crate::{process, report, workspace};

/// Profile of `--quick`: a tenth of the time, and everything but the optimiser is asked the same.
const QUICK: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
];

/// Builds what is committed twice, each time from nothing, and compares.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let is_quick = match arguments {
        [] => false,
        [one] if one == "--quick" => true,
        _ => return Err(Failure::usage("cargo xtask reproduce [--quick]")),
    };
    prerequisites::ensure(&[Prerequisite::CCompiler, Prerequisite::Libpq])?;
    let folder = Folder::open("reproduce")?;
    let first = built(&folder.join("one"), is_quick)?;
    // Of another length too, so that a path that is only padded away would show.
    let second = built(&folder.join("another-place"), is_quick)?;
    let difference = difference(&read(&first)?, &read(&second)?);
    if let Some(difference) = difference {
        return Err(Failure::new(format!(
            "the two programs differ: {difference}; compare {} and {}",
            first.display(),
            second.display()
        )));
    }
    let sum = process::ask("sha256sum", &[&first.to_string_lossy()]).unwrap_or_default();
    let sum = sum
        .split_whitespace()
        .next()
        .unwrap_or("no sha256sum here")
        .to_owned();
    for place in ["one", "another-place"] {
        folder::remove(&folder.join(place))?;
    }
    report::say(format_args!("reproduce: both programs are {sum}"));
    Ok(())
}

/// Builds the program in a folder, from what is committed, and returns its path.
fn built(place: &Path, is_quick: bool) -> Result<PathBuf, Failure> {
    folder::remove(place)?;
    let sources = place.join("sources");
    fs::create_dir_all(&sources).context(format_args!("cannot make {}", sources.display()))?;
    check_out(&sources)?;
    let time = process::ask("git", &["log", "-1", "--format=%ct"])
        .ok_or_else(|| Failure::new("git does not say when the last commit was made"))?;
    let mut cargo = workspace::cargo();
    cargo
        .args([
            "build",
            "--locked",
            "--release",
            "--package",
            "grantor-app",
            "--bin",
            "grantor",
        ])
        .current_dir(&sources)
        .env("CARGO_TARGET_DIR", place.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env("SOURCE_DATE_EPOCH", time)
        .env("RUSTFLAGS", flags("--remap-path-prefix", place)?)
        .env("CFLAGS", flags("-ffile-prefix-map", place)?);
    if is_quick {
        cargo.envs(QUICK);
    }
    report::step(&format!("build in {}", place.display()), || {
        process::run(&mut cargo)
    })?;
    Ok(place.join("target/release/grantor"))
}

/// No path of this machine gets into the program: neither where it is built nor where packages are kept.
fn flags(option: &str, place: &Path) -> Result<String, Failure> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let home = home.ok_or_else(|| Failure::new("neither CARGO_HOME nor HOME is set"))?;
    Ok(format!(
        "{option}={}=/grantor {option}={}=/cargo",
        place.display(),
        home.display()
    ))
}

/// What is committed, without what is not.
fn check_out(into: &Path) -> Result<(), Failure> {
    let mut archive = Command::new("git");
    archive
        .args(["archive", "--format=tar", "HEAD"])
        .current_dir(workspace::root())
        .stdout(Stdio::piped());
    let mut archive = archive.spawn().context("cannot start git")?;
    let mut tar = Command::new("tar");
    tar.args(["-x", "-C"]).arg(into);
    if let Some(packed) = archive.stdout.take() {
        tar.stdin(packed);
    }
    process::run(&mut tar)?;
    let status = archive.wait().context("cannot wait for git")?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new("git archive failed"))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).context(format_args!("cannot read {}", path.display()))
}

/// Where two programs differ, in words.
fn difference(one: &[u8], other: &[u8]) -> Option<String> {
    if one.len() != other.len() {
        return Some(format!("{} and {} bytes", one.len(), other.len()));
    }
    let mut places = one.iter().zip(other).enumerate();
    let first = places.find(|(_, (one, other))| one != other)?.0;
    let more = places.filter(|(_, (one, other))| one != other).count();
    Some(format!("{} bytes, the first at {first:#x}", more + 1))
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_difference_and_their_number_are_told() {
        assert_eq!(difference(b"same", b"same"), None);
        let told = difference(b"abcd", b"aXcX").unwrap();
        assert_eq!(told, "2 bytes, the first at 0x1");
        assert!(difference(b"a", b"ab").is_some());
    }
}
