//! What a bundle's entries come to, one by one, before anything is written.

use crate::access::{Gate, Interaction};
use crate::caller::Caller;
use crate::error::Error;
use crate::event::Event;
use crate::ports::{ChangeOf, ResourceChange};
use crate::resources::{Decision, Identifier as _, Resource, Wanted, decide, removal};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;
use crate::violation::Violation;

use super::{BundleEntry, BundleMode, Entry, EntryOutcome, EntryRefusal, Settled};

/// An entry that was decided: its change with its events, if it needs one, and what became of it.
pub(super) struct Planned {
    pub(super) change: Option<(ResourceChange, Vec<Event>)>,
    pub(super) outcome: EntryOutcome,
}

type Plan = Result<Planned, EntryRefusal>;

impl AuthorizationServer {
    /// Decides every entry, or finds the first that cannot be done.
    pub(super) fn plan_all(
        &self,
        caller: &Caller,
        gate: &Gate<'_>,
        entries: &[BundleEntry],
        mode: BundleMode,
    ) -> Result<Result<Vec<Planned>, (usize, EntryRefusal)>, Error> {
        let step = Step {
            server: self,
            caller,
            gate,
            mode,
            now: self.ports.clock.now(),
        };
        let mut all = Vec::with_capacity(entries.len());
        for (place, entry) in entries.iter().enumerate() {
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
        let interaction = match &entry.draft {
            Some(_) => Interaction::of_put(entry.condition),
            None => Interaction::Delete,
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
        let event = removal(self.caller, id, self.now);
        let change = ChangeOf::Remove(id.clone(), current.stamp().version, self.now);
        (Some((change, vec![event])), Settled::Removed(current))
    }
}

type Done<R> = (Option<(ChangeOf<R>, Vec<Event>)>, Settled<R>);
type Decided<R> = Result<Done<R>, EntryRefusal>;
