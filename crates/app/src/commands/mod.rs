//! What the program can be told to do. One file a command.

mod audit;
mod backup;
mod bootstrap;
mod check_config;
mod demo;
mod doctor;
mod keys;
mod migrate;
mod move_store;
mod openapi;
mod reference;
mod restore;
mod serve;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use grantor_persistence::Persistence;

use crate::config::{Config, Sources};
use crate::failure::Failure;
use crate::hardening;
use crate::schema;
use crate::wiring;

/// Grantor, a self-hosted OAuth 2.0 authorization server.
#[derive(Debug, Parser)]
#[command(name = "grantor", version, about)]
pub struct CommandLine {
    /// Configuration file in TOML.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT.
    Serve,
    /// Bring the schema of the store up to date.
    Migrate(migrate::Migrate),
    /// Read the configuration and name every mistake.
    CheckConfig,
    /// Make the root administrators from the configured secret files.
    Bootstrap,
    /// List, rotate and retire signing keys; change the master key.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Verify and export the audit trail.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Take a backup of the store while it is used.
    Backup(backup::Backup),
    /// Put a backup in the place of the store, or end every session after one was restored.
    Restore(restore::Restore),
    /// Check configuration, store, keys, clock and permissions, and say what to do.
    Doctor(doctor::Doctor),
    /// Copy the SQLite store into a Postgres, with everything that is in it.
    Move(move_store::MoveStore),
    /// Print the `openapi.json` document.
    Openapi,
    /// Serve on loopback with a client and a user in it, and show a password grant.
    Demo(demo::Demo),
    /// Print a generated reference page in Markdown.
    #[command(hide = true)]
    Reference(reference::Reference),
}

impl CommandLine {
    /// Does what was asked.
    ///
    /// # Errors
    /// [`Failure`] in words for the operator.
    pub fn run(&self) -> Result<(), Failure> {
        hardening::forbid_core_dumps();
        match &self.command {
            Command::Serve => {
                let file = self.config.clone();
                serve::run(move || load(file.as_deref()))
            }
            Command::Migrate(migrate) => migrate.run(&self.load()?),
            Command::CheckConfig => check_config::run(&self.load()?),
            Command::Bootstrap => bootstrap::run(&self.load()?),
            Command::Keys(keys) => keys.run(&self.load()?),
            Command::Audit(audit) => audit.run(&self.load()?),
            Command::Backup(backup) => backup.run(&self.load()?),
            Command::Restore(restore) => restore.run(&self.load()?),
            Command::Doctor(doctor) => doctor.run(self.config.as_deref()),
            Command::Move(moving) => moving.run(&self.load()?),
            Command::Openapi => openapi::run(),
            Command::Demo(demo) => demo.run(),
            Command::Reference(reference) => reference.run(),
        }
    }

    fn load(&self) -> Result<Config, Failure> {
        load(self.config.as_deref())
    }
}

/// The configuration of a file and the environment.
fn load(file: Option<&Path>) -> Result<Config, Failure> {
    let variables = None;
    Ok(Config::load(Sources { file, variables })?)
}

/// Opens the store, whose schema must be this program's.
fn store_in_order(config: &Config) -> Result<Persistence, Failure> {
    let persistence = wiring::connect(&config.database)?;
    let status = persistence
        .schema()
        .map_err(|error| Failure::new("cannot read the schema", error))?;
    match schema::obstacle(&status) {
        Some(obstacle) => Err(obstacle.into()),
        None => Ok(persistence),
    }
}

/// Prints to standard output.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new("cannot write to standard output", error))
}
