//! `grantor bootstrap`: the administrators, without serving.

use crate::bootstrap;
use crate::config::Config;
use crate::failure::Failure;
use crate::wiring::{self, Machine};

pub(super) fn run(config: &Config) -> Result<(), Failure> {
    let persistence = super::store_in_order(config)?;
    let wired = wiring::wire(config, persistence, &Machine::default())?;
    if bootstrap::prepare(&wired.server, &config.bootstrap)? {
        super::print("there is an administrator\n")
    } else {
        Err(Failure::say(
            "there is no administrator: set bootstrap.admin_password_file or \
             bootstrap.admin_client_secret_file, or start `grantor serve` and use the setup token it prints",
        ))
    }
}
