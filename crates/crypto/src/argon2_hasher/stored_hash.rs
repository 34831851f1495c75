//! PHC strings of Argon2: ours and those of others.

use argon2::{Algorithm, Version};
use grantor_domain::fault::Fault;
use grantor_domain::secret::PasswordHash;
use password_hash::phc::{self, Output};

use super::{Cost, OUTPUT_LENGTH, SALT_LENGTH, corrupt, unreadable};

/// Shortest output that is compared with, in bytes.
const SHORTEST_OUTPUT: usize = 16;

/// The most that hashes other than ours may cost: 256 MiB, and a GiB written in all.
const HIGHEST_OF_OTHERS: Cost = Cost {
    memory: 256 * 1024,
    passes: 64,
    lanes: 16,
};
const MOST_WRITTEN_BY_OTHERS: u64 = 1024 * 1024;

/// A PHC string of Argon2, read.
pub(crate) struct StoredHash {
    pub(super) algorithm: Algorithm,
    pub(super) version: Version,
    pub(super) cost: Cost,
    pub(super) salt: Vec<u8>,
    pub(super) output: Output,
}

impl StoredHash {
    /// Reads any kind of Argon2. A cost above what this server pays is refused: its own highest
    /// for Argon2id of version 19, which it may have written itself, and for others less.
    pub(crate) fn read(hash: &PasswordHash) -> Result<Self, Fault> {
        let hash = phc::PasswordHash::new(hash.expose()).map_err(unreadable)?;
        let algorithm = hash.algorithm.as_str().parse().map_err(unreadable)?;
        // A string without a version is from before there was a second one.
        let version = hash.version.map_or(Ok(Version::V0x10), Version::try_from);
        let version = version.map_err(unreadable)?;
        let decimal = |name: &str| hash.params.get_decimal(name);
        let (Some(memory), Some(passes), Some(lanes), Some(salt), Some(output)) = (
            decimal("m"),
            decimal("t"),
            decimal("p"),
            hash.salt,
            hash.hash,
        ) else {
            return Err(corrupt("m, t, p, the salt or the output is missing"));
        };
        if hash.params.iter().count() != 3 {
            return Err(corrupt("it has parameters beside m, t and p"));
        }
        if output.len() < SHORTEST_OUTPUT {
            return Err(corrupt("its output is shorter than 16 bytes"));
        }
        let stored = Self {
            algorithm,
            version,
            cost: Cost {
                memory,
                passes,
                lanes,
            },
            salt: salt.to_vec(),
            output,
        };
        stored.cost.params().map_err(unreadable)?;
        if !stored.is_of_our_kind() && !stored.is_taken_from_others() {
            return Err(corrupt(
                "it costs more than 256 MiB, or more time than is spent",
            ));
        }
        Ok(stored)
    }

    /// Whether the cost is one that is taken over from elsewhere.
    pub(crate) const fn is_taken_from_others(&self) -> bool {
        let written = self.cost.memory as u64 * self.cost.passes as u64;
        self.cost.is_within(HIGHEST_OF_OTHERS) && written <= MOST_WRITTEN_BY_OTHERS
    }

    /// Whether a hash made today would be a stronger one.
    pub(super) fn is_weaker_than(&self, today: Cost) -> bool {
        !self.is_of_our_kind()
            || !today.is_within(self.cost)
            || self.salt.len() < SALT_LENGTH
            || self.output.len() < OUTPUT_LENGTH
    }

    fn is_of_our_kind(&self) -> bool {
        self.algorithm == Algorithm::Argon2id && self.version == Version::V0x13
    }
}
