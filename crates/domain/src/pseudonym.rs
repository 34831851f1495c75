//! Hashes that stand for names where names must not be read.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA256 (RFC 2104) under a key that is not stored with what it hides.
#[derive(Clone, Default)]
pub(crate) struct Pseudonyms(Zeroizing<[u8; 32]>);

impl Pseudonyms {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The hash of a few texts, none of which can pass for a part of another.
    pub(crate) fn of(&self, parts: &[&str]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_slice()) else {
            // HMAC takes keys of every length.
            return [0; 32];
        };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_depends_on_the_key_and_on_where_texts_end() {
        let (one, two) = (Pseudonyms::new([1; 32]), Pseudonyms::new([2; 32]));
        let hash = one.of(&["ab", "c"]);
        assert_eq!(hash, one.of(&["ab", "c"]));
        assert_ne!(hash, one.of(&["a", "bc"]));
        assert_ne!(hash, one.of(&["abc"]));
        assert_ne!(hash, two.of(&["ab", "c"]));
    }
}
