//! `grantor serve`.

use actix_web::rt::System;

use crate::config::Config;
use crate::failure::Failure;
use crate::hardening;
use crate::panics;
use crate::reload::{self, Changeable, Seen};
use crate::serving::Serving;
use crate::shutdown;
use crate::telemetry::{self, LogLevel};
use crate::wiring::Machine;

/// Serves by a configuration that `load` reads, at the start and whenever it is told to.
pub(super) fn run(load: impl Fn() -> Result<Config, Failure> + 'static) -> Result<(), Failure> {
    let config = load()?;
    let level = telemetry::start_logging(&config.log);
    panics::watch();
    // The command line did so before anything was read; here what fails is logged.
    hardening::forbid_core_dumps();
    hardening::take_all_descriptors();
    System::new().block_on(serve_until_told(config, load, level))
}

async fn serve_until_told(
    config: Config,
    load: impl Fn() -> Result<Config, Failure> + 'static,
    level: LogLevel,
) -> Result<(), Failure> {
    let (hangups, seen) = (reload::hangups()?, Seen::of(&config));
    let serving = Serving::start(&config, &Machine::default())?;
    for address in &serving.addresses {
        tracing::info!(%address, "serving");
    }
    if let Some(address) = serving.ops_address {
        tracing::info!(%address, "serving health and metrics");
    }
    if let Some(token) = &serving.setup_token {
        super::print(&format!(
            "There is no administrator yet. Make one within 15 minutes:\n  \
             curl {}://{}/auth/setup -d setup_token={} --data-urlencode password=...\n",
            if config.server.tls.is_some() {
                "https"
            } else {
                "http"
            },
            config.server.bind,
            token.expose()
        ))?;
    }
    let (signalled, stop) = (shutdown::signalled()?, serving.stopper());
    actix_web::rt::spawn(async move {
        signalled.await;
        tracing::info!("stopping: requests in flight may end");
        stop.stop().await;
    });
    let changeable = Changeable {
        level,
        certificate: serving.certificate.clone(),
        seen,
    };
    actix_web::rt::spawn(async move {
        reload::follow(changeable, load, hangups).await;
    });
    serving.run().await?;
    tracing::info!("stopped");
    Ok(())
}
