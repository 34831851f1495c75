//! scrypt (RFC 7914): `$scrypt$ln=15,r=8,p=1$salt$hash`, and `$s0$f0801$salt$hash` of
//! com.lambdaworks and Aidbox, whose parameters are log2 of N, r and p in one hexadecimal number.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::engine::general_purpose::STANDARD;
use grantor_domain::fault::Fault;
use zeroize::Zeroizing;

use super::Refusal;
use super::fields::{Digest, fields, named, split};
use crate::argon2_hasher::corrupt;

const RIGHT: Refusal = Refusal(
    "A scrypt hash is $scrypt$ln=15,r=8,p=1$salt$hash in base64 without padding, or \
     $s0$f0801$salt$hash with padding; it takes at most 128 MiB (128 times N times r), p is at most \
     16, N times r times p at most 2097152, the salt has 4 to 64 bytes, the output 16 to 64.",
);

const MOST_MEMORY: u64 = 128 * 1024 * 1024;
const MOST_WORK: u64 = 2 * 1024 * 1024;
const MOST_LANES: u32 = 16;

/// A hash of scrypt.
pub(super) struct Scrypt {
    cost: Cost,
    digest: Digest,
}

struct Cost {
    log_n: u8,
    r: u32,
    p: u32,
}

impl Scrypt {
    /// Reads a hash; `None` when the text does not begin like one.
    pub(super) fn read(text: &str) -> Option<Result<Self, Refusal>> {
        let hash = if let Some(rest) = text.strip_prefix("$scrypt$") {
            Self::parse_phc(rest)
        } else {
            Self::parse_s0(text.strip_prefix("$s0$")?)
        };
        Some(hash.ok_or(RIGHT))
    }

    fn parse_phc(rest: &str) -> Option<Self> {
        let [cost, salt, output] = fields(rest)?;
        let [log_n, r, p] = split(cost, ',')?;
        Some(Self {
            cost: Cost::new(named(log_n, "ln")?, named(r, "r")?, named(p, "p")?)?,
            digest: Digest::decode_phc(salt, output)?,
        })
    }

    fn parse_s0(rest: &str) -> Option<Self> {
        let [cost, salt, output] = fields(rest)?;
        if !cost.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [high, log_n, r, p] = u32::from_str_radix(cost, 16).ok()?.to_be_bytes();
        Some(Self {
            cost: Cost::new(u16::from_be_bytes([high, log_n]).into(), r.into(), p.into())?,
            digest: Digest::decode(&STANDARD, salt, output)?,
        })
    }

    /// Compares.
    pub(super) fn is_of(&self, password: &[u8]) -> Result<bool, Fault> {
        let Cost { log_n, r, p } = self.cost;
        let params = ::scrypt::Params::new(log_n, r, p).map_err(|_| corrupt(RIGHT.0))?;
        self.cost.ask_for_memory()?;
        let mut output = Zeroizing::new(vec![0; self.digest.output.len()]);
        ::scrypt::scrypt(password, &self.digest.salt, &params, &mut output)
            .map_err(|_| corrupt(RIGHT.0))?;
        Ok(verify_slices_are_equal(&output, &self.digest.output).is_ok())
    }
}

impl Cost {
    fn new(log_n: u32, r: u32, p: u32) -> Option<Self> {
        let log_n = u8::try_from(log_n).ok().filter(|log_n| *log_n >= 1)?;
        let cost = Self { log_n, r, p };
        let blocks = cost.blocks()?;
        let sound = r >= 1
            && (1..=MOST_LANES).contains(&p)
            && blocks.checked_mul(128)? <= MOST_MEMORY
            && blocks.checked_mul(p.into())? <= MOST_WORK;
        sound.then_some(cost)
    }

    /// N times r.
    fn blocks(&self) -> Option<u64> {
        1_u64
            .checked_shl(self.log_n.into())?
            .checked_mul(self.r.into())
    }

    /// scrypt ends the process when the system has no memory for it, so we ask first.
    fn ask_for_memory(&self) -> Result<(), Fault> {
        let bytes = self
            .blocks()
            .and_then(|blocks| usize::try_from(128 * blocks).ok());
        let mut asked: Vec<u8> = Vec::new();
        asked
            .try_reserve_exact(bytes.ok_or_else(|| corrupt(RIGHT.0))?)
            .map_err(|_| Fault::Overloaded("no memory for a password hash"))
    }
}
