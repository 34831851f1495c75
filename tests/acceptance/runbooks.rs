//! The commands of the runbooks do what the runbooks say: each page's blocks marked `sh test`, in their order.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::settings::{ROOT_SECRET, program};
use crate::support::{Setup, Store, World};

/// What marks a block that is run.
const MARK: &str = "```sh test";

/// Pages whose commands need what a test has not got, and why.
const NOT_RUN: [(&str, &str); 3] = [
    ("README.md", "is the list of the others"),
    ("advisory.md", "is about the sources and the registry"),
    ("ledger-violation.md", "has no commands"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/runbooks")
}

/// The script that a page's marked blocks are together.
fn script(page: &str) -> String {
    let text = fs::read_to_string(folder().join(page)).unwrap();
    let mut script = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start() == MARK {
            let block = lines.by_ref().take_while(|line| line.trim_start() != "```");
            for line in block {
                script.push_str(line);
                script.push('\n');
            }
        }
    }
    script
}

#[track_caller]
fn follow(page: &str, world: &World) {
    let script = script(page);
    assert!(!script.is_empty(), "{page} has no block marked `{MARK}`");
    run(page, &script, world);
}

/// Runs a page as an operator with a shell beside the server would.
#[track_caller]
fn run(page: &str, script: &str, world: &World) {
    let work = world.setup.folder.path().join("operator");
    if !work.exists() {
        fs::create_dir_all(work.join("bin")).unwrap();
        symlink(program().get_program(), work.join("bin/grantor")).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "a shell finds its tools there")]
    let path = std::env::var("PATH").unwrap();
    let mut shell = world.setup.command(&[]);
    let variables: Vec<_> = shell
        .get_envs()
        .map(|(name, value)| (name.to_owned(), value.map(std::ffi::OsStr::to_owned)))
        .collect();
    shell = Command::new("bash");
    for (name, value) in variables {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell
        .args(["-euxo", "pipefail", "-c", script])
        .current_dir(&work)
        .env("PATH", format!("{}:{path}", work.join("bin").display()))
        .env("AUTH", &world.http.base)
        .env("OPS", &world.ops.base)
        .env("ADMIN", format!("root:{ROOT_SECRET}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{page}: {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

macro_rules! runbooks {
    ($($name:ident: $page:literal),+ $(,)?) => {
        $(
            on_every_store!($name, |world| {
                world.myapp().log_in("user");
                follow($page, world);
            });
        )+

        const FOLLOWED: &[&str] = &[$($page),+];
    };
}

runbooks! {
    first_start: "first-start.md",
    lost_admin: "lost-admin.md",
    user_takeover: "user-takeover.md",
    client_secret_leaked: "client-secret-leaked.md",
    signing_key_leaked: "signing-key-leaked.md",
    database_down: "database-down.md",
    disk_full: "disk-full.md",
    overload: "overload.md",
    clock_wrong: "clock-wrong.md",
    restore: "restore.md",
    upgrade: "upgrade.md",
    janitor_behind: "janitor-behind.md",
    audit_chain_broken: "audit-chain-broken.md",
}

#[test]
fn every_page_is_followed_or_says_why_not() {
    let files = fs::read_dir(folder()).unwrap();
    let pages: BTreeSet<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let not_run = NOT_RUN.iter().map(|(page, _)| *page);
    let known = FOLLOWED.iter().copied().chain(not_run);
    assert_eq!(pages, known.map(str::to_owned).collect());
    for (page, _) in NOT_RUN {
        assert_eq!(script(page), "", "{page} has blocks to run");
    }
}

#[test]
fn a_command_that_fails_is_noticed_wherever_it_stands() {
    let world = Setup::on(Store::Sqlite).start();
    for script in [
        "false",
        "grantor keys retire nobodys\ntrue",
        "curl --fail --silent \"$AUTH/Client\" | cat",
        "curl --fail --silent \"$OPS/health/ready\" | grep nothing",
    ] {
        let ran = AssertUnwindSafe(|| run(script, script, &world));
        assert!(std::panic::catch_unwind(ran).is_err(), "{script}");
    }
    run(
        "health",
        "curl --fail --silent \"$OPS/health/ready\"",
        &world,
    );
}
