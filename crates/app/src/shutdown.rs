//! When the program is told to stop.

use tokio::signal::unix::{SignalKind, signal};

use crate::failure::Failure;

/// Listens for SIGTERM and SIGINT from now on; what it returns ends at the first of them.
///
/// # Errors
/// [`Failure`] when the machine does not let the program listen.
pub fn signalled() -> Result<impl Future<Output = ()>, Failure> {
    let refused = |error| Failure::new("cannot listen for signals", error);
    let mut terminate = signal(SignalKind::terminate()).map_err(refused)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(refused)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
