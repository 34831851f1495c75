//! Argon2id alone, with the server's parameters and with memory that is kept between hashes. A password grant cannot be
//! quicker than its hash.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::failure::{Context as _, Outcome};

use super::together::{self, Rate};

/// Parameters of Argon2id.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Memory in KiB.
    pub(crate) memory: u32,
    /// Passes.
    pub(crate) passes: u32,
    /// Lanes.
    pub(crate) lanes: u32,
}

impl Cost {
    /// The server's defaults.
    pub(crate) const DEFAULT: Self = Self {
        memory: 19_456,
        passes: 2,
        lanes: 1,
    };
    /// The least Argon2 has: what remains of a grant is the server's own work.
    pub(crate) const SMALLEST: Self = Self {
        memory: 8,
        passes: 1,
        lanes: 1,
    };
}

/// Hashes on `threads` threads for so long.
pub(crate) fn hash(cost: Cost, threads: usize, duration: Duration) -> Outcome<Rate> {
    together::measure(threads, duration, || {
        let params = Params::new(cost.memory, cost.passes, cost.lanes, None)
            .context("Argon2 has no such parameters")?;
        let mut memory = vec![Block::new(); params.block_count()];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(move || {
            let mut output = [0_u8; 32];
            argon2
                .hash_password_into_with_memory(
                    b"correct horse battery staple",
                    b"sixteen bytes...",
                    &mut output,
                    memory.as_mut_slice(),
                )
                .context("cannot hash")?;
            std::hint::black_box(&output);
            Ok(1)
        })
    })
}
