//! What a server depends on, looked at from outside, with what to do where something is wrong. It
//! changes nothing, and can be run beside the server.

mod audit;
mod clock;
mod files;
mod keys;
mod network;
mod report;
mod store;

pub use report::{Finding, Report, State};

use crate::config::{Config, ConfigError};
use crate::wiring::Machine;

/// Looks at everything.
#[must_use]
pub fn examine(config: &Config, machine: &Machine) -> Report {
    let mut report = Report::default();
    report.ok("configuration", "every key is understood");
    network::examine(config, &mut report);
    files::examine(config, &mut report);
    if let Some(persistence) = store::examine(config, machine, &mut report) {
        keys::examine(config, &persistence, machine, &mut report);
        audit::examine(&persistence, machine.clock.now(), &mut report);
    }
    report
}

/// What there is to say of a configuration that cannot be used: nothing else is looked at then.
#[must_use]
pub fn mistaken(error: &ConfigError) -> Report {
    let mut report = Report::default();
    let remedy = "mend the key; docs/reference/configuration.md has them all";
    match error {
        ConfigError::Unreadable(problem) => report.error("configuration", problem, remedy),
        ConfigError::Mistakes(mistakes) => {
            for mistake in mistakes {
                report.error("configuration", mistake.to_string(), remedy);
            }
        }
    }
    report
}
