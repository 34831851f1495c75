//! Where access policies are kept.

use crate::access::AccessPolicy;
use crate::fault::Fault;
use crate::revision::Version;

use super::Registry;

/// Access policies by id and all at once, with a number that tells whether any of them changed.
pub trait PolicyStore: Registry<AccessPolicy> {
    /// The version of the whole set: raised by every commit that writes or removes a policy, and
    /// visible with it. `None` while there has never been one. One cheap read.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn set_version(&self) -> Result<Option<Version>, Fault>;

    /// Every policy, in order of id, with the version of this very set.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn all(&self) -> Result<(Version, Vec<AccessPolicy>), Fault>;
}
