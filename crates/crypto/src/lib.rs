//! Cryptography of Grantor: passwords are hashed by a [`HashPool`], tokens are signed and verified
//! by a [`KeyRing`]. Nothing here knows a database, HTTP or a configuration file.
//!
//! One provider does the work: AWS-LC for signatures and sealing, `argon2` for passwords. Hashes
//! made elsewhere are verified by crates of their own (`imported`).
//! A [`RuleJudge`] says how good a new password is.

mod argon2_hasher;
mod event_sealer;
#[cfg(test)]
mod fakes;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod hash_pool;
mod imported;
mod jwt;
mod jwt_signer;
mod key_ring;
mod master_key;
mod measure;
mod note_sealer;
mod password_judge;
mod rotation;
mod seal;
mod signing_key;
mod wrapped;

pub use event_sealer::HmacSealer;
pub use hash_pool::{HashPool, HashPoolError, HashPoolOptions};
pub use key_ring::{KeyRing, KeyRingError, KeyRingSettings};
pub use master_key::{MasterKey, MasterKeyError};
pub use note_sealer::TokenSealer;
pub use password_judge::{PasswordRules, RuleJudge};
pub use wrapped::{DerivedKeys, MasterKeys, rewrap};

/// Chooses AWS-LC for JWTs, for the whole process. Calling it again changes nothing.
pub fn install_crypto_provider() {
    // An error says that a provider was chosen before; only this one is compiled in.
    let _chosen_before = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}
