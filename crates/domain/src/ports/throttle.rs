//! Budgets for guesses.

use crate::fault::Fault;
use crate::policy::{Budget, BudgetScope};
use crate::time::{Lifetime, Timestamp};

/// One try against one budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debit {
    /// Whose budget: a name that tells nothing about accounts (they are hashed).
    pub key: String,
    /// What it belongs to.
    pub scope: BudgetScope,
    /// Its size and how fast it fills again.
    pub budget: Budget,
}

/// Whether a try may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debited {
    /// Every budget had room, and was debited.
    Granted,
    /// At least one had none; nothing was debited, so waiting is not made longer by trying.
    Refused {
        /// When every one of them will have room.
        retry_after: Lifetime,
        /// What the last of them to have room belongs to.
        scope: BudgetScope,
    },
}

/// Counts tries for all replicas: tries in flight count, whoever makes them.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Throttle: Send + Sync {
    /// Debits one try from every budget atomically, or from none. What it writes need not be durable.
    ///
    /// # Errors
    /// [`Fault`] when it is not known.
    fn debit(&self, debits: &[Debit], now: Timestamp) -> Result<Debited, Fault>;

    /// Gives the debits of a success back.
    ///
    /// # Errors
    /// [`Fault`] when it is not known.
    fn refund(&self, debits: &[Debit], now: Timestamp) -> Result<(), Fault>;
}
