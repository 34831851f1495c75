//! Chance that can be repeated: `DRILL_SEED` sets what a failed drill printed.

use std::fs::File;
use std::io::Read as _;
use std::sync::OnceLock;
use std::time::Duration;

/// Splitmix64.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice of one of those who throw.
    pub(crate) fn of(thrower: u64) -> Self {
        Self(seed().wrapping_add(thrower.wrapping_mul(0x2545_f491_4f6c_dd1d)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`.
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.next() % sides.max(1)
    }

    /// An index into something that is not empty.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    /// A time below this.
    pub(crate) fn time(&mut self, below: Duration) -> Duration {
        Duration::from_micros(self.below(u64::try_from(below.as_micros()).unwrap()))
    }
}

fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let given = std::env::var_os("DRILL_SEED");
        let seed = given.map_or_else(random, |text| text.to_str().unwrap().parse().unwrap());
        println!("drill: DRILL_SEED={seed} throws the same dice");
        seed
    })
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    let mut source = File::open("/dev/urandom").unwrap();
    source.read_exact(&mut bytes).unwrap();
    u64::from_ne_bytes(bytes)
}
