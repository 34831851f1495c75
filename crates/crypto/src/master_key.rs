//! The key under which signing keys are stored, and from which those of page links and of the audit
//! chain are derived.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

const LENGTH: usize = 32;

const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const URL_SAFE: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING.with_encode_padding(false));
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);

/// The 32-byte key that seals private signing keys. The keys that sign links between pages and seal the
/// audit chain are derived from it, so another one makes old links and seals invalid. It is never
/// stored with what it protects, never shown, and wiped when dropped.
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

/// A text that is not a master key. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes, written as base64url, base64 or hexadecimal digits")]
pub struct MasterKeyError;

impl MasterKey {
    /// Takes 32 random bytes as the key.
    #[must_use]
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads 32 bytes written as base64url or base64, padded or not, or as hexadecimal digits.
    /// White space around them does not count.
    ///
    /// # Errors
    /// [`MasterKeyError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim();
        let bytes = if text.len() == 2 * LENGTH {
            from_hexadecimal(text)
        } else {
            let engine = if text.contains(['+', '/']) {
                &STANDARD
            } else {
                &URL_SAFE
            };
            engine.decode(text).ok().map(Zeroizing::new)
        };
        let bytes = bytes.ok_or(MasterKeyError)?;
        let bytes: &[u8; LENGTH] = bytes.as_slice().try_into().map_err(|_| MasterKeyError)?;
        Ok(Self::from_bytes(*bytes))
    }

    /// The key as base64url without padding, for the file it is kept in.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE.encode(self.0.as_slice()))
    }

    /// A key for one purpose, which tells nothing of this one or of those for others
    /// (HMAC-SHA256 of the purpose).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; LENGTH] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice());
        bytes(hmac::sign(&key, purpose.as_bytes()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// The bytes of an HMAC-SHA256.
pub(crate) fn bytes(tag: hmac::Tag) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    bytes
}

fn from_hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = Zeroizing::new(digits?);
    let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH));
    for pair in digits.chunks_exact(2) {
        let value = pair.iter().fold(0, |value, digit| value * 16 + digit);
        bytes.push(u8::try_from(value).ok()?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: [u8; 32] = [
        0xfb, 0xff, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
        24, 25, 26, 27, 28, 29, 30, 31,
    ];

    #[test]
    fn reads_every_way_of_writing_it() {
        let hexadecimal = "FBFF02030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
        let base64url = "-_8CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        for text in [
            base64url,
            &format!("  {base64url}=\n"),
            "+/8CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "+/8CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            hexadecimal,
            &hexadecimal.to_lowercase(),
        ] {
            let key = MasterKey::parse(text).unwrap();
            assert_eq!(key.as_bytes(), &BYTES, "{text}");
            assert_eq!(*key.to_text(), base64url);
        }
    }

    #[test]
    fn refuses_other_lengths_and_alphabets() {
        for bad in [
            "",
            "secret",
            &"A".repeat(42),
            &"A".repeat(44),
            &"g".repeat(64),
            &"0".repeat(63),
            &"é".repeat(32),
            "-/8CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        ] {
            assert_eq!(MasterKey::parse(bad).err(), Some(MasterKeyError), "{bad:?}");
        }
    }

    #[test]
    fn does_not_print_itself() {
        assert_eq!(
            format!("{:?}", MasterKey::from_bytes(BYTES)),
            "MasterKey([redacted])"
        );
    }
}
