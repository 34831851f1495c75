//! `cargo xtask generate [--check]`

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::{Context as _, Failure};
use crate::prerequisites::{self, Prerequisite};
use crate::{contract, process, report, workspace};

/// A committed file that is made.
struct Generated {
    path: &'static str,
    /// What to ask `grantor` for; nothing for what is made of the sources.
    arguments: &'static [&'static str],
}

const FILES: [Generated; 5] = [
    Generated {
        path: "migrations/current.txt",
        arguments: &[],
    },
    Generated {
        path: "openapi/openapi.json",
        arguments: &["openapi"],
    },
    Generated {
        path: "docs/reference/configuration.md",
        arguments: &["reference", "configuration"],
    },
    Generated {
        path: "docs/reference/errors.md",
        arguments: &["reference", "errors"],
    },
    Generated {
        path: "docs/reference/metrics.md",
        arguments: &["reference", "metrics"],
    },
];

/// Writes the generated files, or with `--check` only says which of them are stale.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err(Failure::usage("cargo xtask generate [--check]")),
    };
    prerequisites::ensure(&[Prerequisite::CCompiler, Prerequisite::Libpq])?;
    let binary = report::step("build", workspace::build_grantor)?;
    let mut stale = Vec::new();
    for file in FILES {
        let path = workspace::root().join(file.path);
        let current = match file.arguments {
            [] => contract::current()?,
            arguments => process::capture(Command::new(&binary).args(arguments))?,
        };
        if fs::read_to_string(&path).is_ok_and(|committed| committed == current) {
            continue;
        }
        stale.push(file.path);
        if !check {
            write(&path, &current)?;
            report::say(format_args!("generate: wrote {}", file.path));
        }
    }
    match stale.as_slice() {
        [] => report::say(format_args!("generate: {} files are current", FILES.len())),
        stale if check => {
            return Err(Failure::new(format!(
                "not what the code says: {}. Run `cargo xtask generate` and commit the result.",
                stale.join(", ")
            )));
        }
        _ => {}
    }
    Ok(())
}

fn write(path: &Path, content: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).context(format_args!("cannot make {}", folder.display()))?;
    fs::write(path, content).context(format_args!("cannot write {}", path.display()))
}
