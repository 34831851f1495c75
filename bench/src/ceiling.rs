//! What the machine could reach: Argon2id alone, with the server's parameters, on as many threads, with memory
//! that is kept between hashes. A password grant cannot be quicker than its hash.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::failure::{Context as _, Failure, Outcome};
use crate::process;

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

/// What hashing alone reaches.
#[derive(Clone, Copy)]
pub(crate) struct Ceiling {
    /// Hashes a second, of all threads.
    pub(crate) hashes_per_second: f64,
    /// CPU time of one hash.
    pub(crate) cpu_milliseconds: f64,
}

impl Ceiling {
    /// The mean of two measurements, taken before and after something else.
    pub(crate) fn mean(before: Self, after: Self) -> Self {
        Self {
            hashes_per_second: f64::midpoint(before.hashes_per_second, after.hashes_per_second),
            cpu_milliseconds: f64::midpoint(before.cpu_milliseconds, after.cpu_milliseconds),
        }
    }
}

/// Hashes on `threads` threads for so long.
pub(crate) fn measure(cost: Cost, threads: usize, duration: Duration) -> Outcome<Ceiling> {
    let cpu = process::cpu_time("self")?;
    let started = Instant::now();
    let hashes = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| scope.spawn(move || hash_until(cost, started + duration)))
            .collect();
        running.into_iter().try_fold(0_u32, |sum, thread| {
            let hashes = thread
                .join()
                .map_err(|_| Failure::new("a hashing thread panicked"))??;
            Ok::<u32, Failure>(sum + hashes)
        })
    })?;
    let elapsed = started.elapsed();
    let cpu = process::cpu_time("self")?.saturating_sub(cpu);
    Ok(Ceiling {
        hashes_per_second: f64::from(hashes) / elapsed.as_secs_f64(),
        cpu_milliseconds: cpu.as_secs_f64() * 1000.0 / f64::from(hashes),
    })
}

/// Hashes at least once; answers how often.
fn hash_until(cost: Cost, end: Instant) -> Outcome<u32> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, None)
        .context("Argon2 has no such parameters")?;
    let mut memory = vec![Block::new(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut output = [0_u8; 32];
    let mut hashes = 0;
    loop {
        argon2
            .hash_password_into_with_memory(
                b"correct horse battery staple",
                b"sixteen bytes...",
                &mut output,
                memory.as_mut_slice(),
            )
            .context("cannot hash")?;
        std::hint::black_box(&output);
        hashes += 1;
        if Instant::now() >= end {
            return Ok(hashes);
        }
    }
}
