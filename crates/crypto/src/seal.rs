//! Sealing: AES-256-GCM under the master key, or one derived from it. A sealed secret is `nonce ‖ ciphertext ‖ tag`.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use zeroize::Zeroizing;

use crate::master_key::MasterKey;

/// Seals and opens secrets. What a secret belongs to is authenticated with it, so that a sealed
/// secret that was moved to another record does not open.
pub(crate) struct Sealer(LessSafeKey);

impl Sealer {
    pub(crate) fn new(master: &MasterKey) -> Result<Self, Unspecified> {
        Self::under(master.as_bytes())
    }

    pub(crate) fn under(key: &[u8; 32]) -> Result<Self, Unspecified> {
        UnboundKey::new(&AES_256_GCM, key).map(|key| Self(LessSafeKey::new(key)))
    }

    /// Seals `secret` for what `belongs_to` names. `nonce` must be random and new.
    pub(crate) fn seal(
        &self,
        nonce: [u8; NONCE_LEN],
        belongs_to: &str,
        secret: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        let length = NONCE_LEN + secret.len() + AES_256_GCM.tag_len();
        // Wiped when sealing fails half-way, and never grown, so that no copy is left behind.
        let mut sealed = Zeroizing::new(Vec::with_capacity(length));
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(secret);
        let (_, text) = sealed.split_at_mut(NONCE_LEN);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .0
            .seal_in_place_separate_tag(nonce, Aad::from(belongs_to), text)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(std::mem::take(&mut *sealed))
    }

    /// Opens what was sealed for `belongs_to`. `None` when it was sealed under another key, for
    /// something else, or changed since.
    pub(crate) fn open(&self, belongs_to: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = Zeroizing::new(text.to_vec());
        let length = self
            .0
            .open_in_place(nonce, Aad::from(belongs_to), &mut text)
            .ok()?
            .len();
        text.truncate(length);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&MasterKey::from_bytes([byte; 32])).unwrap()
    }

    #[test]
    fn opens_what_it_sealed_and_shows_nothing_of_it() {
        let secret = b"a private key that is quite long";
        let sealed = sealer(1).seal([7; 12], "k1", secret).unwrap();
        assert_eq!(sealed.len(), 12 + secret.len() + 16);
        assert!(
            !sealed
                .windows(8)
                .any(|part| secret.windows(8).any(|plain| plain == part))
        );
        assert_eq!(sealer(1).open("k1", &sealed).unwrap().as_slice(), secret);
    }

    #[test]
    fn opens_nothing_else() {
        let sealed = sealer(1).seal([7; 12], "k1", b"secret").unwrap();
        assert!(
            sealer(2).open("k1", &sealed).is_none(),
            "another master key"
        );
        assert!(sealer(1).open("k2", &sealed).is_none(), "another record");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(sealer(1).open("k1", &changed).is_none(), "byte {position}");
            assert!(
                sealer(1).open("k1", &sealed[..position]).is_none(),
                "cut at {position}"
            );
        }
    }
}
