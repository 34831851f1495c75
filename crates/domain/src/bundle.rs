//! Several resources written at once, all or none: transactions, and what bootstrap and demo are made of.

use crate::access::{AccessPolicy, Gate, Interaction};
use crate::caller::Caller;
use crate::clients::Client;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::ports::{Applied, ChangeOf, ResourceChange};
use crate::resources::{
    Decision, Identifier, Lifecycle, Resource, ResourceKind, Wanted, WrittenResource, decide,
};
use crate::revision::{Condition, Stamp};
use crate::roles::Role;
use crate::server::{AuthorizationServer, TRIES};
use crate::time::Timestamp;
use crate::users::User;
use crate::violation::Violation;

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
        match self {
            Self::Client(settled) => of(settled),
            Self::User(settled) => of(settled),
            Self::Role(settled) => of(settled),
            Self::Policy(settled) => of(settled),
        }
    }
}

impl BundleEntry {
    fn target(&self) -> (ResourceKind, &str) {
        match self {
            Self::Client(entry) => (ResourceKind::Client, entry.id.as_str()),
            Self::User(entry) => (ResourceKind::User, entry.id.as_str()),
            Self::Role(entry) => (ResourceKind::Role, entry.id.as_str()),
            Self::Policy(entry) => (ResourceKind::AccessPolicy, entry.id.as_str()),
        }
    }
}

/// An entry that was decided: its change with its events, if it needs one, and what became of it.
struct Planned {
    change: Option<(ResourceChange, Vec<Event>)>,
    outcome: EntryOutcome,
}

type Plan = Result<Planned, EntryRefusal>;

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

    fn plan_all(
        &self,
        caller: &Caller,
        gate: &Gate<'_>,
        entries: &[BundleEntry],
        mode: BundleMode,
    ) -> Result<Result<Vec<Planned>, (usize, EntryRefusal)>, Error> {
        let now = self.ports.clock.now();
        let mut all = Vec::with_capacity(entries.len());
        for (place, entry) in entries.iter().enumerate() {
            let step = Step {
                server: self,
                caller,
                gate,
                mode,
                now,
            };
            let planned = match entry {
                BundleEntry::Client(entry) => {
                    step.plan(entry, ResourceChange::Client, EntryOutcome::Client)
                }
                BundleEntry::User(entry) => {
                    step.plan(entry, ResourceChange::User, EntryOutcome::User)
                }
                BundleEntry::Role(entry) => {
                    step.plan(entry, ResourceChange::Role, EntryOutcome::Role)
                }
                BundleEntry::Policy(entry) => {
                    step.plan(entry, ResourceChange::Policy, EntryOutcome::Policy)
                }
            };
            match planned? {
                Ok(planned) => all.push(planned),
                Err(refusal) => {
                    if refusal == EntryRefusal::NotAllowed {
                        let (kind, id) = entry.target();
                        self.remember_denial(caller, kind, Some(id))?;
                    }
                    return Ok(Err((place, refusal)));
                }
            }
        }
        Ok(Ok(all))
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
        match self {
            Self::Client(settled) => on(settled, stamp),
            Self::User(settled) => on(settled, stamp),
            Self::Role(settled) => on(settled, stamp),
            Self::Policy(settled) => on(settled, stamp),
        }
    }
}

/// What deciding an entry needs.
struct Step<'a> {
    server: &'a AuthorizationServer,
    caller: &'a Caller,
    gate: &'a Gate<'a>,
    mode: BundleMode,
    now: Timestamp,
}

impl Step<'_> {
    fn plan<R: Resource>(
        &self,
        entry: &Entry<R>,
        change: fn(ChangeOf<R>) -> ResourceChange,
        outcome: fn(Box<Settled<R>>) -> EntryOutcome,
    ) -> Result<Plan, Error> {
        let (done, settled) = match self.decide(entry)? {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(Planned {
            change: done.map(|(done, events)| (change(done), events)),
            outcome: outcome(Box::new(settled)),
        }))
    }

    fn decide<R: Resource>(&self, entry: &Entry<R>) -> Result<Decided<R>, Error> {
        let interaction = match (&entry.draft, entry.condition) {
            (None, _) => Interaction::Delete,
            (Some(_), Condition::Absent) => Interaction::Create,
            (Some(_), _) => Interaction::Update,
        };
        let id = entry.id.text();
        if !self.gate.permits(interaction, R::KIND, Some(id)) {
            return Ok(Err(EntryRefusal::NotAllowed));
        }
        let current = R::registry(&self.server.ports).find(&entry.id)?;
        let version = current.as_ref().map(|current| current.stamp().version);
        if !entry.condition.is_met_by(version) {
            return Ok(match self.mode {
                BundleMode::Transaction => Err(EntryRefusal::ConditionFailed),
                BundleMode::State => Ok((None, Settled::LeftOut)),
            });
        }
        match &entry.draft {
            Some(draft) => self.decide_put(&entry.id, draft, current.as_ref()),
            None => Ok(Ok(self.decide_removal(&entry.id, current))),
        }
    }

    fn decide_put<R: Resource>(
        &self,
        id: &R::Id,
        draft: &R::Draft,
        current: Option<&R>,
    ) -> Result<Decided<R>, Error> {
        let kept = match self.mode {
            BundleMode::State => R::ready_as_it_is(self.server, current, draft)?,
            BundleMode::Transaction => None,
        };
        let ready = match kept {
            Some(ready) => ready,
            None => match R::make_ready(self.server, id, draft)? {
                Ok(ready) => ready,
                Err(violations) => return Ok(Err(EntryRefusal::Invalid(violations))),
            },
        };
        let wanted = Wanted {
            id,
            draft,
            ready: &ready,
        };
        let Decision { written, change } =
            match decide(self.server, self.caller, current, wanted, self.now)? {
                Ok(decision) => decision,
                Err(violations) => return Ok(Err(EntryRefusal::Invalid(violations))),
            };
        if written.generated_secret.is_some() && self.mode == BundleMode::State {
            let violation = Violation::new(
                "secret",
                "must be written out: a bundle has no answer to show a generated one in",
            );
            return Ok(Err(EntryRefusal::Invalid(vec![violation])));
        }
        let Some((expect, events)) = change else {
            return Ok(Ok((None, Settled::Unchanged(written))));
        };
        let change = ChangeOf::Put(Box::new(written.resource.clone()), expect);
        let settled = match current {
            Some(_) => Settled::Updated(written),
            None => Settled::Created(written),
        };
        Ok(Ok((Some((change, events)), settled)))
    }

    fn decide_removal<R: Resource>(&self, id: &R::Id, current: Option<R>) -> Done<R> {
        let Some(current) = current else {
            return (None, Settled::Absent);
        };
        let event = Event::new(EventKind::of(R::KIND, Lifecycle::Removed), self.now)
            .about(R::KIND, id.text())
            .by(self.caller);
        let change = ChangeOf::Remove(id.clone(), current.stamp().version, self.now);
        (Some((change, vec![event])), Settled::Removed(current))
    }
}

type Done<R> = (Option<(ChangeOf<R>, Vec<Event>)>, Settled<R>);
type Decided<R> = Result<Done<R>, EntryRefusal>;

/// The first entry about a resource that an earlier one is about.
fn repeated(entries: &[BundleEntry]) -> Option<usize> {
    let mut seen = std::collections::HashSet::new();
    entries
        .iter()
        .position(|entry| !seen.insert(entry.target()))
}

#[cfg(test)]
mod tests;
