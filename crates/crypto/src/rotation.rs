//! Rotating, retiring and forgetting keys.
//!
//! The key whose turn comes last is always open; every other one has an end. Writes are ordered so
//! that a crash between two of them leaves a key published for too long, never for too short.

use grantor_domain::Fault;
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::keys::{KeyLife, Retirement, Rotation, SealedKey, signing_key};
use grantor_domain::ports::SigningKeys;
use grantor_domain::time::{Lifetime, Timestamp};

use crate::key_ring::{KeyRing, KeyRingError};

impl SigningKeys for KeyRing {
    fn lives(&self) -> Result<Vec<KeyLife>, Fault> {
        self.reload()?;
        Ok(Self::lives(self))
    }

    fn rotate(&self, rotation: Rotation, by: &Caller) -> Result<(), Fault> {
        self.add_successor(rotation, by)?;
        Ok(())
    }

    fn retire(&self, kid: &str, by: &Caller) -> Result<Retirement, Fault> {
        match self.end(kid, by) {
            Ok(()) => Ok(Retirement::Done),
            Err(KeyRingError::Unknown { .. }) => Ok(Retirement::Unknown),
            Err(KeyRingError::OnlySigningKey { .. }) => Ok(Retirement::OnlySigningKey),
            Err(error) => Err(error.into()),
        }
    }
}

impl KeyRing {
    /// Makes a new key that signs from now on or, when that is planned, once it has been published
    /// for the lead. Every key before it ends when the last token it may have signed has ended.
    pub(crate) fn add_successor(
        &self,
        rotation: Rotation,
        by: &Caller,
    ) -> Result<KeyLife, KeyRingError> {
        // Before the ring is held: an RSA key takes its time.
        let fresh = self.make_key()?;
        let _held = self.hold();
        self.load()?;
        let now = self.clock.now();
        let lead = match rotation {
            Rotation::AtOnce => Lifetime::default(),
            Rotation::Planned => self.settings.publish_lead,
        };
        let lives = self.lives();
        let successor = fresh.living(now, first_turn(&lives, now, lead));
        self.store
            .put(&successor, &[created(&successor.life, now, by)])?;
        for life in superseded(&lives, &successor.life, now, self.settings.longest_lifetime) {
            let event = retired(&life, now, by);
            self.store_life(life, &[event])?;
        }
        self.load()?;
        Ok(successor.life)
    }

    /// Ends a key now: no token it signed verifies any more. A key that has ended stays so.
    ///
    /// # Errors
    /// [`KeyRingError::OnlySigningKey`] when no other key could sign then,
    /// [`KeyRingError::Unknown`], or that the store does not answer.
    pub(crate) fn end(&self, kid: &str, by: &Caller) -> Result<(), KeyRingError> {
        let _held = self.hold();
        self.load()?;
        let now = self.clock.now();
        let (named, others): (Vec<_>, Vec<_>) =
            self.lives().into_iter().partition(|life| life.kid == kid);
        let Some(life) = named.into_iter().next() else {
            return Err(KeyRingError::Unknown {
                kid: kid.to_owned(),
            });
        };
        if !life.is_published(now) {
            return Ok(());
        }
        if signing_key(&others, now).is_none() {
            return Err(KeyRingError::OnlySigningKey { kid: life.kid });
        }
        for needed in extended(&others, now, self.settings.longest_lifetime) {
            self.store_life(needed, &[])?;
        }
        let event = retired(&life, now, by);
        let ended = KeyLife {
            ends: Some(now),
            ..life
        };
        self.store_life(ended, &[event])?;
        self.load()
    }

    /// Removes the keys that have ended from the store and says how many they were.
    ///
    /// # Errors
    /// [`KeyRingError`] when the store does not answer.
    pub fn forget_ended(&self) -> Result<usize, KeyRingError> {
        let _held = self.hold();
        self.load()?;
        let now = self.clock.now();
        let mut ended = self.lives();
        ended.retain(|life| !life.is_published(now));
        for life in &ended {
            self.store.remove(&life.kid)?;
        }
        self.load()?;
        Ok(ended.len())
    }

    /// Writes a known key with a changed life.
    fn store_life(&self, life: KeyLife, events: &[Event]) -> Result<(), KeyRingError> {
        let keys = self.snapshot();
        let Some(known) = keys.iter().find(|key| key.stored.life.kid == life.kid) else {
            return Err(KeyRingError::Unknown { kid: life.kid });
        };
        let sealed = known.stored.sealed.clone();
        Ok(self.store.put(&SealedKey { life, sealed }, events)?)
    }
}

/// Tells that a key was made.
pub(crate) fn created(life: &KeyLife, now: Timestamp, by: &Caller) -> Event {
    event(EventKind::KeyCreated, life, now).by(by)
}

/// Tells that a key was told to end.
fn retired(life: &KeyLife, now: Timestamp, by: &Caller) -> Event {
    event(EventKind::KeyRetired, life, now).by(by)
}

fn event(kind: EventKind, life: &KeyLife, now: Timestamp) -> Event {
    Event::new(kind, now).detail(&life.kid)
}

/// By what keys take turns.
pub(crate) fn turn(life: &KeyLife) -> (Timestamp, Timestamp, &str) {
    (life.sign_from, life.created, &life.kid)
}

/// The key that signs at `now`. When a clock that was set back says that none has begun to, the
/// first that will: better than no tokens at all.
pub(crate) fn signer<'a>(
    lives: impl Iterator<Item = &'a KeyLife> + Clone,
    now: Timestamp,
) -> Option<&'a KeyLife> {
    signing_key(lives.clone(), now).or_else(|| {
        lives
            .filter(|life| life.is_published(now))
            .min_by_key(|life| turn(life))
    })
}

/// From when a key made at `now` signs: after `lead`, and always after the one that signs now and
/// those whose turn comes by then.
fn first_turn(lives: &[KeyLife], now: Timestamp, lead: Lifetime) -> Timestamp {
    let planned = now.plus(lead);
    let before = lives.iter().filter(|life| life.sign_from <= planned);
    before
        .chain(signer(lives.iter(), now))
        .map(|life| Timestamp::from_micros(life.sign_from.as_micros().saturating_add(1)))
        .fold(planned, Timestamp::max)
}

/// The lives that change when `successor` joins: open ones before it end `longest` after it took
/// over; those that would have signed after it never will, and end at once.
fn superseded(
    lives: &[KeyLife],
    successor: &KeyLife,
    now: Timestamp,
    longest: Lifetime,
) -> Vec<KeyLife> {
    let overtaken = |life: &&KeyLife| life.sign_from > successor.sign_from;
    lives
        .iter()
        .filter(|life| life.is_published(now) && (life.ends.is_none() || overtaken(life)))
        .map(|life| KeyLife {
            ends: Some(if overtaken(&life) {
                now
            } else {
                successor.sign_from.plus(longest)
            }),
            ..life.clone()
        })
        .collect()
}

/// The lives that change when others are all that is left: the key that signs and those after it
/// stay until the tokens they may sign have ended; the last one is open.
fn extended(others: &[KeyLife], now: Timestamp, longest: Lifetime) -> Vec<KeyLife> {
    let published: Vec<&KeyLife> = others
        .iter()
        .filter(|life| life.is_published(now))
        .collect();
    let first = signer(published.iter().copied(), now).map(turn);
    let successors = published.iter().skip(1).map(Some).chain([None]);
    published
        .iter()
        .zip(successors)
        .filter(|(life, _)| Some(turn(life)) >= first)
        .filter_map(|(life, successor)| {
            let needed = successor.map(|next| next.sign_from.plus(longest));
            let ends = life.ends?;
            needed.is_none_or(|needed| ends < needed).then(|| KeyLife {
                ends: needed,
                ..(*life).clone()
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
