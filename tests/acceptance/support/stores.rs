//! A database of its own for every test.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use url::Url;

static MADE: AtomicU32 = AtomicU32::new(0);

/// What a server keeps its data in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

/// An empty database, which goes away with the test.
#[derive(Debug)]
pub(crate) enum Database {
    Sqlite(String),
    Postgres {
        url: Url,
        name: String,
        administration: Url,
    },
}

impl Database {
    pub(crate) fn make(store: Store, folder: &Path) -> Self {
        match store {
            Store::Sqlite => Self::Sqlite(folder.join("grantor.db").display().to_string()),
            Store::Postgres => Self::make_on(administration()),
        }
    }

    /// On a cluster where others can be made.
    pub(crate) fn make_on(administration: Url) -> Self {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("grantor_acceptance_{}_{number}", std::process::id());
        psql(&administration, &format!("CREATE DATABASE {name}"));
        let mut url = administration.clone();
        url.set_path(&name);
        Self::Postgres {
            url,
            name,
            administration,
        }
    }

    /// As `database.url` wants it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{path}"),
            Self::Postgres { url, .. } => url.to_string(),
        }
    }

    /// Every byte of every table.
    pub(crate) fn dump(&self) -> Vec<u8> {
        match self {
            Self::Sqlite(path) => {
                let files = ["", "-wal"].map(|suffix| fs::read(format!("{path}{suffix}")));
                files.into_iter().filter_map(Result::ok).flatten().collect()
            }
            Self::Postgres { url, .. } => {
                let arguments = ["--no-password", "--inserts", "--dbname", url.as_str()];
                output_of("pg_dump", &arguments)
            }
        }
    }

    /// Runs SQL on a Postgres database and answers its output.
    pub(crate) fn sql(&self, statement: &str) -> String {
        match self {
            Self::Postgres { url, .. } => psql(url, statement),
            Self::Sqlite(_) => panic!("SQL is for Postgres"),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres {
            name,
            administration,
            ..
        } = self
        {
            let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            // A test that fails because Postgres is gone must not fail twice.
            let _only_litter_is_left = run("psql", &psql_arguments(administration, &statement));
        }
    }
}

/// The database on which others can be made.
fn administration() -> Url {
    let url = std::env::var_os("TEST_DATABASE_URL").unwrap_or_else(|| {
        panic!(
            "TEST_DATABASE_URL must name a Postgres database on which CREATE DATABASE is allowed; \
             `cargo xtask test` provides it"
        )
    });
    Url::parse(url.to_str().unwrap()).unwrap()
}

/// Runs SQL and answers its output.
pub(crate) fn psql(url: &Url, statement: &str) -> String {
    let bytes = output_of("psql", &psql_arguments(url, statement));
    String::from_utf8(bytes).unwrap().trim().to_owned()
}

fn psql_arguments<'a>(url: &'a Url, statement: &'a str) -> [&'a str; 10] {
    let url = url.as_str();
    let [rc, password, quiet] = ["--no-psqlrc", "--no-password", "--quiet"];
    let [tuples, align, stop] = ["--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
    [
        rc,
        password,
        quiet,
        tuples,
        align,
        stop,
        "--command",
        statement,
        "--dbname",
        url,
    ]
}

/// What a program of Postgres prints.
#[track_caller]
fn output_of(program: &str, arguments: &[&str]) -> Vec<u8> {
    match run(program, arguments) {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => panic!("{program}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            panic!("{program}: {error}; `apt-get install postgresql-client` brings it")
        }
    }
}

/// Runs a program of Postgres, wherever it was installed.
fn run(program: &str, arguments: &[&str]) -> io::Result<Output> {
    match Command::new(program).args(arguments).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = Command::new("pg_config").arg("--bindir").output()?;
            let folder = String::from_utf8_lossy(&folder.stdout).trim().to_owned();
            let program = Path::new(&folder).join(program);
            Command::new(program).args(arguments).output()
        }
        output => output,
    }
}
