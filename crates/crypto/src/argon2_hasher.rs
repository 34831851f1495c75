//! Argon2 (RFC 9106) with memory that is kept between hashes: Argon2id for new hashes, its siblings
//! for those made elsewhere. Only this module names `argon2`.

mod stored_hash;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use grantor_domain::fault::Fault;
use grantor_domain::ports::PasswordCheck;
use grantor_domain::secret::{Password, PasswordHash};
use password_hash::phc::{self, Output, ParamsString, Salt};
use zeroize::Zeroizing;

pub(crate) use stored_hash::StoredHash;

/// Length of a salt, in bytes.
pub(crate) const SALT_LENGTH: usize = 16;

const OUTPUT_LENGTH: usize = 32;

/// What is hashed with when there is no hash to compare with.
const NOBODYS_SALT: [u8; SALT_LENGTH] = [0; SALT_LENGTH];

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Memory, in KiB.
    pub(crate) memory: u32,
    /// Passes over the memory.
    pub(crate) passes: u32,
    /// Lanes.
    pub(crate) lanes: u32,
}

/// Costs that Argon2 does not have or that this server does not pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Argon2 needs 1 to {} passes, 1 to {} lanes, and 8 KiB for each lane up to {} KiB of memory",
    Cost::HIGHEST.passes,
    Cost::HIGHEST.lanes,
    Cost::HIGHEST.memory
)]
pub(crate) struct InvalidCost;

impl Cost {
    /// The most a hash may cost, so that a stored one cannot take all memory or time.
    pub(crate) const HIGHEST: Self = Self {
        memory: 1024 * 1024,
        passes: 64,
        lanes: 16,
    };

    fn params(self) -> Result<Params, InvalidCost> {
        if !self.is_within(Self::HIGHEST) {
            return Err(InvalidCost);
        }
        Params::new(self.memory, self.passes, self.lanes, None).map_err(|_| InvalidCost)
    }

    const fn is_within(self, other: Self) -> bool {
        self.memory <= other.memory && self.passes <= other.passes && self.lanes <= other.lanes
    }
}

/// How a hash is computed.
struct Way {
    algorithm: Algorithm,
    version: Version,
    cost: Cost,
}

impl Way {
    const fn ours(cost: Cost) -> Self {
        Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            cost,
        }
    }
}

/// Hashes for one thread. Fresh memory for each hash would cost more than the hash at larger
/// sizes, most of it in page faults.
pub(crate) struct Argon2Hasher {
    cost: Cost,
    blocks_of_today: usize,
    memory: Vec<Block>,
}

impl Argon2Hasher {
    pub(crate) fn new(cost: Cost) -> Result<Self, InvalidCost> {
        let blocks_of_today = cost.params()?.block_count();
        Ok(Self {
            cost,
            blocks_of_today,
            memory: Vec::new(),
        })
    }

    /// Hashes a new password at today's cost.
    pub(crate) fn hash(
        &mut self,
        password: &Password,
        salt: &[u8; SALT_LENGTH],
    ) -> Result<PasswordHash, Fault> {
        let mut output = Zeroizing::new([0; OUTPUT_LENGTH]);
        self.compute(&Way::ours(self.cost), password, salt, output.as_mut_slice())?;
        let params = self.cost.params().map_err(unwritable)?;
        let hash = phc::PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(params).map_err(unwritable)?,
            salt: Some(Salt::new(salt).map_err(unwritable)?),
            hash: Some(Output::new(output.as_slice()).map_err(unwritable)?),
        };
        Ok(PasswordHash::new(hash.to_string()))
    }

    /// Compares at the cost the hash was made with; without a hash, pays today's cost for nothing.
    /// A wrong password pays today's cost on top where a right one would go on to be hashed anew:
    /// the hash alone may be cheaper than the one an unknown user costs.
    pub(crate) fn verify(
        &mut self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<PasswordCheck, Fault> {
        let Some(hash) = hash else {
            let mut output = Zeroizing::new([0; OUTPUT_LENGTH]);
            let today = Way::ours(self.cost);
            self.compute(&today, password, &NOBODYS_SALT, output.as_mut_slice())?;
            return Ok(PasswordCheck::Wrong);
        };
        let stored = StoredHash::read(hash)?;
        let expected = stored.output.as_bytes();
        let mut output = Zeroizing::new(vec![0; expected.len()]);
        let way = Way {
            algorithm: stored.algorithm,
            version: stored.version,
            cost: stored.cost,
        };
        self.compute(&way, password, &stored.salt, &mut output)?;
        let outdated = stored.is_weaker_than(self.cost);
        match verify_slices_are_equal(&output, expected) {
            Ok(()) => Ok(PasswordCheck::Right { outdated }),
            Err(_) if outdated => self.verify(password, None),
            Err(_) => Ok(PasswordCheck::Wrong),
        }
    }

    fn compute(
        &mut self,
        way: &Way,
        password: &Password,
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), Fault> {
        let params = way.cost.params().map_err(unreadable)?;
        self.reserve(params.block_count())?;
        let computed = Argon2::new(way.algorithm, way.version, params)
            .hash_password_into_with_memory(
                password.expose().as_bytes(),
                salt,
                output,
                self.memory.as_mut_slice(),
            );
        self.give_back();
        computed.map_err(unreadable)
    }

    fn reserve(&mut self, blocks: usize) -> Result<(), Fault> {
        let missing = blocks.saturating_sub(self.memory.len());
        self.memory
            .try_reserve_exact(missing)
            .map_err(|_| Fault::Overloaded("no memory for a password hash"))?;
        if missing > 0 {
            self.memory.resize(blocks, Block::new());
        }
        Ok(())
    }

    /// Lets the memory go until the next hash.
    pub(crate) fn forget_memory(&mut self) {
        self.memory = Vec::new();
    }

    /// Whether a hash was computed since the memory was let go.
    #[cfg(test)]
    pub(crate) fn has_memory(&self) -> bool {
        !self.memory.is_empty()
    }

    /// Keeps what today's hashes need and no more, however large the last one was.
    fn give_back(&mut self) {
        if self.memory.len() > self.blocks_of_today {
            self.memory.truncate(self.blocks_of_today);
            self.memory.shrink_to_fit();
        }
    }
}

/// The fault of a stored hash that cannot be read.
pub(crate) fn corrupt(why: &str) -> Fault {
    Fault::Corrupt(format!("a password hash cannot be read: {why}"))
}

fn unreadable(error: impl std::error::Error) -> Fault {
    corrupt(&error.to_string())
}

fn unwritable(error: impl std::error::Error) -> Fault {
    Fault::Unavailable(format!("a password hash cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Cost = Cost {
        memory: 64,
        passes: 2,
        lanes: 1,
    };

    fn hasher(cost: Cost) -> Argon2Hasher {
        Argon2Hasher::new(cost).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::new(text.into())
    }

    fn check(today: Cost, text: &str, phc: &str) -> Result<PasswordCheck, Fault> {
        hasher(today).verify(&password(text), Some(&PasswordHash::new(phc.into())))
    }

    const RIGHT: Result<PasswordCheck, Fault> = Ok(PasswordCheck::Right { outdated: false });
    const OUTDATED: Result<PasswordCheck, Fault> = Ok(PasswordCheck::Right { outdated: true });

    /// From the tests of the reference implementation (phc-winner-argon2, `src/test.c`).
    #[test]
    fn knows_the_answers_of_the_reference() {
        for phc in [
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        ] {
            // Their salts of 8 bytes are shorter than ours.
            assert_eq!(check(SMALL, "password", phc), OUTDATED, "{phc}");
            assert_eq!(
                check(SMALL, "Password", phc),
                Ok(PasswordCheck::Wrong),
                "{phc}"
            );
        }
    }

    #[test]
    fn verifies_what_it_hashed_and_nothing_else() {
        let mut hasher = hasher(SMALL);
        let hash = hasher.hash(&password("correct horse"), &[1; 16]).unwrap();
        let prefix = "$argon2id$v=19$m=64,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$";
        assert!(hash.expose().starts_with(prefix), "{}", hash.expose());
        assert_eq!(hash.expose().len(), prefix.len() + 43);
        assert_eq!(
            hasher.verify(&password("correct horse"), Some(&hash)),
            RIGHT
        );
        for wrong in ["", "correct horse ", "correct hors", "Correct horse"] {
            let answer = hasher.verify(&password(wrong), Some(&hash));
            assert_eq!(answer, Ok(PasswordCheck::Wrong), "{wrong:?}");
        }
        let other = hasher.hash(&password("correct horse"), &[2; 16]).unwrap();
        assert_ne!(hash.expose(), other.expose(), "the salt counts");
    }

    #[test]
    fn a_hash_is_outdated_when_any_cost_is_below_todays() {
        let hash = hasher(SMALL).hash(&password("p"), &[1; 16]).unwrap();
        for (today, expected) in [
            (SMALL, RIGHT),
            (
                Cost {
                    memory: 32,
                    ..SMALL
                },
                RIGHT,
            ),
            (Cost { passes: 1, ..SMALL }, RIGHT),
            (
                Cost {
                    memory: 65,
                    ..SMALL
                },
                OUTDATED,
            ),
            (Cost { passes: 3, ..SMALL }, OUTDATED),
            (Cost { lanes: 2, ..SMALL }, OUTDATED),
            (
                Cost {
                    memory: 32,
                    passes: 3,
                    ..SMALL
                },
                OUTDATED,
            ),
        ] {
            assert_eq!(check(today, "p", hash.expose()), expected, "{today:?}");
        }
    }

    #[test]
    fn nobody_costs_a_whole_hash_at_todays_cost() {
        let mut asked_for_nobody = hasher(SMALL);
        let answer = asked_for_nobody.verify(&password("p"), None);
        assert_eq!(answer, Ok(PasswordCheck::Wrong));

        let mut hashed = hasher(SMALL);
        hashed.hash(&password("p"), &NOBODYS_SALT).unwrap();
        let filled = |hasher: &Argon2Hasher| -> Vec<Vec<u64>> {
            hasher
                .memory
                .iter()
                .map(|block| block.as_ref().to_vec())
                .collect()
        };
        assert_eq!(filled(&asked_for_nobody).len(), 64);
        assert_eq!(filled(&asked_for_nobody), filled(&hashed));
    }

    #[test]
    fn memory_grows_for_a_costlier_hash_and_shrinks_back() {
        let large = Cost {
            memory: 256,
            ..SMALL
        };
        let hash = hasher(large).hash(&password("p"), &[1; 16]).unwrap();
        let mut hasher = hasher(SMALL);
        assert_eq!(hasher.verify(&password("p"), Some(&hash)), RIGHT);
        assert_eq!((hasher.memory.len(), hasher.memory.capacity()), (64, 64));
        assert_eq!(
            hasher.verify(&password("q"), Some(&hash)),
            Ok(PasswordCheck::Wrong)
        );
    }

    #[test]
    fn what_it_cannot_or_will_not_compute_is_corrupt() {
        let salt_and_output = "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        for bad in [
            String::new(),
            "password".into(),
            "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW".into(),
            format!("$argon2x$v=19$m=256,t=2,p=1${salt_and_output}"),
            format!("$argon2id$v=17$m=256,t=2,p=1${salt_and_output}"),
            format!("$argon2i$v=19$m=262145,t=2,p=1${salt_and_output}"),
            format!("$argon2id$v=16$m=262144,t=5,p=1${salt_and_output}"),
            format!("$argon2id$m=262144,t=5,p=1${salt_and_output}"),
            format!("$argon2id$v=19$m=256,t=2,p=1,data=AAAA${salt_and_output}"),
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4r".into(),
            format!("$argon2id$v=19$m=256,t=2${salt_and_output}"),
            format!("$argon2id$v=19$m=1048577,t=2,p=1${salt_and_output}"),
            format!("$argon2id$v=19$m=4194304,t=2,p=1${salt_and_output}"),
            format!("$argon2id$v=19$m=256,t=65,p=1${salt_and_output}"),
            format!("$argon2id$v=19$m=256,t=2,p=17${salt_and_output}"),
            format!("$argon2id$v=19$m=256,t=0,p=1${salt_and_output}"),
            format!("$argon2id$v=19$m=7,t=2,p=1${salt_and_output}"),
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ".into(),
        ] {
            let answer = check(SMALL, "password", &bad);
            assert!(
                matches!(answer, Err(Fault::Corrupt(_))),
                "{bad}: {answer:?}"
            );
        }
    }

    #[test]
    fn a_wrong_guess_at_an_outdated_hash_costs_a_whole_hash_at_todays_cost() {
        let cheap = Cost {
            memory: 32,
            passes: 1,
            lanes: 1,
        };
        let hash = hasher(cheap).hash(&password("p"), &[1; 16]).unwrap();
        let mut asked = hasher(SMALL);
        let answer = asked.verify(&password("q"), Some(&hash));
        assert_eq!(answer, Ok(PasswordCheck::Wrong));
        assert_eq!(asked.memory.len(), 64, "the memory of today's hash");
        assert_eq!(asked.verify(&password("p"), Some(&hash)), OUTDATED);
    }

    #[test]
    fn forgotten_memory_is_taken_again_for_the_next_hash() {
        let mut hasher = hasher(SMALL);
        let password = Password::new("password".into());
        let hash = hasher.hash(&password, &[7; SALT_LENGTH]).unwrap();
        assert!(!hasher.memory.is_empty());
        hasher.forget_memory();
        assert_eq!(hasher.memory.capacity(), 0);
        let check = hasher.verify(&password, Some(&hash)).unwrap();
        assert_eq!(check, PasswordCheck::Right { outdated: false });
    }
}
