//! PBKDF2 (RFC 8018 §5.2) with HMAC of SHA-256 or SHA-512, in three spellings.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{Algorithm, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512, verify};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Refusal;
use super::fields::{Digest, decimal, fields, named};

const RIGHT: Refusal = Refusal(
    "A PBKDF2 hash is $pbkdf2-sha256$i=600000$salt$hash or $pbkdf2-sha512$ alike (the length may \
     follow, as i=600000,l=32), passlib's $pbkdf2-sha256$29000$salt$hash, or Django's \
     pbkdf2_sha256$600000$salt$hash; it has at most 2000000 iterations, the salt 4 to 64 bytes, \
     the output 16 to 64.",
);

const MOST_ITERATIONS: u32 = 2_000_000;

/// A hash of PBKDF2.
pub(super) struct Pbkdf2 {
    algorithm: Algorithm,
    iterations: NonZeroU32,
    digest: Digest,
}

impl Pbkdf2 {
    /// Reads a hash; `None` when the text does not begin like one.
    pub(super) fn read(text: &str) -> Option<Result<Self, Refusal>> {
        let read = if let Some(rest) = text.strip_prefix("$pbkdf2-sha256$") {
            Self::parse(PBKDF2_HMAC_SHA256, rest)
        } else if let Some(rest) = text.strip_prefix("$pbkdf2-sha512$") {
            Self::parse(PBKDF2_HMAC_SHA512, rest)
        } else {
            Self::parse_django(text.strip_prefix("pbkdf2_sha256$")?)
        };
        Some(read.ok_or(RIGHT))
    }

    /// A PHC string, or what passlib makes of one: bare iterations, and `.` for `+`.
    fn parse(algorithm: Algorithm, rest: &str) -> Option<Self> {
        let [cost, salt, output] = fields(rest)?;
        if let Some(count) = decimal(cost) {
            let plus = |text: &str| (!text.contains('+')).then(|| text.replace('.', "+"));
            let digest = Digest::decode_phc(&plus(salt)?, &plus(output)?)?;
            return Self::new(algorithm, count, digest);
        }
        let digest = Digest::decode_phc(salt, output)?;
        let (count, length) = match cost.split_once(',') {
            Some((count, length)) => (count, Some(named(length, "l")?)),
            None => (cost, None),
        };
        if length.is_some_and(|length| u32::try_from(digest.output.len()) != Ok(length)) {
            return None;
        }
        Self::new(algorithm, named(count, "i")?, digest)
    }

    /// Django salts with the characters themselves.
    fn parse_django(rest: &str) -> Option<Self> {
        let [count, salt, output] = fields(rest)?;
        let digest = Digest::new(salt.into(), STANDARD.decode(output).ok()?)?;
        Self::new(PBKDF2_HMAC_SHA256, decimal(count)?, digest)
    }

    fn new(algorithm: Algorithm, count: u32, digest: Digest) -> Option<Self> {
        let iterations = NonZeroU32::new(count).filter(|count| count.get() <= MOST_ITERATIONS)?;
        Some(Self {
            algorithm,
            iterations,
            digest,
        })
    }

    /// Compares.
    pub(super) fn is_of(&self, password: &[u8]) -> bool {
        let Digest { salt, output } = &self.digest;
        verify(self.algorithm, self.iterations, salt, password, output).is_ok()
    }
}
