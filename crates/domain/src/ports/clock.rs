//! The time.

use crate::time::Timestamp;

/// Tells the time. A workflow asks once.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}
