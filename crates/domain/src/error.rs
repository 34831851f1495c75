//! What a workflow ends with when it does not end well.

use crate::fault::Fault;
use crate::reason::Reason;

/// A refusal by a rule, or a fault outside. The two never mix: a fault is never a refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A rule says no.
    #[error("refused: {}", .0.name())]
    Refused(Reason),
    /// We do not know.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}
