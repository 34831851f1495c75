//! Seals of the chain of events: HMAC-SHA256 (RFC 2104) under a key of their own.

use std::fmt;

use aws_lc_rs::hmac;
use grantor_domain::ports::EventSealer;

use crate::master_key::bytes;
use crate::wrapped::DerivedKeys;

/// Makes seals under a key derived from the master key, so that whoever can write to the store and
/// nothing else cannot make one.
pub struct HmacSealer(hmac::Key);

impl HmacSealer {
    /// The sealer of an installation.
    #[must_use]
    pub fn new(keys: &DerivedKeys) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &keys.audit_chain))
    }
}

impl EventSealer for HmacSealer {
    /// HMAC of the previous seal, or of as many zero bytes, and the event.
    fn seal<'a>(&self, previous: Option<&'a [u8; 32]>, event: &'a [u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(previous.unwrap_or(&[0; 32]));
        context.update(event);
        bytes(context.sign())
    }
}

impl fmt::Debug for HmacSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSealer([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MasterKey;

    fn keys(byte: u8) -> DerivedKeys {
        DerivedKeys::of(&MasterKey::from_bytes([byte; 32]))
    }

    #[test]
    fn a_seal_depends_on_the_key_the_link_before_and_the_event() {
        let sealer = HmacSealer::new(&keys(1));
        let other = HmacSealer::new(&keys(2));
        let first = sealer.seal(None, b"event");
        assert_eq!(first, sealer.seal(None, b"event"));
        for different in [
            other.seal(None, b"event"),
            sealer.seal(Some(&first), b"event"),
            sealer.seal(None, b"Event"),
        ] {
            assert_ne!(first, different);
        }
    }
}
