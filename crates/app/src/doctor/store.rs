//! The store: reachable, of this program's schema, keeping what it acknowledges, with room to do so.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use grantor_domain::Fault;
use grantor_persistence::{Persistence, SchemaStatus, Vitals};

use crate::config::Config;
use crate::schema::{self, Obstacle};
use crate::wiring::{self, Machine};

use super::{Report, clock};

/// Room below which writes are about to fail.
const TOO_LITTLE: u64 = 64 << 20;
/// Room below which somebody should look.
const LITTLE: u64 = 1 << 30;

/// Looks at the store; answers it when there is more to look at.
pub(super) fn examine(
    config: &Config,
    machine: &Machine,
    report: &mut Report,
) -> Option<Persistence> {
    const CHECK: &str = "store";
    let file = config.database.sqlite_file();
    if let Some(file) = file.as_ref().filter(|file| !file.exists()) {
        let remedy =
            "start the server or run `grantor migrate`, which make it; or restore a backup";
        report.error(CHECK, format!("{} is not there", file.display()), remedy);
        return None;
    }
    let remedy = "check database.url, the network, and the database itself";
    let persistence = match wiring::connect(&config.database) {
        Ok(persistence) => persistence,
        Err(failure) => {
            report.error(CHECK, failure.to_string(), remedy);
            return None;
        }
    };
    let vitals = match vitals(&persistence, machine, report) {
        Ok(vitals) => vitals,
        Err(fault) => {
            report.error(CHECK, fault.to_string(), remedy);
            return None;
        }
    };
    report.ok(CHECK, "it answers");
    durability(&vitals, report);
    if let Some(file) = file {
        disk(&file, report);
    }
    schema_of(&persistence, report).then_some(persistence)
}

/// The clocks are compared where the time of the answer is known best.
fn vitals(
    persistence: &Persistence,
    machine: &Machine,
    report: &mut Report,
) -> Result<Vitals, Fault> {
    persistence.probe()?;
    let before = machine.clock.now();
    let vitals = persistence.vitals()?;
    let after = machine.clock.now();
    if let Some(theirs) = vitals.now {
        clock::compare(theirs, (before, after), report);
    }
    Ok(vitals)
}

fn durability(vitals: &Vitals, report: &mut Report) {
    const CHECK: &str = "durability";
    for setting in &vitals.settings {
        let says = format!("{} is {}", setting.name, setting.value);
        if setting.is_safe {
            report.ok(CHECK, says);
        } else {
            report.error(
                CHECK,
                format!("{says}: what was acknowledged can be lost"),
                format!("set {} = on in the database's configuration", setting.name),
            );
        }
    }
    if let Some(damage) = &vitals.damage {
        report.error(
            CHECK,
            format!("the file is damaged: {damage}"),
            "stop the server, keep a copy, and restore a backup",
        );
    }
    if vitals.read_only {
        report.error(
            CHECK,
            "the database takes no writes",
            "let database.url lead to the primary (target_session_attrs=read-write)",
        );
    }
    if vitals.in_the_clear {
        report.warning(
            CHECK,
            "the database is asked over a network without TLS",
            "add sslmode=verify-full to its URL",
        );
    }
}

fn schema_of(persistence: &Persistence, report: &mut Report) -> bool {
    const CHECK: &str = "schema";
    match persistence.schema() {
        Err(error) => {
            let remedy = "let the role of database.url read __diesel_schema_migrations";
            report.error(CHECK, error.to_string(), remedy);
            false
        }
        Ok(status) => {
            judge(&status, report);
            status.is_in_order()
        }
    }
}

fn judge(status: &SchemaStatus, report: &mut Report) {
    const CHECK: &str = "schema";
    if let Some(Obstacle { says, remedy }) = schema::obstacle(status) {
        report.error(CHECK, format!("it {says}"), remedy);
    } else if !status.ahead.is_empty() {
        report.warning(
            CHECK,
            format!(
                "it is newer than this program, which may work on it: {}",
                status.ahead.join(", ")
            ),
            "replace this program by the one that made it",
        );
    } else {
        report.ok(CHECK, "it is this program's");
    }
}

fn disk(file: &Path, report: &mut Report) {
    const CHECK: &str = "disk";
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let shown = folder.display();
    if let Err(error) = try_to_write(folder) {
        let remedy = "make room, and let the account of the server write there";
        report.error(CHECK, format!("{shown} cannot be written: {error}"), remedy);
        return;
    }
    match rustix::fs::statvfs(folder) {
        Err(error) => {
            let remedy = "look at the disk yourself";
            report.warning(CHECK, format!("how much room {shown} has: {error}"), remedy);
        }
        Ok(disk) => room(folder, disk.f_bavail.saturating_mul(disk.f_frsize), report),
    }
}

fn room(folder: &Path, bytes: u64, report: &mut Report) {
    const CHECK: &str = "disk";
    const REMEDY: &str = "make room, or shorten sessions.retention and events.retention";
    let says = format!("{} MiB free in {}", bytes >> 20, folder.display());
    if bytes < TOO_LITTLE {
        report.error(CHECK, says, REMEDY);
    } else if bytes < LITTLE {
        report.warning(CHECK, says, REMEDY);
    } else {
        report.ok(CHECK, says);
    }
}

/// Writes, flushes and removes a file beside the store.
fn try_to_write(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".grantor-doctor-{}", std::process::id()));
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    let written = file.write_all(&[0; 4096]).and_then(|()| file.sync_all());
    fs::remove_file(&path)?;
    written
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_disk_that_fills_is_told_before_it_is_full() {
        let states = [0, TOO_LITTLE, LITTLE].map(|bytes| {
            let mut report = Report::default();
            room(Path::new("/x"), bytes, &mut report);
            report.findings()[0].state
        });
        assert_eq!(states, [State::Error, State::Warning, State::Ok]);
    }
}
