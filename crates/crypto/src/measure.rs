//! What operators are told of hashing, counted where it happens.

use std::time::Instant;

/// A password that waits for a thread.
pub(crate) struct Waiting(Instant);

impl Waiting {
    /// From now on.
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// The thread has come, and does its work.
    pub(crate) fn end<T>(self, work: impl FnOnce() -> T) -> T {
        metrics::histogram!("grantor_hash_wait_seconds").record(self.0.elapsed());
        let begun = Instant::now();
        let result = work();
        metrics::histogram!("grantor_hash_seconds").record(begun.elapsed());
        result
    }
}

/// Why a password was not hashed.
#[derive(Clone, Copy)]
pub(crate) enum Shed {
    /// The queue is full.
    Full,
    /// No thread was free in time.
    Late,
}

impl Shed {
    /// Counts it.
    pub(crate) fn count(self) {
        let reason = match self {
            Self::Full => "full",
            Self::Late => "late",
        };
        metrics::counter!("grantor_hash_shed_total", "reason" => reason).increment(1);
    }
}
