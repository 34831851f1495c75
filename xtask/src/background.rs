//! Processes that run beside us, and what they need to be ours alone.

use std::fs::File;
use std::io::Read as _;
use std::process::Child;
use std::time::{Duration, Instant};

/// Waits until the process is what the condition asks for; answers whether it became so in time and before it ended.
pub(crate) fn becomes(
    process: &mut Child,
    limit: Duration,
    mut condition: impl FnMut() -> bool,
) -> bool {
    let mut holds = false;
    wait_until(limit, || {
        holds = condition();
        holds || has_ended(process)
    });
    holds
}

/// Waits until the process has ended as it was told to; one that does not is killed.
pub(crate) fn end(process: &mut Child, limit: Duration) {
    if !wait_until(limit, || has_ended(process)) {
        let _it_has_ended = process.kill();
        let _it_has_ended = process.wait();
    }
}

/// A password: other users of the machine can reach the ports, so nobody may guess it.
pub(crate) fn random_password() -> std::io::Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

fn has_ended(process: &mut Child) -> bool {
    matches!(process.try_wait(), Ok(Some(_)) | Err(_))
}

/// Looks every 20 ms; answers whether the condition came true in time.
#[expect(
    clippy::disallowed_methods,
    reason = "another process's readiness can only be asked for, again and again"
)]
fn wait_until(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
