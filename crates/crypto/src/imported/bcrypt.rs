//! bcrypt, `$2b$12$` with 22 characters of salt and 31 of output.

use ::bcrypt::bcrypt;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::NO_PAD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::Refusal;
use super::fields::fields;

const RIGHT: Refusal = Refusal(
    "A bcrypt hash has 60 characters: $2a$, $2b$ or $2y$, a cost from 04 to 14, and 53 characters \
     of salt and output in bcrypt's base64.",
);

const LOWEST_COST: u32 = 4;
const HIGHEST_COST: u32 = 14;

/// What bcrypt looks at of a password, in bytes.
const LONGEST_PASSWORD: usize = 72;

const SALT_CHARACTERS: usize = 22;

/// The last characters of salt and output have bits to spare, which some implementations filled.
const SPARE_BITS: GeneralPurposeConfig = NO_PAD.with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&BCRYPT, SPARE_BITS);

/// A hash of bcrypt.
pub(super) struct Bcrypt {
    cost: u32,
    salt: [u8; 16],
    output: Zeroizing<[u8; 23]>,
}

impl Bcrypt {
    /// Reads a hash; `None` when the text does not begin like one.
    pub(super) fn read(text: &str) -> Option<Result<Self, Refusal>> {
        let rest = ["$2a$", "$2b$", "$2y$"]
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix))?;
        Some(Self::parse(rest).ok_or(RIGHT))
    }

    fn parse(rest: &str) -> Option<Self> {
        let [cost, digest] = fields(rest)?;
        let two_digits = cost.len() == 2 && cost.bytes().all(|byte| byte.is_ascii_digit());
        let cost = cost.parse().ok().filter(|_| two_digits)?;
        let (salt, output) = digest.split_at_checked(SALT_CHARACTERS)?;
        let decode = |text| BASE64.decode(text).ok();
        (LOWEST_COST..=HIGHEST_COST)
            .contains(&cost)
            .then_some(Self {
                cost,
                salt: decode(salt)?.try_into().ok()?,
                output: Zeroizing::new(decode(output)?.try_into().ok()?),
            })
    }

    /// Compares as those do who make such hashes: only the first 72 bytes of a password count. One
    /// with a NUL is never right, since most of them end there and would take the rest for granted.
    pub(super) fn is_of(&self, password: &[u8]) -> bool {
        let mut key = Zeroizing::new(Vec::with_capacity(LONGEST_PASSWORD + 1));
        key.extend(password.iter().take(LONGEST_PASSWORD));
        key.push(0);
        key.truncate(LONGEST_PASSWORD);
        let computed = Zeroizing::new(bcrypt(self.cost, self.salt, &key));
        // The last of the 24 bytes is never written down.
        let (computed, _unwritten) = computed.split_at(self.output.len());
        verify_slices_are_equal(computed, self.output.as_slice()).is_ok() && !password.contains(&0)
    }
}
