//! Several resources written at once, all or none: transactions, and what bootstrap and demo are made of.

mod plan;

use crate::access::{AccessPolicy, Interaction};
use crate::caller::Caller;
use crate::clients::Client;
use crate::error::Error;
use crate::event::Event;
use crate::fault::Fault;
use crate::ports::Applied;
use crate::resources::{Identifier, Resource, ResourceKind, WrittenResource};
use crate::revision::{Condition, Stamp};
use crate::roles::Role;
use crate::server::{AuthorizationServer, TRIES};
use crate::users::User;
use crate::violation::Violation;

/// Does one thing with what an enum of resources of every type holds.
macro_rules! each {
    ($all:expr, $one:ident => $what:expr) => {
        match $all {
            Self::Client($one) => $what,
            Self::User($one) => $what,
            Self::Role($one) => $what,
            Self::Policy($one) => $what,
        }
    };
}

/// What is wanted of one resource.
#[derive(Clone, Debug)]
pub struct Entry<R: Resource> {
    /// Its id.
    pub id: R::Id,
    /// What it is to be; `None` removes it.
    pub draft: Option<R::Draft>,
    /// When to do it.
    pub condition: Condition,
}

/// One resource of a bundle.
#[derive(Clone, Debug)]
pub enum BundleEntry {
    /// A client.
    Client(Box<Entry<Client>>),
    /// A user.
    User(Box<Entry<User>>),
    /// A role.
    Role(Box<Entry<Role>>),
    /// An access policy.
    Policy(Box<Entry<AccessPolicy>>),
}

/// What is to be done with entries that need not, or cannot, be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleMode {
    /// A transaction: an entry whose condition does not hold fails all of them.
    Transaction,
    /// The state that is to be: an entry whose condition does not hold is left out, a password that
    /// is right already is left alone, and no secret is generated, for there is no answer to show
    /// it in.
    State,
}

/// What became of one entry.
#[derive(Clone, Debug)]
pub enum Settled<R: Resource> {
    /// It did not exist and does now.
    Created(WrittenResource<R>),
    /// It was changed.
    Updated(WrittenResource<R>),
    /// It was already as it was to be.
    Unchanged(WrittenResource<R>),
    /// It is gone; this was its last state.
    Removed(R),
    /// There was nothing to remove.
    Absent,
    /// Its condition did not hold.
    LeftOut,
}

/// What became of one entry, whatever it is about.
#[derive(Clone, Debug)]
pub enum EntryOutcome {
    /// A client.
    Client(Box<Settled<Client>>),
    /// A user.
    User(Box<Settled<User>>),
    /// A role.
    Role(Box<Settled<Role>>),
    /// An access policy.
    Policy(Box<Settled<AccessPolicy>>),
}

/// Why an entry cannot be done; nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryRefusal {
    /// It breaks invariants.
    Invalid(Vec<Violation>),
    /// Another user has one of its names.
    NameTaken,
    /// Its condition does not hold.
    ConditionFailed,
    /// No policy permits it to the caller.
    NotAllowed,
}

/// How a bundle ended.
#[derive(Clone, Debug)]
pub enum BundleOutcome {
    /// Everything is done, entry by entry.
    Applied(Vec<EntryOutcome>),
    /// The entry at this place (from 0) cannot be done; nothing was written.
    Refused(usize, EntryRefusal),
}

impl BundleOutcome {
    /// How many resources had to be written.
    #[must_use]
    pub fn written(&self) -> usize {
        match self {
            Self::Applied(entries) => entries.iter().filter(|entry| entry.is_written()).count(),
            Self::Refused(..) => 0,
        }
    }
}

impl EntryOutcome {
    fn is_written(&self) -> bool {
        fn of<R: Resource>(settled: &Settled<R>) -> bool {
            matches!(
                settled,
                Settled::Created(_) | Settled::Updated(_) | Settled::Removed(_)
            )
        }
        each!(self, settled => of(settled))
    }
}

impl BundleEntry {
    fn target(&self) -> (ResourceKind, &str) {
        fn of<R: Resource>(entry: &Entry<R>) -> (ResourceKind, &str) {
            (R::KIND, entry.id.text())
        }
        each!(self, entry => of(entry))
    }

    /// What policies are asked about it.
    fn interaction(&self) -> Interaction {
        fn of<R: Resource>(entry: &Entry<R>) -> Interaction {
            match &entry.draft {
                Some(_) => Interaction::of_put(entry.condition),
                None => Interaction::Delete,
            }
        }
        each!(self, entry => of(entry))
    }
}

impl AuthorizationServer {
    /// Does everything a bundle wants, in one commit, or nothing.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away or the hash queue is full.
    pub fn apply_bundle(
        &self,
        caller: &Caller,
        entries: &[BundleEntry],
        mode: BundleMode,
    ) -> Result<BundleOutcome, Error> {
        self.apply_remembering(caller, entries, mode, None)
    }

    /// The same; where it changes something, this is remembered in the same commit.
    pub(crate) fn apply_remembering(
        &self,
        caller: &Caller,
        entries: &[BundleEntry],
        mode: BundleMode,
        event: Option<&Event>,
    ) -> Result<BundleOutcome, Error> {
        if let Some(place) = repeated(entries) {
            let violation = Violation::new("id", "stands twice in the bundle");
            let refusal = EntryRefusal::Invalid(vec![violation]);
            return Ok(BundleOutcome::Refused(place, refusal));
        }
        let gate = self.gate(caller)?;
        for _ in 0..TRIES {
            let mut planned = match self.plan_all(caller, &gate, entries, mode)? {
                Ok(planned) => planned,
                Err((place, refusal)) => return Ok(BundleOutcome::Refused(place, refusal)),
            };
            let (mut changes, mut events, mut places) = (Vec::new(), Vec::new(), Vec::new());
            for (place, planned) in planned.iter_mut().enumerate() {
                if let Some((change, of_change)) = planned.change.take() {
                    changes.push(change);
                    events.extend(of_change);
                    places.push(place);
                }
            }
            let outcomes = planned.into_iter().map(|planned| planned.outcome);
            if changes.is_empty() {
                return Ok(BundleOutcome::Applied(outcomes.collect()));
            }
            events.extend(event.cloned());
            let place_of = |at: usize| places.get(at).copied().unwrap_or(at);
            match self.ports.resources.apply(&changes, &events)? {
                Applied::Done(stamps) => {
                    let mut outcomes: Vec<EntryOutcome> = outcomes.collect();
                    for (at, stamp) in stamps.into_iter().enumerate() {
                        if let Some(stamp) = stamp
                            && let Some(outcome) = outcomes.get_mut(place_of(at))
                        {
                            outcome.stamp(stamp);
                        }
                    }
                    return Ok(BundleOutcome::Applied(outcomes));
                }
                Applied::NameTaken(at) => {
                    return Ok(BundleOutcome::Refused(
                        place_of(at),
                        EntryRefusal::NameTaken,
                    ));
                }
                Applied::Stale(_) => {}
            }
        }
        Err(Fault::Contended.into())
    }
}

impl EntryOutcome {
    /// Puts the stamp that was stored in the place of the one that was wanted.
    fn stamp(&mut self, stamp: Stamp) {
        fn on<R: Resource>(settled: &mut Settled<R>, stamp: Stamp) {
            if let Settled::Created(written) | Settled::Updated(written) = settled {
                *written = written.clone().at(stamp);
            }
        }
        each!(self, settled => on(settled, stamp));
    }
}

/// The first entry about a resource that an earlier one is about.
fn repeated(entries: &[BundleEntry]) -> Option<usize> {
    let mut seen = std::collections::HashSet::new();
    entries
        .iter()
        .position(|entry| !seen.insert(entry.target()))
}

#[cfg(test)]
mod tests;
