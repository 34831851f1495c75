//! The keys that sign and verify, as the store has them, parsed and ready.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use grantor_domain::caller::Caller;
use grantor_domain::fault::Fault;
use grantor_domain::keys::{KeyLife, Rotation, SealedKey, SigningAlgorithm};
use grantor_domain::ports::{Clock, Randomness, SigningKeyStore};
use grantor_domain::time::{Lifetime, Timestamp};

use crate::jwt_signer::Look;
use crate::rotation;
use crate::seal::Sealer;
use crate::signing_key::{SigningKey, UnusableKey};
use crate::wrapped::MasterKeys;

/// How keys are made and how long they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRingSettings {
    /// What new keys sign with.
    pub algorithm: SigningAlgorithm,
    /// How long a key is published before it signs: longer than any cache of the key set lives.
    pub publish_lead: Lifetime,
    /// How long a key is published after its successor began to sign: the longest lifetime of a
    /// token and, for rotations that begin at once, the time between two reloads of a replica.
    pub longest_lifetime: Lifetime,
}

/// Why the keys cannot be used or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// The store did not answer.
    #[error("the store of signing keys: {0}")]
    Store(#[from] Fault),
    /// None of the stored keys opens.
    #[error("the signing keys in the store were sealed under another master key")]
    WrongMasterKey,
    /// One of the stored keys does not open, others do.
    #[error("the signing key {kid} in the store has been altered")]
    Altered {
        /// `kid` of that key.
        kid: String,
    },
    /// The cryptographic library refused to make, read or seal a key.
    #[error("a signing key cannot be made or read: {0}")]
    Unusable(String),
    /// There is no key with this `kid`.
    #[error("there is no signing key {kid}")]
    Unknown {
        /// The `kid` asked for.
        kid: String,
    },
    /// It is the only key that can sign.
    #[error("{kid} is the only key that can sign: rotate first")]
    OnlySigningKey {
        /// `kid` of that key.
        kid: String,
    },
}

impl From<KeyRingError> for Fault {
    fn from(error: KeyRingError) -> Self {
        match error {
            KeyRingError::Store(fault) => fault,
            other => Self::Corrupt(other.to_string()),
        }
    }
}

impl From<UnusableKey> for KeyRingError {
    fn from(error: UnusableKey) -> Self {
        Self::Unusable(error.to_string())
    }
}

impl From<aws_lc_rs::error::Unspecified> for KeyRingError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Unusable("AES-256-GCM failed".into())
    }
}

/// Signs with the key of the hour and verifies with every published one. Requests read a snapshot
/// and never wait for the store, unless a token names a key the snapshot does not have.
pub struct KeyRing {
    pub(crate) store: Arc<dyn SigningKeyStore>,
    pub(crate) settings: KeyRingSettings,
    pub(crate) clock: Arc<dyn Clock>,
    /// Of the master key, and of the one before it.
    sealers: Vec<Sealer>,
    randomness: Arc<dyn Randomness>,
    keys: RwLock<Arc<[RingKey]>>,
    /// Held while keys are loaded or changed, so that an older load never replaces a newer one.
    loading: Mutex<Option<Look>>,
}

/// A key of the store and what was in its seal.
#[derive(Clone)]
pub(crate) struct RingKey {
    pub(crate) stored: SealedKey,
    pub(crate) key: Arc<SigningKey>,
    /// Which of the sealers it is sealed by.
    under: usize,
}

/// A key that was made and has no life yet.
pub(crate) struct FreshKey {
    pub(crate) kid: String,
    pub(crate) algorithm: SigningAlgorithm,
    sealed: Vec<u8>,
}

impl FreshKey {
    pub(crate) fn living(self, created: Timestamp, sign_from: Timestamp) -> SealedKey {
        SealedKey {
            life: KeyLife {
                kid: self.kid,
                algorithm: self.algorithm,
                created,
                sign_from,
                ends: None,
            },
            sealed: self.sealed,
        }
    }
}

impl KeyRing {
    /// Loads the keys. Makes the first one when there is none, and plans a rotation when the
    /// newest one signs otherwise than the settings want.
    ///
    /// # Errors
    /// [`KeyRingError`] when the store does not answer or its keys do not open.
    pub fn open(
        store: Arc<dyn SigningKeyStore>,
        masters: &MasterKeys,
        settings: KeyRingSettings,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, KeyRingError> {
        let ring = Self::read(store, masters, settings, clock, randomness)?;
        if ring.snapshot().is_empty() {
            let now = ring.clock.now();
            let first = ring.make_key()?.living(now, now);
            // When another replica was quicker, its key is the first.
            let event = rotation::created(&first.life, now, &Caller::operator());
            ring.store.add_first(&first, &[event])?;
            ring.reload()?;
        }
        ring.follow_settings()?;
        Ok(ring)
    }

    /// Loads the keys and leaves the store as it is. There may be none.
    ///
    /// # Errors
    /// [`KeyRingError`] when the store does not answer or its keys do not open.
    pub fn read(
        store: Arc<dyn SigningKeyStore>,
        masters: &MasterKeys,
        settings: KeyRingSettings,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, KeyRingError> {
        crate::install_crypto_provider();
        let ring = Self {
            store,
            settings,
            clock,
            sealers: masters.each().map(Sealer::new).collect::<Result<_, _>>()?,
            randomness,
            keys: RwLock::new(Arc::from([])),
            loading: Mutex::new(None),
        };
        ring.reload()?;
        Ok(ring)
    }

    /// Loads the keys again. When it fails, the ring goes on with those it has.
    ///
    /// # Errors
    /// [`KeyRingError`] when the store does not answer or its keys do not open.
    pub fn reload(&self) -> Result<(), KeyRingError> {
        let _loading = self.hold();
        self.load()
    }

    /// The lives of all keys, in the order in which they sign.
    #[must_use]
    pub fn lives(&self) -> Vec<KeyLife> {
        let mut lives: Vec<KeyLife> = self
            .snapshot()
            .iter()
            .map(|key| key.stored.life.clone())
            .collect();
        lives.sort_by(|a, b| rotation::turn(a).cmp(&rotation::turn(b)));
        lives
    }

    /// Keys follow the configuration, which is the operator's.
    fn follow_settings(&self) -> Result<(), KeyRingError> {
        let operator = Caller::operator();
        let now = self.clock.now();
        let lives = self.lives();
        match lives.iter().rfind(|life| life.is_published(now)) {
            None => self.add_successor(Rotation::AtOnce, &operator).map(drop),
            Some(newest) if newest.algorithm != self.settings.algorithm => {
                self.add_successor(Rotation::Planned, &operator).map(drop)
            }
            Some(_) => Ok(()),
        }
    }

    /// Makes a key and seals it.
    pub(crate) fn make_key(&self) -> Result<FreshKey, KeyRingError> {
        let algorithm = self.settings.algorithm;
        let pkcs8 = SigningKey::generate(algorithm)?;
        let kid = SigningKey::from_pkcs8(algorithm, &pkcs8)?.kid().to_owned();
        let mut nonce = [0; aws_lc_rs::aead::NONCE_LEN];
        self.randomness.fill(&mut nonce)?;
        let sealed = self
            .sealer()?
            .seal(nonce, &seal_name(algorithm, &kid), &pkcs8)?;
        Ok(FreshKey {
            kid,
            algorithm,
            sealed,
        })
    }

    /// What new keys are sealed by: what all others are, so that they open wherever these do.
    fn sealer(&self) -> Result<&Sealer, KeyRingError> {
        let in_force = self.snapshot().iter().map(|key| key.under).min();
        let sealer = self.sealers.get(in_force.unwrap_or(0));
        sealer.ok_or(KeyRingError::WrongMasterKey)
    }

    /// Waits for its turn to load or change keys.
    pub(crate) fn hold(&self) -> MutexGuard<'_, Option<Look>> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn snapshot(&self) -> Arc<[RingKey]> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the store. The caller holds the ring.
    pub(crate) fn load(&self) -> Result<(), KeyRingError> {
        let known = self.snapshot();
        let mut keys = Vec::new();
        let mut closed = None;
        for stored in self.store.all()? {
            let parsed = known.iter().find(|known| known.is_still(&stored));
            let key = match parsed {
                Some(known) => Some((Arc::clone(&known.key), known.under)),
                None => self.unseal(&stored)?,
            };
            match key {
                Some((key, under)) => keys.push(RingKey { stored, key, under }),
                None => closed = Some(stored.life.kid),
            }
        }
        match closed {
            Some(_) if keys.is_empty() => return Err(KeyRingError::WrongMasterKey),
            Some(kid) => return Err(KeyRingError::Altered { kid }),
            None => {}
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys.into();
        Ok(())
    }

    fn unseal(&self, stored: &SealedKey) -> Result<Option<(Arc<SigningKey>, usize)>, KeyRingError> {
        let life = &stored.life;
        let name = seal_name(life.algorithm, &life.kid);
        for (under, sealer) in self.sealers.iter().enumerate() {
            if let Some(pkcs8) = sealer.open(&name, &stored.sealed) {
                let key = SigningKey::from_pkcs8(life.algorithm, &pkcs8)?;
                return Ok(Some((Arc::new(key), under)));
            }
        }
        Ok(None)
    }
}

impl RingKey {
    fn is_still(&self, stored: &SealedKey) -> bool {
        self.stored.life.kid == stored.life.kid
            && self.stored.life.algorithm == stored.life.algorithm
            && self.stored.sealed == stored.sealed
    }
}

/// What a sealed key belongs to. The version lets the format change.
pub(crate) fn seal_name(algorithm: SigningAlgorithm, kid: &str) -> String {
    format!("grantor signing key v1\n{}\n{kid}", algorithm.as_str())
}

#[cfg(test)]
pub(crate) mod tests;
