//! Several resources written at once, all or none: what bootstrap and demo are made of.

use crate::caller::Caller;
use crate::clients::ClientDraft;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::{ClientId, UserId};
use crate::ports::{Applied, Expect, PasswordCheck, ResourceChange};
use crate::revision::{Condition, Stamp};
use crate::server::{AuthorizationServer, TRIES};
use crate::time::Timestamp;
use crate::users::{HashChange, PasswordChange, User, UserDraft, next_user, violations};
use crate::violation::Violation;

/// One resource to be written.
#[derive(Clone, Debug)]
pub enum BundleEntry {
    /// A client.
    Client {
        /// Its id.
        id: ClientId,
        /// What it is to be.
        draft: Box<ClientDraft>,
        /// When to write it: an entry whose condition does not hold is left out.
        condition: Condition,
        /// Whether it administers; `false` leaves an administrator one.
        administrator: bool,
    },
    /// A user.
    User {
        /// Its id.
        id: UserId,
        /// What it is to be.
        draft: Box<UserDraft>,
        /// When to write it: an entry whose condition does not hold is left out.
        condition: Condition,
        /// Whether it administers; `false` leaves an administrator one.
        administrator: bool,
    },
}

/// How a bundle ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleOutcome {
    /// Everything is as the bundle says; so many resources had to be written for that.
    Applied(usize),
    /// The entry at this place (from 0) breaks invariants; nothing was written.
    Invalid(usize, Vec<Violation>),
    /// The user at this place has a name of another; nothing was written.
    NameTaken(usize),
}

/// An entry's change, if it needs one, with what was wrong with it.
type Planned = Result<Option<ResourceChange>, Vec<Violation>>;

impl AuthorizationServer {
    /// Brings every resource of a bundle into the state it describes, in one commit. A resource that
    /// is in that state already is left alone, its password included.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away.
    pub fn apply_bundle(
        &self,
        caller: &Caller,
        entries: &[BundleEntry],
    ) -> Result<BundleOutcome, Error> {
        caller.must_administer()?;
        if let Some(place) = repeated(entries) {
            let violation = Violation::new("id", "stands twice in the bundle");
            return Ok(BundleOutcome::Invalid(place, vec![violation]));
        }
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let mut changes = Vec::new();
            let mut places = Vec::new();
            for (place, entry) in entries.iter().enumerate() {
                match self.plan(entry, now)? {
                    Err(violations) => return Ok(BundleOutcome::Invalid(place, violations)),
                    Ok(None) => {}
                    Ok(Some(change)) => {
                        changes.push(change);
                        places.push(place);
                    }
                }
            }
            if changes.is_empty() {
                return Ok(BundleOutcome::Applied(0));
            }
            let events: Vec<Event> = changes.iter().map(|change| event_of(change, now)).collect();
            match self.ports.resources.apply(&changes, &events)? {
                Applied::Done => return Ok(BundleOutcome::Applied(changes.len())),
                Applied::NameTaken(at) => {
                    let place = places.get(at).copied().unwrap_or(at);
                    return Ok(BundleOutcome::NameTaken(place));
                }
                Applied::Stale(_) => {}
            }
        }
        Err(Fault::Contended.into())
    }

    fn plan(&self, entry: &BundleEntry, now: Timestamp) -> Result<Planned, Error> {
        match entry {
            BundleEntry::Client {
                id,
                draft,
                condition,
                administrator,
            } => {
                let current = self.ports.clients.find(id)?;
                if !condition.is_met_by(current.as_ref().map(|c| c.stamp.version)) {
                    return Ok(Ok(None));
                }
                let written = match self.next_client(id, current.as_ref(), draft, now)? {
                    Ok(written) => written,
                    Err(violations) => return Ok(Err(violations)),
                };
                if written.generated_secret.is_some() {
                    return Ok(Err(vec![Violation::new(
                        "secret",
                        "must be written out: a bundle has no answer to show a generated one in",
                    )]));
                }
                let mut next = written.client;
                if *administrator && !next.administrator {
                    next.administrator = true;
                    next.stamp = promoted(next.stamp, current.as_ref().map(|c| c.stamp), now);
                }
                let expect = expectation(current.as_ref().map(|c| c.stamp.version));
                let needed = current.as_ref() != Some(&next);
                Ok(Ok(
                    needed.then(|| ResourceChange::Client(Box::new(next), expect))
                ))
            }
            BundleEntry::User {
                id,
                draft,
                condition,
                administrator,
            } => {
                let violations = violations(id, draft);
                if !violations.is_empty() {
                    return Ok(Err(violations));
                }
                let current = self.ports.users.find(id)?;
                if !condition.is_met_by(current.as_ref().map(|u| u.stamp.version)) {
                    return Ok(Ok(None));
                }
                let hash = self.hash_unless_same(current.as_ref(), draft)?;
                let mut next = next_user(id, current.as_ref(), &draft.settings, &hash, now);
                if *administrator && !next.administrator {
                    next.administrator = true;
                    next.stamp = promoted(next.stamp, current.as_ref().map(|u| u.stamp), now);
                }
                let expect = expectation(current.as_ref().map(|u| u.stamp.version));
                let needed = current.as_ref() != Some(&next);
                Ok(Ok(
                    needed.then(|| ResourceChange::User(Box::new(next), expect))
                ))
            }
        }
    }

    fn hash_unless_same(
        &self,
        current: Option<&User>,
        draft: &UserDraft,
    ) -> Result<HashChange, Fault> {
        if let PasswordChange::Set(password) = &draft.password
            && let Some(stored) = current.and_then(|user| user.password.as_ref())
            && self.ports.hasher.verify(password, Some(stored))? != PasswordCheck::Wrong
        {
            return Ok(HashChange::Keep);
        }
        self.hash_change(&draft.password)
    }
}

/// The first entry about a resource that an earlier one is about.
fn repeated(entries: &[BundleEntry]) -> Option<usize> {
    let same = |a: &BundleEntry, b: &BundleEntry| match (a, b) {
        (BundleEntry::Client { id: a, .. }, BundleEntry::Client { id: b, .. }) => a == b,
        (BundleEntry::User { id: a, .. }, BundleEntry::User { id: b, .. }) => a == b,
        _ => false,
    };
    let mut places = entries.iter().enumerate();
    let (place, _) =
        places.find(|(place, entry)| entries.iter().take(*place).any(|e| same(e, entry)))?;
    Some(place)
}

/// The stamp of a resource that gets the right to administer: a change like any other.
fn promoted(next: Stamp, current: Option<Stamp>, now: Timestamp) -> Stamp {
    if current == Some(next) {
        next.touched(now)
    } else {
        next
    }
}

fn expectation(version: Option<crate::revision::Version>) -> Expect {
    version.map_or(Expect::Absent, Expect::Version)
}

fn event_of(change: &ResourceChange, now: Timestamp) -> Event {
    match change {
        ResourceChange::Client(client, Expect::Absent) => {
            Event::new(EventKind::ClientCreated, now).client(&client.id)
        }
        ResourceChange::Client(client, Expect::Version(_)) => {
            Event::new(EventKind::ClientChanged, now).client(&client.id)
        }
        ResourceChange::User(user, Expect::Absent) => {
            Event::new(EventKind::UserCreated, now).user(&user.id)
        }
        ResourceChange::User(user, Expect::Version(_)) => {
            Event::new(EventKind::UserChanged, now).user(&user.id)
        }
    }
}

#[cfg(test)]
mod tests;
