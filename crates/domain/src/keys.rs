//! Signing keys: what is known of them, and when each of them signs and is published.
//!
//! ```text
//!            created          sign_from        successor's sign_from      ends
//! published ────┬────────────────┬────────────────────┬────────────────────┬── forgotten
//!               │   published    │      signing       │      retiring      │
//! ```
//!
//! A key is published before it signs, so that caches know it, and stays published until the last
//! token it signed has ended. All of it follows from instants, so replicas agree without talking.

mod look_after;

use crate::time::{Lifetime, Timestamp};

/// How long a key should sign before another does: the shorter end of what NIST SP 800-57 part 1
/// §5.3.6 recommends for private signature keys.
pub const CRYPTOPERIOD: Lifetime = Lifetime::from_days(365);

/// How a key signs (RFC 7518 §3.1, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256.
    #[default]
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSA PKCS#1 v1.5, 2048 bit.
    Rs256,
    /// RSA PSS, 2048 bit.
    Ps256,
}

impl SigningAlgorithm {
    /// Every algorithm. HS256 is not among them and never will be.
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Rs256, Self::Ps256];

    /// The `alg` value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    /// The algorithm with this `alg` value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
    }
}

/// The life of a signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLife {
    /// `kid`.
    pub kid: String,
    /// How it signs.
    pub algorithm: SigningAlgorithm,
    /// Since when it is published.
    pub created: Timestamp,
    /// From when it signs.
    pub sign_from: Timestamp,
    /// When it stops being published and verifying; open while no successor is planned.
    pub ends: Option<Timestamp>,
}

impl KeyLife {
    /// Whether it is published and verifies at `now`.
    #[must_use]
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }
}

/// What a key is at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published, and not signing yet.
    Next,
    /// The one that signs.
    Signing,
    /// Superseded; verifies what it signed.
    Retiring,
    /// Over.
    Ended,
}

impl KeyState {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Signing => "signing",
            Self::Retiring => "retiring",
            Self::Ended => "ended",
        }
    }
}

/// From when a key that is made signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Once everybody who caches the key set knows it.
    Planned,
    /// From now on, for emergencies.
    AtOnce,
}

/// How ending a key went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retirement {
    /// It has ended.
    Done,
    /// There is none with this id.
    Unknown,
    /// It goes on: no other could sign now.
    OnlySigningKey,
}

/// A key as it is at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedKey {
    /// Its life.
    pub life: KeyLife,
    /// What it is then.
    pub state: KeyState,
    /// When it will have signed for a [`CRYPTOPERIOD`], unless a successor is planned.
    pub rotate_by: Option<Timestamp>,
}

impl ListedKey {
    /// Lives, as they are at `now`.
    #[must_use]
    pub fn all(lives: &[KeyLife], now: Timestamp) -> Vec<Self> {
        let listed = lives.iter().map(|life| {
            let state = key_state(life, lives, now);
            let is_last = state == KeyState::Signing && life.ends.is_none();
            Self {
                life: life.clone(),
                state,
                rotate_by: is_last.then(|| life.sign_from.plus(CRYPTOPERIOD)),
            }
        });
        listed.collect()
    }
}

/// The key that signs at `now`: of those published, the latest that has begun to.
#[must_use]
pub fn signing_key<'a>(
    lives: impl IntoIterator<Item = &'a KeyLife>,
    now: Timestamp,
) -> Option<&'a KeyLife> {
    lives
        .into_iter()
        .filter(|life| life.is_published(now) && life.sign_from <= now)
        .max_by_key(|life| (life.sign_from, life.created, life.kid.as_str()))
}

/// What `life` is among `lives` at `now`.
#[must_use]
pub fn key_state(life: &KeyLife, lives: &[KeyLife], now: Timestamp) -> KeyState {
    if !life.is_published(now) {
        KeyState::Ended
    } else if life.sign_from > now {
        KeyState::Next
    } else if signing_key(lives, now).is_some_and(|signing| signing.kid == life.kid) {
        KeyState::Signing
    } else {
        KeyState::Retiring
    }
}

/// A key as it is stored: its private part sealed under the master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// Its life.
    pub life: KeyLife,
    /// The private key, encrypted and authenticated; bound to its `kid`.
    pub sealed: Vec<u8>,
}

/// A key that was derived from a master key of before, sealed under the one of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    /// What it is for.
    pub purpose: String,
    /// The key, encrypted and authenticated; bound to its purpose.
    pub sealed: Vec<u8>,
}

/// The public part of a key (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// `kid`.
    pub kid: String,
    /// `alg`.
    pub algorithm: SigningAlgorithm,
    /// The key's own members, base64url as RFC 7518 §6 writes them.
    pub parameters: KeyParameters,
}

/// Public key members by key type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyParameters {
    /// `kty: EC`.
    Ec {
        /// `crv`.
        crv: String,
        /// `x`.
        x: String,
        /// `y`.
        y: String,
    },
    /// `kty: OKP`.
    Okp {
        /// `crv`.
        crv: String,
        /// `x`.
        x: String,
    },
    /// `kty: RSA`.
    Rsa {
        /// `n`.
        n: String,
        /// `e`.
        e: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(kid: &str, sign_from: i64, ends: Option<i64>) -> KeyLife {
        KeyLife {
            kid: kid.into(),
            algorithm: SigningAlgorithm::Es256,
            created: Timestamp::from_seconds(0),
            sign_from: Timestamp::from_seconds(sign_from),
            ends: ends.map(Timestamp::from_seconds),
        }
    }

    #[test]
    fn a_successor_takes_over_at_its_instant() {
        let lives = [life("old", 0, Some(100)), life("new", 50, None)];
        let signs_at = |t| signing_key(&lives, Timestamp::from_seconds(t)).map(|l| l.kid.as_str());
        assert_eq!(signs_at(49), Some("old"));
        assert_eq!(signs_at(50), Some("new"));
        let states_at = |t| {
            let now = Timestamp::from_seconds(t);
            [
                key_state(&lives[0], &lives, now),
                key_state(&lives[1], &lives, now),
            ]
        };
        assert_eq!(states_at(49), [KeyState::Signing, KeyState::Next]);
        assert_eq!(states_at(50), [KeyState::Retiring, KeyState::Signing]);
        assert_eq!(states_at(100), [KeyState::Ended, KeyState::Signing]);
    }

    #[test]
    fn a_key_should_be_rotated_a_year_after_it_began_unless_a_successor_is_planned() {
        let due = |lives: &[KeyLife]| {
            let listed = ListedKey::all(lives, Timestamp::from_seconds(10));
            let due = listed.into_iter().map(|key| key.rotate_by);
            due.collect::<Vec<_>>()
        };
        let year = Timestamp::from_seconds(365 * 86_400);
        assert_eq!(due(&[life("only", 0, None)]), [Some(year)]);
        assert_eq!(
            due(&[life("old", 0, Some(100)), life("new", 50, None)]),
            [None, None]
        );
    }
}
