//! Reading and asking access policies.

use std::sync::Arc;

use crate::access::{AccessPolicy, AccessRequest, PolicySettings, Verdict};
use crate::fault::Fault;
use crate::violation::Violation;

/// Makes policies that can be asked out of policies as they are written.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait PolicyEngine: Send + Sync {
    /// What keeps a policy from being understood. A policy with violations is never stored.
    fn violations(&self, policy: &PolicySettings) -> Vec<Violation>;

    /// Compiles a whole set of policies.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] when one of them cannot be understood: nothing may be decided without it,
    /// for it might forbid.
    fn compile(&self, policies: &[AccessPolicy]) -> Result<Arc<dyn Judge>, Fault>;
}

/// A set of policies that can be asked. A comparison with something that is missing is false, on
/// whichever side it is missing.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Judge: Send + Sync {
    /// Whether the policies permit a request. It stops where the answer is certain.
    fn permits(&self, request: &AccessRequest) -> bool;

    /// The same answer, with what every policy says that concerns the request and why: for whoever tries
    /// policies out or decides for others.
    fn explain(&self, request: &AccessRequest) -> Verdict;
}
