//! Signing and verifying JWTs with the keys of the ring.

use std::sync::Arc;

use grantor_domain::fault::Fault;
use grantor_domain::keys::PublicKey;
use grantor_domain::ports::{TokenSigner, VerifiedToken};
use grantor_domain::secret::TokenValue;
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::{Claims, TokenKind};

use crate::jwt::{self, Header};
use crate::key_ring::KeyRing;
use crate::rotation;
use crate::signing_key::SigningKey;

/// A second between looks into the store, however many unknown keys are named meanwhile.
const LOOK_AGAIN: Lifetime = Lifetime::from_seconds(1);

/// The last look into the store for a key that was not known.
pub(crate) struct Look {
    at: Timestamp,
    outcome: Result<(), Fault>,
}

impl TokenSigner for KeyRing {
    fn sign(&self, kind: TokenKind, claims: &Claims) -> Result<TokenValue, Fault> {
        let keys = self.snapshot();
        let lives = keys.iter().map(|key| &key.stored.life);
        let key = rotation::signer(lives, self.clock.now())
            .and_then(|life| keys.iter().find(|key| key.stored.life.kid == life.kid))
            .ok_or_else(|| Fault::Unavailable("no signing key is published".into()))?;
        jwt::encode(&key.key, kind, claims)
    }

    fn verify(&self, token: &TokenValue, now: Timestamp) -> Result<Option<VerifiedToken>, Fault> {
        let token = token.expose();
        let Some(header) = Header::read(token) else {
            return Ok(None);
        };
        let (Some(kind), Some(algorithm)) = (header.kind(), header.algorithm()) else {
            return Ok(None);
        };
        let key = self.published(header.kid(), now)?;
        Ok(key
            .filter(|key| key.algorithm() == algorithm)
            .and_then(|key| jwt::verify(token, &key, now))
            .map(|claims| VerifiedToken { kind, claims }))
    }

    fn public_keys(&self, now: Timestamp) -> Result<Vec<PublicKey>, Fault> {
        let keys = self.snapshot();
        let published = keys.iter().filter(|key| key.stored.life.is_published(now));
        Ok(published.map(|key| key.key.public().clone()).collect())
    }
}

impl KeyRing {
    /// The key `kid` if it is published at `now`; looks into the store when it is not known.
    fn published(&self, kid: &str, now: Timestamp) -> Result<Option<Arc<SigningKey>>, Fault> {
        if !self.knows(kid) {
            self.look_for(kid, now)?;
        }
        let keys = self.snapshot();
        let found = keys.iter().find(|key| key.stored.life.kid == kid);
        Ok(found
            .filter(|found| found.stored.life.is_published(now))
            .map(|found| Arc::clone(&found.key)))
    }

    fn knows(&self, kid: &str) -> bool {
        self.snapshot().iter().any(|key| key.stored.life.kid == kid)
    }

    /// Loads the keys at most once a second. In between, what the last look said still holds:
    /// when the store was away, whether `kid` exists is not known.
    fn look_for(&self, kid: &str, now: Timestamp) -> Result<(), Fault> {
        let mut last = self.hold();
        if self.knows(kid) {
            return Ok(());
        }
        let recent = last
            .as_ref()
            .filter(|look| look.at <= now && now < look.at.plus(LOOK_AGAIN));
        if let Some(look) = recent {
            return look.outcome.clone();
        }
        let outcome = self.load().map_err(Fault::from);
        *last = Some(Look {
            at: now,
            outcome: outcome.clone(),
        });
        outcome
    }
}

#[cfg(test)]
mod forgeries;
