//! Which networks an account has proved itself from.

use crate::fault::Fault;
use crate::time::Timestamp;

/// One account and one network, as keyed hashes: they tell nothing to who reads them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The account.
    pub account: [u8; 32],
    /// The network, another hash for each account.
    pub network: [u8; 32],
}

/// Remembers the networks of past successes. They keep budgets of their own, so that strangers who
/// guess cannot keep an owner out. What it writes need not be durable.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait FamiliarNetworks: Send + Sync {
    /// When the account last proved itself from the network, as far as it was remembered.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn last_success(&self, place: &Place) -> Result<Option<Timestamp>, Fault>;

    /// Remembers a success, and of the account no more than the `most` latest networks.
    ///
    /// # Errors
    /// [`Fault`] when it is not known.
    fn remember(&self, place: &Place, at: Timestamp, most: u32) -> Result<(), Fault>;

    /// Forgets up to `limit` networks whose last success was before `before`; answers how many.
    ///
    /// # Errors
    /// [`Fault`] when it is not known.
    fn forget(&self, before: Timestamp, limit: u32) -> Result<u32, Fault>;
}
