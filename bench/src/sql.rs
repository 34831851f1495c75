//! Rows that no server writes one by one, by the shells of the databases: `sqlite3` and `psql`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::failure::{Context as _, Failure, Outcome};
use crate::store::{Database, Store};

impl Store {
    /// Runs statements while no server runs.
    pub(crate) fn run_sql(&self, statements: &str) -> Outcome<()> {
        let mut shell = match &self.database {
            Database::Sqlite(file) => {
                let mut shell = Command::new("sqlite3");
                shell.args(["-bail", "-cmd", "PRAGMA synchronous = OFF"]);
                shell.args(["-cmd", "PRAGMA cache_size = -262144"]);
                shell.arg(file);
                shell
            }
            Database::Postgres(..) => {
                let mut shell = Command::new("psql");
                shell.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
                shell.arg(self.url());
                shell
            }
        };
        let name = shell.get_program().to_string_lossy().into_owned();
        let mut running = shell
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context(format_args!("cannot start {name}"))?;
        if let Some(mut input) = running.stdin.take() {
            // A shell that stops reading says why on its own, and by its exit code.
            let _ = input.write_all(statements.as_bytes());
        }
        let status = running
            .wait()
            .context(format_args!("cannot wait for {name}"))?;
        if status.success() {
            Ok(())
        } else {
            Err(Failure::new(format!("{name} ended with {status}")))
        }
    }

    /// Makes the store anew, without tables; or removes what was in it.
    pub(crate) fn clear(&self) -> Outcome<()> {
        match &self.database {
            Database::Sqlite(file) => {
                for suffix in ["", "-wal", "-shm"] {
                    let mut path = file.clone().into_os_string();
                    path.push(suffix);
                    match std::fs::remove_file(&path) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(error).context("cannot remove the SQLite file");
                        }
                        _ => {}
                    }
                }
                Ok(())
            }
            Database::Postgres(_, None) => Err(Failure::new("this database may not be ours alone")),
            Database::Postgres(_, Some(schema)) => self.run_sql(&format!(
                "SET client_min_messages = warning;\n\
                 DROP SCHEMA IF EXISTS {schema} CASCADE;\n\
                 CREATE SCHEMA {schema};\n"
            )),
        }
    }
}
