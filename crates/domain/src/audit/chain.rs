//! The chain beside the events: each link is the seal of its event and of the link before, so that
//! nobody without the key alters, removes or inserts an event unnoticed.

use std::fmt;
use std::sync::Arc;

use crate::fault::Fault;
use crate::ports::{EventLog, EventSealer};

use super::{EventId, RecordedEvent};

/// How many events are read at once.
const PAGE: u32 = 1000;

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The event it seals.
    pub id: EventId,
    /// The seal.
    pub seal: [u8; 32],
}

/// An event and its link, as far as they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The id of both.
    pub id: EventId,
    /// The event.
    pub event: Option<RecordedEvent>,
    /// The seal of its link.
    pub seal: Option<[u8; 32]>,
}

/// What is wrong where the chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The seal is not that of this event after the one before.
    Altered,
    /// The event of a link is gone.
    EventMissing,
    /// An event has no link and later ones do.
    LinkMissing,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Altered => {
                "does not fit its link: it was altered, or what stood just before it was removed"
            }
            Self::EventMissing => "was removed: its link is there and it is not",
            Self::LinkMissing => {
                "has no link, and later ones do: it was inserted, or its link was removed"
            }
        })
    }
}

/// The first place where the chain breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The event it breaks at.
    pub id: EventId,
    /// What is wrong there.
    pub wrong: Wrong,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many events follow from one another as they were sealed.
    pub events: u64,
    /// The last link when the verification began: who keeps it elsewhere sees when the end of the
    /// chain is cut off.
    pub head: Option<Link>,
    /// Where the chain breaks.
    pub broken: Option<Break>,
}

/// The chain of a log.
#[derive(Clone)]
pub struct Chain {
    log: Arc<dyn EventLog>,
    sealer: Arc<dyn EventSealer>,
}

impl Chain {
    /// The chain of a log whose links this sealer makes.
    #[must_use]
    pub fn new(log: Arc<dyn EventLog>, sealer: Arc<dyn EventSealer>) -> Self {
        Self { log, sealer }
    }

    /// Links up to `limit` events that no link seals yet. Answers how many; fewer than `limit` means
    /// that it is done for now, or that somebody else is at it.
    ///
    /// # Errors
    /// [`Fault`] when the store is away.
    pub fn seal(&self, limit: u32) -> Result<u32, Fault> {
        let head = self.log.head()?;
        let after = head.as_ref().map(|link| link.id);
        let mut previous = head.map(|link| link.seal);
        let mut links = Vec::new();
        for event in self.log.settled(after, limit)? {
            let seal = self.sealer.seal(previous.as_ref(), &event.canonical());
            previous = Some(seal);
            links.push(Link { id: event.id, seal });
        }
        if links.is_empty() || !self.log.link(after, &links)? {
            return Ok(0);
        }
        Ok(u32::try_from(links.len()).unwrap_or(limit))
    }

    /// Follows the chain from the oldest link that is left to the last there was when this began.
    ///
    /// # Errors
    /// [`Fault`] when the store is away.
    pub fn verify(&self) -> Result<Verified, Fault> {
        let mut verified = Verified {
            head: self.log.head()?,
            ..Verified::default()
        };
        let Some(last) = verified.head.as_ref().map(|link| link.id) else {
            return Ok(verified);
        };
        let (mut after, mut previous) = (None, None);
        loop {
            let page = self.log.chain(after, PAGE)?;
            let Some(end) = page.last().map(|linked| linked.id) else {
                return Ok(verified);
            };
            for linked in page.iter().filter(|linked| linked.id <= last) {
                match self.follow(linked, previous.as_ref())? {
                    Followed::Event(seal) => {
                        verified.events += 1;
                        previous = Some(seal);
                    }
                    Followed::Anchor(seal) => previous = Some(seal),
                    Followed::Broken(wrong) => {
                        let id = linked.id;
                        verified.broken = Some(Break { id, wrong });
                        return Ok(verified);
                    }
                }
            }
            if end >= last {
                return Ok(verified);
            }
            after = Some(end);
        }
    }

    /// Whether a link is still part of the chain.
    ///
    /// # Errors
    /// [`Fault`] when the store is away.
    pub fn holds(&self, link: &Link) -> Result<bool, Fault> {
        let before = EventId::from_row(link.id.get().saturating_sub(1));
        let found = self.log.chain(Some(before), 1)?;
        let is_it = |linked: &Linked| linked.id == link.id && linked.seal == Some(link.seal);
        Ok(found.first().is_some_and(is_it))
    }

    fn follow(&self, linked: &Linked, previous: Option<&[u8; 32]>) -> Result<Followed, Fault> {
        Ok(match (&linked.event, linked.seal) {
            (Some(event), Some(seal)) => {
                if self.sealer.seal(previous, &event.canonical()) == seal {
                    Followed::Event(seal)
                } else {
                    Followed::Broken(Wrong::Altered)
                }
            }
            // Whoever forgets old events leaves the link of the last one it forgot, and it may do so
            // meanwhile.
            (None, Some(seal)) if self.is_oldest(linked.id)? => Followed::Anchor(seal),
            (None, _) => Followed::Broken(Wrong::EventMissing),
            (Some(_), None) => Followed::Broken(Wrong::LinkMissing),
        })
    }

    fn is_oldest(&self, id: EventId) -> Result<bool, Fault> {
        let first = self.log.chain(None, 1)?;
        Ok(first.first().is_some_and(|linked| linked.id == id))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain").finish_non_exhaustive()
    }
}

enum Followed {
    Event([u8; 32]),
    Anchor([u8; 32]),
    Broken(Wrong),
}
