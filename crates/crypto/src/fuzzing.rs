//! Tokens and password hashes as functions of bytes: for `fuzz/`, and for the tests that read its corpus.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_domain::event::Event;
use grantor_domain::fault::Fault;
use grantor_domain::id::{ClientId, SessionId, TokenId};
use grantor_domain::keys::{SealedKey, SigningAlgorithm, WrappedKey};
use grantor_domain::ports::{
    Clock, Import, Randomness, SigningKeyStore, TokenSigner as _, VerifiedToken,
};
use grantor_domain::scope::Scope;
use grantor_domain::secret::TokenValue;
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::{Claims, TokenKind};

use crate::key_ring::{KeyRing, KeyRingSettings};
use crate::master_key::MasterKey;
use crate::signing_key::SigningKey;
use crate::{imported, install_crypto_provider};

const NOW: Timestamp = Timestamp::from_seconds(30);

/// A token, made as the first byte says: what is written there; a header and claims, cut at the first line
/// feed, under our signature (`KID` in the header stands for our key); or a genuine token in which bytes are changed, three bytes each telling where
/// and to what. Nobody's token is taken for ours, and none outside its time.
///
/// # Panics
/// When a promise is broken.
pub fn token(bytes: &[u8]) {
    assert!(ISSUER.is_some(), "there is no key to sign with");
    let (Some(issuer), Some((mode, rest))) = (ISSUER.as_ref(), bytes.split_first()) else {
        return;
    };
    match mode % 3 {
        0 => {
            let text = String::from_utf8_lossy(rest);
            assert!(issuer.reads(&text).is_none(), "somebody made up a token");
        }
        1 => {
            let read = issuer.reads(&issuer.signed(rest).unwrap_or_default());
            if let Some(VerifiedToken { claims, .. }) = read {
                let is_ours = claims.expires > NOW && !claims.audience.is_empty();
                assert!(is_ours, "{claims:?} was believed");
            }
        }
        _ => {
            let changed = changed(&issuer.genuine, rest);
            let is_genuine = changed == issuer.genuine;
            assert!(
                issuer.reads(&changed).is_some() == is_genuine,
                "{changed} was believed"
            );
        }
    }
}

fn changed(genuine: &str, changes: &[u8]) -> String {
    let mut token = genuine.as_bytes().to_vec();
    for change in changes.chunks_exact(3) {
        if let [high, low, byte] = change {
            let at = usize::from(u16::from_be_bytes([*high, *low])) % token.len();
            if let Some(place) = token.get_mut(at) {
                *place = *byte;
            }
        }
    }
    String::from_utf8_lossy(&token).into_owned()
}

/// A password hash made elsewhere. What begins like one is one or is refused, never taken for a password.
///
/// # Panics
/// When a promise is broken.
pub fn password_hash(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let begins = [
        "$argon2id$",
        "$2b$",
        "$scrypt$",
        "$s0$",
        "$pbkdf2-sha256$",
        "$6$",
        "scrypt$",
    ];
    let is_hash_like = begins.iter().any(|begin| text.starts_with(begin));
    let read = imported::import(text);
    assert!(
        !(is_hash_like && matches!(read, Import::NoHash)),
        "a hash was taken for a password"
    );
}

/// A ring with one key, and a token of it.
struct Issuer {
    ring: KeyRing,
    key: Arc<SigningKey>,
    genuine: String,
}

static ISSUER: LazyLock<Option<Issuer>> = LazyLock::new(Issuer::new);

impl Issuer {
    fn new() -> Option<Self> {
        install_crypto_provider();
        let settings = KeyRingSettings {
            algorithm: SigningAlgorithm::Es256,
            publish_lead: Lifetime::from_seconds(100),
            longest_lifetime: Lifetime::from_seconds(1000),
        };
        let ring = KeyRing::open(
            Arc::new(OneKey::default()),
            &MasterKey::from_bytes([9; 32]).into(),
            settings,
            Arc::new(StoppedClock),
            Arc::new(Sevens),
        )
        .ok()?;
        let claims = Claims {
            issuer: "https://as.example".into(),
            subject: "user".into(),
            audience: vec!["https://api.example".into()],
            issued: Timestamp::from_seconds(0),
            expires: Timestamp::from_seconds(60),
            id: TokenId::parse("AAAAAAAAAAAAAAAAAAAAAA").ok()?,
            client: ClientId::parse("client").ok()?,
            scope: Scope::parse("read").ok()?,
            roles: Vec::new(),
            session: SessionId::parse("AAAAAAAAAAAAAAAAAAAAAA").ok()?,
            compat_cid: false,
        };
        let genuine = ring.sign(TokenKind::Access, &claims).ok()?;
        let key = Arc::clone(&ring.snapshot().first()?.key);
        Some(Self {
            ring,
            key,
            genuine: genuine.expose().to_owned(),
        })
    }

    fn reads(&self, token: &str) -> Option<VerifiedToken> {
        let token = TokenValue::new(token.to_owned());
        self.ring.verify(&token, NOW).ok().flatten()
    }

    /// A header and claims under our signature. `KID` in the header stands for our key.
    fn signed(&self, parts: &[u8]) -> Option<String> {
        let mut parts = parts.splitn(2, |byte| *byte == b'\n');
        let header = String::from_utf8_lossy(parts.next()?).replace("KID", self.key.kid());
        let (header, claims) = (header.into_bytes(), parts.next().unwrap_or_default());
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = self.key.sign(message.as_bytes()).ok()?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        NOW
    }
}

struct Sevens;

impl Randomness for Sevens {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        bytes.fill(7);
        Ok(())
    }
}

/// Holds what the ring makes at its start.
#[derive(Default)]
struct OneKey(Mutex<Vec<SealedKey>>);

impl SigningKeyStore for OneKey {
    fn all(&self) -> Result<Vec<SealedKey>, Fault> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    fn add_first(&self, key: &SealedKey, _events: &[Event]) -> Result<bool, Fault> {
        self.put(key, &[]).map(|()| true)
    }

    fn put(&self, key: &SealedKey, _events: &[Event]) -> Result<(), Fault> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = vec![key.clone()];
        Ok(())
    }

    fn remove(&self, _kid: &str) -> Result<(), Fault> {
        Ok(())
    }

    fn wrapped(&self) -> Result<Vec<WrappedKey>, Fault> {
        Ok(Vec::new())
    }

    fn rewrap(
        &self,
        _seen: &[SealedKey],
        _keys: &[SealedKey],
        _wrapped: &[WrappedKey],
        _events: &[Event],
    ) -> Result<bool, Fault> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests;
