//! `grantor doctor`.

use std::path::Path;

use clap::Args;

use crate::config::{Config, Sources};
use crate::doctor;
use crate::failure::Failure;
use crate::wiring::Machine;

/// Looks at everything a server depends on, and changes nothing.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) fn run(&self, file: Option<&Path>) -> Result<(), Failure> {
        let variables = None;
        let report = match Config::load(Sources { file, variables }) {
            Ok(config) => doctor::examine(&config, &Machine::default()),
            Err(error) => doctor::mistaken(&error),
        };
        super::print(&if self.json {
            report.json()
        } else {
            report.text()
        })?;
        match report.errors() {
            0 => Ok(()),
            1 => Err(Failure::say("1 error")),
            errors => Err(Failure::say(format!("{errors} errors"))),
        }
    }
}
