//! What changes while the program serves: the TLS certificate, and what is logged. Both on SIGHUP, the
//! certificate also when its files change. What is broken is refused, and everything stays as it was.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::{Config, TlsFiles};
use crate::failure::Failure;
use crate::telemetry::LogLevel;
use crate::tls::Certificate;

/// How often the files of the certificate are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// What was counted: each reading that changed something, or was to.
const RELOADS: &str = "grantor_config_reload_total";

/// SIGHUP, from now on. Before this is asked for, the signal ends the program.
///
/// # Errors
/// [`Failure`] when the machine does not let the program listen.
pub fn hangups() -> Result<Signal, Failure> {
    signal(SignalKind::hangup()).map_err(|error| Failure::new("cannot listen for signals", error))
}

/// What can be changed.
pub struct Changeable {
    /// What is logged.
    pub level: LogLevel,
    /// The certificate, where the server speaks TLS.
    pub certificate: Option<Arc<Certificate>>,
    /// Its files, as they were before it was read.
    pub seen: Seen,
}

/// Follows signals and files for as long as the program serves. `load` reads the configuration from
/// where it came from.
pub async fn follow(
    mut changeable: Changeable,
    load: impl Fn() -> Result<Config, Failure>,
    mut hangups: Signal,
) {
    let mut looks = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            Some(()) = hangups.recv() => {
                let outcome = read_again(&mut changeable, &load);
                tell("the configuration", outcome);
            }
            _ = looks.tick() => {
                let now = changeable.seen.again();
                if now == changeable.seen {
                    continue;
                }
                changeable.seen = now;
                let outcome = replace(&changeable, &changeable.seen);
                if outcome.is_ok() {
                    tracing::info!("the TLS certificate was read again");
                }
                tell("the TLS certificate", outcome);
            }
        }
    }
}

/// The certificate comes first: when it is refused, nothing was changed. The level comes last: a higher
/// one would not let this be logged.
fn read_again(
    changeable: &mut Changeable,
    load: &impl Fn() -> Result<Config, Failure>,
) -> Result<(), Failure> {
    let config = load()?;
    let seen = Seen::of(&config);
    replace(changeable, &seen)?;
    changeable.seen = seen;
    tracing::info!(level = config.log.level, "the configuration was read again");
    changeable.level.set(&config.log.level)
}

/// Whether there is TLS at all is decided at the start.
fn replace(changeable: &Changeable, seen: &Seen) -> Result<(), Failure> {
    match (&changeable.certificate, &seen.files) {
        (Some(certificate), Some(files)) => certificate.replace(files),
        _ => Ok(()),
    }
}

fn tell(what: &str, outcome: Result<(), Failure>) {
    let result = match outcome {
        Ok(()) => "ok",
        Err(failure) => {
            tracing::error!(%failure, "{what} was not read again: everything stays as it was");
            "refused"
        }
    };
    metrics::counter!(RELOADS, "result" => result).increment(1);
}

/// The files of the certificate, as they were when they were last looked at: before they were read, so
/// that no change between the two is missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    files: Option<TlsFiles>,
    marks: [Option<Mark>; 2],
}

/// What tells two states of a file apart: its inode, its length, and when it was changed.
type Mark = (u64, u64, i64, i64);

impl Seen {
    /// As they are now.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let files = config.server.tls.clone();
        let marks = [None, None];
        Self { files, marks }.again()
    }

    fn again(&self) -> Self {
        let files = self.files.clone();
        let marks = match &files {
            Some(files) => [mark(&files.certificate), mark(&files.key)],
            None => [None, None],
        };
        Self { files, marks }
    }
}

fn mark(path: &Path) -> Option<Mark> {
    let file = std::fs::metadata(path).ok()?;
    Some((file.ino(), file.size(), file.mtime(), file.mtime_nsec()))
}
