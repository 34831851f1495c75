//! What came of tests that cargo does not count.

use crate::failure::Failure;

/// How many passed and failed.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Verdict {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Verdict {
    /// The sum of both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }

    /// A failure with this message when one failed.
    pub(crate) fn into_result(self, message: &str) -> Result<(), Failure> {
        if self.failed == 0 {
            return Ok(());
        }
        Err(Failure::new(message))
    }
}
