//! The small pieces that hashes are written in.

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

/// Lengths of a salt that are taken, in bytes.
const SALT: std::ops::RangeInclusive<usize> = 4..=64;

/// Lengths of an output that are taken, in bytes.
const OUTPUT: std::ops::RangeInclusive<usize> = 16..=64;

/// A salt and the output it led to.
pub(super) struct Digest {
    pub(super) salt: Vec<u8>,
    pub(super) output: Zeroizing<Vec<u8>>,
}

impl Digest {
    /// Lengths that are sound, or nothing.
    pub(super) fn new(salt: Vec<u8>, output: Vec<u8>) -> Option<Self> {
        let output = Zeroizing::new(output);
        let sound = SALT.contains(&salt.len()) && OUTPUT.contains(&output.len());
        sound.then_some(Self { salt, output })
    }

    /// Both in the same spelling of base64.
    pub(super) fn decode(engine: &GeneralPurpose, salt: &str, output: &str) -> Option<Self> {
        let decode = |text| engine.decode(text).ok();
        Self::new(decode(salt)?, decode(output)?)
    }

    /// Both as PHC strings have them: base64 without padding.
    pub(super) fn decode_phc(salt: &str, output: &str) -> Option<Self> {
        Self::decode(&STANDARD_NO_PAD, salt, output)
    }
}

/// A number in digits alone, without zeros in front.
pub(super) fn decimal(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    if plain && canonical {
        text.parse().ok()
    } else {
        None
    }
}

/// What stands behind `name=` in digits.
pub(super) fn named(text: &str, name: &str) -> Option<u32> {
    decimal(text.strip_prefix(name)?.strip_prefix('=')?)
}

/// Exactly so many fields between dollar signs.
pub(super) fn fields<const N: usize>(text: &str) -> Option<[&str; N]> {
    split(text, '$')
}

/// Exactly so many parts between separators.
pub(super) fn split<const N: usize>(text: &str, separator: char) -> Option<[&str; N]> {
    let mut parts = text.split(separator);
    let mut found = [""; N];
    for place in &mut found {
        *place = parts.next()?;
    }
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(decimal("29000"), Some(29_000));
        assert_eq!(decimal("0"), Some(0));
        for bad in ["", "+1", "-1", "01", " 1", "1 ", "4294967296", "٣"] {
            assert_eq!(decimal(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn fields_are_counted() {
        assert_eq!(fields::<2>("a$b"), Some(["a", "b"]));
        assert_eq!(fields::<2>("a"), None);
        assert_eq!(fields::<2>("a$b$"), None);
    }
}
