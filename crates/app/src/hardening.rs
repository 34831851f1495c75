//! What the process asks of its machine, so that secrets in memory stay there.

use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// Forbids core dumps and looking into this process by others of the same user. A machine that
/// does not know the request is no reason not to serve.
pub fn forbid_core_dumps() {
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "core dumps could not be forbidden");
    }
}
