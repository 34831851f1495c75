//! Changing the master key: what it seals is sealed again, and what was derived from it is kept.
//!
//! The keys of page links, of the audit chain, of browsers' notes and of budgets are derived from the master key in
//! force when they are first needed. When that is changed, they are sealed under the next one and stored, so
//! that links, seals and notes of before go on.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::NONCE_LEN;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::fault::Fault;
use grantor_domain::keys::{SealedKey, WrappedKey};
use grantor_domain::ports::{Clock, Randomness, SigningKeyStore};
use zeroize::Zeroizing;

use crate::key_ring::{KeyRingError, seal_name};
use crate::master_key::MasterKey;
use crate::seal::Sealer;

/// How often somebody else may change the keys while they are sealed anew.
const TRIES: u32 = 10;

const PAGE_LINKS: &str = "page links";
const AUDIT_CHAIN: &str = "audit chain";
const BROWSER_NOTES: &str = "browser notes";
const BUDGET_NAMES: &str = "names in budgets";

/// The master key, and the one before it while it is being changed. What is stored opens under either.
#[derive(Debug)]
pub struct MasterKeys {
    current: MasterKey,
    previous: Option<MasterKey>,
}

impl MasterKeys {
    /// Both.
    #[must_use]
    pub const fn new(current: MasterKey, previous: Option<MasterKey>) -> Self {
        Self { current, previous }
    }

    /// The master key.
    #[must_use]
    pub const fn current(&self) -> &MasterKey {
        &self.current
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

impl From<MasterKey> for MasterKeys {
    fn from(current: MasterKey) -> Self {
        Self::new(current, None)
    }
}

/// Keys for one purpose each.
pub struct DerivedKeys {
    /// What signs links between pages.
    pub page_links: [u8; 32],
    /// What seals the audit chain.
    pub audit_chain: [u8; 32],
    /// What notes of browsers are sealed under, together with the browser's token.
    pub browser_notes: [u8; 32],
    /// What hides the names of those who are guessed at.
    pub budget_names: [u8; 32],
}

impl fmt::Debug for DerivedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivedKeys([redacted])")
    }
}

impl DerivedKeys {
    /// Those of an installation whose master key was never changed.
    #[must_use]
    pub fn of(master: &MasterKey) -> Self {
        Self {
            page_links: master.derive(PAGE_LINKS),
            audit_chain: master.derive(AUDIT_CHAIN),
            browser_notes: master.derive(BROWSER_NOTES),
            budget_names: master.derive(BUDGET_NAMES),
        }
    }

    /// Those of the installation whose store this is.
    ///
    /// # Errors
    /// [`KeyRingError`] when the store does not answer, or was sealed under other master keys.
    pub fn read(store: &dyn SigningKeyStore, masters: &MasterKeys) -> Result<Self, KeyRingError> {
        Known::read(store, masters.each().collect())?.derived()
    }

    fn each(&self) -> [(&'static str, &[u8; 32]); 4] {
        [
            (PAGE_LINKS, &self.page_links),
            (AUDIT_CHAIN, &self.audit_chain),
            (BROWSER_NOTES, &self.browser_notes),
            (BUDGET_NAMES, &self.budget_names),
        ]
    }
}

/// A secret, and which of the master keys it is sealed under.
type Opened = (usize, Zeroizing<Vec<u8>>);

/// What is stored, and the master keys it may be sealed under.
struct Known<'a> {
    masters: Vec<(&'a MasterKey, Sealer)>,
    keys: Vec<SealedKey>,
    wrapped: Vec<WrappedKey>,
}

impl<'a> Known<'a> {
    fn read(
        store: &dyn SigningKeyStore,
        masters: Vec<&'a MasterKey>,
    ) -> Result<Self, KeyRingError> {
        let with_sealer = |master| Ok((master, Sealer::new(master)?));
        let masters = masters.into_iter().map(with_sealer);
        Ok(Self {
            masters: masters.collect::<Result<_, KeyRingError>>()?,
            keys: store.all()?,
            wrapped: store.wrapped()?,
        })
    }

    /// The secret, and which of the master keys it is sealed under.
    fn open(&self, belongs_to: &str, sealed: &[u8]) -> Option<Opened> {
        let mut masters = self.masters.iter().enumerate();
        masters.find_map(|(at, (_, sealer))| Some((at, sealer.open(belongs_to, sealed)?)))
    }

    /// Which master key the signing keys are sealed under, and their private parts.
    fn private_parts(&self) -> Result<Vec<Opened>, KeyRingError> {
        let opened = self.keys.iter().map(|key| {
            let name = seal_name(key.life.algorithm, &key.life.kid);
            self.open(&name, &key.sealed)
                .ok_or_else(|| KeyRingError::Altered {
                    kid: key.life.kid.clone(),
                })
        });
        let opened: Vec<_> = opened.collect();
        if !opened.is_empty() && opened.iter().all(Result::is_err) {
            return Err(KeyRingError::WrongMasterKey);
        }
        opened.into_iter().collect()
    }

    /// Each as it was kept; one that was not is derived from the master key in force.
    fn derived(&self) -> Result<DerivedKeys, KeyRingError> {
        let parts = self.private_parts()?;
        let in_force = parts.iter().map(|(at, _)| *at).min().unwrap_or(0);
        let one = |purpose: &str| match self.wrapped.iter().find(|key| key.purpose == purpose) {
            None => self
                .masters
                .get(in_force)
                .map(|(master, _)| master.derive(purpose))
                .ok_or(KeyRingError::WrongMasterKey),
            Some(key) => self
                .open(&wrapped_name(purpose), &key.sealed)
                .and_then(|(_, secret)| secret.as_slice().try_into().ok())
                .ok_or_else(|| KeyRingError::Altered {
                    kid: purpose.to_owned(),
                }),
        };
        Ok(DerivedKeys {
            page_links: one(PAGE_LINKS)?,
            audit_chain: one(AUDIT_CHAIN)?,
            browser_notes: one(BROWSER_NOTES)?,
            budget_names: one(BUDGET_NAMES)?,
        })
    }

    /// Whether all is sealed under the first master key already.
    fn is_done(&self) -> Result<bool, KeyRingError> {
        let keys = self.private_parts()?;
        let mut wrapped = self
            .wrapped
            .iter()
            .map(|key| self.open(&wrapped_name(&key.purpose), &key.sealed));
        let under_first = |at: usize| at == 0;
        Ok(!keys.is_empty()
            && keys.iter().all(|(at, _)| under_first(*at))
            && wrapped.all(|opened| opened.is_some_and(|(at, _)| under_first(at))))
    }
}

/// Seals all that is stored under a master key anew under the next one, all of it or nothing. Answers how
/// many signing keys that were; `None` when all of it is sealed under the next one already.
///
/// # Errors
/// [`KeyRingError`] when the store does not answer, or what it holds opens under none of the master keys.
pub fn rewrap(
    store: &dyn SigningKeyStore,
    masters: &MasterKeys,
    next: &MasterKey,
    clock: &Arc<dyn Clock>,
    randomness: &Arc<dyn Randomness>,
) -> Result<Option<usize>, KeyRingError> {
    let sealer = Sealer::new(next)?;
    let seal = |belongs_to: &str, secret: &[u8]| -> Result<Vec<u8>, KeyRingError> {
        let mut nonce = [0; NONCE_LEN];
        randomness.fill(&mut nonce)?;
        Ok(sealer.seal(nonce, belongs_to, secret)?)
    };
    for _ in 0..TRIES {
        let known = Known::read(store, std::iter::once(next).chain(masters.each()).collect())?;
        if known.is_done()? {
            return Ok(None);
        }
        let derived = known.derived()?;
        let mut keys = known.keys.clone();
        for (key, (_, private)) in keys.iter_mut().zip(known.private_parts()?) {
            key.sealed = seal(&seal_name(key.life.algorithm, &key.life.kid), &private)?;
        }
        let mut wrapped = Vec::new();
        for (purpose, key) in derived.each() {
            wrapped.push(WrappedKey {
                purpose: purpose.to_owned(),
                sealed: seal(&wrapped_name(purpose), key)?,
            });
        }
        let event = Event::new(EventKind::KeysRewrapped, clock.now())
            .detail(format!("{} signing keys", keys.len()))
            .by(&Caller::operator());
        if store.rewrap(&known.keys, &keys, &wrapped, &[event])? {
            return Ok(Some(keys.len()));
        }
    }
    Err(KeyRingError::Store(Fault::Contended))
}

/// What a wrapped key belongs to. The version lets the format change.
fn wrapped_name(purpose: &str) -> String {
    format!("grantor derived key v1\n{purpose}")
}

#[cfg(test)]
mod tests;
