//! What must be on the machine before cargo can build or test: found, installed, or named with the command to run.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::{browser, clients, node, postgres, process, redis, report};

/// The way out for whoever runs Postgres elsewhere.
const OR_A_DATABASE: &str = "\nOr set TEST_DATABASE_URL to an administrator's database of a Postgres you have: \
                             postgres://user:password@host/postgres";

/// Something a command cannot do without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prerequisite {
    /// SQLite and the cryptography are compiled from C.
    CCompiler,
    /// The fuzzer is compiled from C++.
    CxxCompiler,
    /// The client library of Postgres, with its headers.
    Libpq,
    /// `initdb` and `postgres`.
    PostgresServer,
    /// `redis-server`, where budgets may be kept.
    RedisServer,
    /// What the runbooks ask the server with, and make secrets with.
    OperatorsTools,
    /// The load generator of the bench.
    Wrk,
    /// The shells of both databases, by which the bench fills them.
    SqlShells,
    /// Runs what is generated in TypeScript, and drives the browser.
    Node,
    /// Runs what is generated in Python, and the calls made from the document.
    Python,
    /// Shows the pages of the console.
    Chromium,
}

impl Prerequisite {
    fn is_there(self) -> bool {
        match self {
            Self::CCompiler => compiles("int main(void) { return 0; }", &[]),
            Self::CxxCompiler => process::ask("c++", &["--version"]).is_some(),
            Self::Libpq => {
                let includes = process::ask("pg_config", &["--includedir"])
                    .map(|folder| format!("-I{folder}"));
                let libraries =
                    process::ask("pg_config", &["--libdir"]).map(|folder| format!("-L{folder}"));
                let mut flags: Vec<String> = includes.into_iter().chain(libraries).collect();
                flags.push("-lpq".to_owned());
                compiles(
                    "#include <libpq-fe.h>\nint main(void) { return PQlibVersion() == 0; }",
                    &flags,
                )
            }
            Self::PostgresServer => postgres::is_installed(),
            Self::RedisServer => redis::is_installed(),
            Self::OperatorsTools => {
                process::ask("curl", &["--version"]).is_some()
                    && process::ask("openssl", &["version"]).is_some()
            }
            // `wrk --version` ends with an error.
            Self::Wrk => process::ask("sh", &["-c", "command -v wrk"]).is_some(),
            Self::SqlShells => ["sqlite3", "psql"]
                .iter()
                .all(|shell| process::ask(shell, &["--version"]).is_some()),
            Self::Node => node::is_there(),
            Self::Python => clients::python_is_there(),
            Self::Chromium => browser::chromium_is_there(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::CCompiler => "a C compiler",
            Self::CxxCompiler => "a C++ compiler",
            Self::Libpq => "libpq with its headers",
            Self::PostgresServer => "a Postgres server, 13 or newer",
            Self::RedisServer => "a Redis server, 6 or newer",
            Self::OperatorsTools => "curl and openssl",
            Self::Wrk => "wrk, the load generator",
            Self::SqlShells => "sqlite3 and psql, the databases' shells",
            Self::Node => "Node.js 18 or newer, with npm",
            Self::Python => "Python 3.11 or newer, with venv",
            Self::Chromium => "Chromium",
        }
    }

    fn debian_packages(self) -> &'static [&'static str] {
        match self {
            Self::CCompiler => &["gcc", "libc6-dev"],
            Self::CxxCompiler => &["g++"],
            Self::Libpq => &["libpq-dev"],
            Self::PostgresServer => &["postgresql"],
            Self::RedisServer => &["redis-server"],
            Self::OperatorsTools => &["curl", "openssl"],
            Self::Wrk => &["wrk"],
            Self::SqlShells => &["sqlite3", "postgresql-client"],
            Self::Node => &["nodejs", "npm", "ca-certificates"],
            Self::Python => &["python3", "python3-venv"],
            Self::Chromium => &["chromium", "fonts-liberation"],
        }
    }
}

/// Makes sure that all of these are there. As root on Debian, what is missing is installed; otherwise the failure
/// names it and the command that installs it.
pub(crate) fn ensure(wanted: &[Prerequisite]) -> Result<(), Failure> {
    let missing = missing_of(wanted);
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|one| one.debian_packages())
        .copied()
        .collect();
    if !(postgres::is_root() && process::ask("apt-get", &["--version"]).is_some()) {
        return Err(instructions(&missing, &packages));
    }
    report::step(&format!("install {}", packages.join(" ")), || {
        install(&packages)
    })?;
    let still_missing = missing_of(&missing);
    if still_missing.is_empty() {
        Ok(())
    } else {
        Err(instructions(&still_missing, &packages))
    }
}

/// Each once, whoever wants it.
fn missing_of(wanted: &[Prerequisite]) -> Vec<Prerequisite> {
    let mut missing = Vec::new();
    for one in wanted {
        if !missing.contains(one) && !one.is_there() {
            missing.push(*one);
        }
    }
    missing
}

fn install(packages: &[&str]) -> Result<(), Failure> {
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    };
    process::run(apt_get().arg("update"))?;
    process::run(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )
}

fn instructions(missing: &[Prerequisite], packages: &[&str]) -> Failure {
    let names: Vec<&str> = missing.iter().map(|one| one.name()).collect();
    let mut message = format!(
        "missing: {}. On Debian or Ubuntu run\n  sudo apt-get update && sudo apt-get install --yes --no-install-recommends {}\n\
         elsewhere install the packages that carry them, and run this command again.",
        names.join(", "),
        packages.join(" "),
    );
    if missing.contains(&Prerequisite::PostgresServer) {
        message.push_str(OR_A_DATABASE);
    }
    if missing.contains(&Prerequisite::RedisServer) {
        message.push_str("\nOr set TEST_REDIS_URL to a Redis you have, which tests may fill.");
    }
    Failure::new(message)
}

/// Whether the C compiler turns this program into an executable.
fn compiles(source: &str, flags: &[String]) -> bool {
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let started = Command::new(compiler)
        .args(["-x", "c", "-", "-o", "/dev/null"])
        .args(flags)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut compiler) = started else {
        return false;
    };
    if let Some(mut input) = compiler.stdin.take() {
        // A compiler that stops reading says why by its exit code.
        let _ = input.write_all(source.as_bytes());
    }
    compiler.wait().is_ok_and(|status| status.success())
}
