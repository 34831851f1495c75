//! What a bundle's entries come to, one by one, before anything is written.

use std::collections::BTreeMap;

use crate::access::{AccessPolicy, Gate};
use crate::caller::Caller;
use crate::clients::Client;
use crate::error::Error;
use crate::event::Event;
use crate::fault::Fault;
use crate::ports::{ChangeOf, ResourceChange};
use crate::resources::{Decision, Resource, Wanted, decide, removal};
use crate::roles::Role;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;
use crate::users::User;
use crate::violation::Violation;

use super::{BundleEntry, BundleMode, Entry, EntryOutcome, EntryRefusal, Settled};

/// An entry that was decided: its change with its events, if it needs one, and what became of it.
pub(super) struct Planned {
    pub(super) change: Option<(ResourceChange, Vec<Event>)>,
    pub(super) outcome: EntryOutcome,
}

type Plan = Result<Planned, EntryRefusal>;

/// What is there of the resources that entries of one type are about, looked up at once.
struct Known<R: Resource>(BTreeMap<R::Id, R>);

impl<R: Resource> Known<R> {
    fn look_up(
        server: &AuthorizationServer,
        entries: &[BundleEntry],
        of_type: impl Fn(&BundleEntry) -> Option<&Entry<R>>,
    ) -> Result<Self, Fault> {
        let ids: Vec<R::Id> = entries
            .iter()
            .filter_map(of_type)
            .map(|entry| entry.id.clone())
            .collect();
        let found = match ids.as_slice() {
            [] => Vec::new(),
            ids => R::registry(&server.ports).find_many(ids)?,
        };
        let by_id = found.into_iter().map(|one| (one.id().clone(), one));
        Ok(Self(by_id.collect()))
    }
}

/// The same for every type.
struct AllKnown {
    clients: Known<Client>,
    users: Known<User>,
    roles: Known<Role>,
    policies: Known<AccessPolicy>,
}

macro_rules! look_up {
    ($server:expr, $entries:expr, $type:path) => {
        Known::look_up($server, $entries, |entry| match entry {
            $type(entry) => Some(&**entry),
            _ => None,
        })
    };
}

impl AllKnown {
    fn look_up(server: &AuthorizationServer, entries: &[BundleEntry]) -> Result<Self, Fault> {
        Ok(Self {
            clients: look_up!(server, entries, BundleEntry::Client)?,
            users: look_up!(server, entries, BundleEntry::User)?,
            roles: look_up!(server, entries, BundleEntry::Role)?,
            policies: look_up!(server, entries, BundleEntry::Policy)?,
        })
    }
}

impl AuthorizationServer {
    /// Decides every entry, or finds the first that cannot be done. Nothing is looked up before all
    /// are permitted.
    pub(super) fn plan_all(
        &self,
        caller: &Caller,
        gate: &Gate<'_>,
        entries: &[BundleEntry],
        mode: BundleMode,
    ) -> Result<Result<Vec<Planned>, (usize, EntryRefusal)>, Error> {
        for (place, entry) in entries.iter().enumerate() {
            let (kind, id) = entry.target();
            if !gate.permits(entry.interaction(), kind, Some(id)) {
                self.remember_denial(caller, kind, Some(id))?;
                return Ok(Err((place, EntryRefusal::NotAllowed)));
            }
        }
        let step = Step {
            server: self,
            caller,
            mode,
            now: self.ports.clock.now(),
        };
        let mut known = AllKnown::look_up(self, entries)?;
        let mut all = Vec::with_capacity(entries.len());
        for (place, entry) in entries.iter().enumerate() {
            match step.plan_any(entry, &mut known)? {
                Ok(planned) => all.push(planned),
                Err(refusal) => return Ok(Err((place, refusal))),
            }
        }
        Ok(Ok(all))
    }
}

/// What deciding an entry needs.
struct Step<'a> {
    server: &'a AuthorizationServer,
    caller: &'a Caller,
    mode: BundleMode,
    now: Timestamp,
}

impl Step<'_> {
    fn plan_any(&self, entry: &BundleEntry, known: &mut AllKnown) -> Result<Plan, Error> {
        macro_rules! plan {
            ($entry:expr, $known:ident, $type:ident) => {
                self.plan(
                    $entry,
                    &mut known.$known,
                    ResourceChange::$type,
                    EntryOutcome::$type,
                )
            };
        }
        match entry {
            BundleEntry::Client(entry) => plan!(entry, clients, Client),
            BundleEntry::User(entry) => plan!(entry, users, User),
            BundleEntry::Role(entry) => plan!(entry, roles, Role),
            BundleEntry::Policy(entry) => plan!(entry, policies, Policy),
        }
    }

    fn plan<R: Resource>(
        &self,
        entry: &Entry<R>,
        known: &mut Known<R>,
        change: fn(ChangeOf<R>) -> ResourceChange,
        outcome: fn(Box<Settled<R>>) -> EntryOutcome,
    ) -> Result<Plan, Error> {
        let (done, settled) = match self.decide(entry, known.0.remove(&entry.id))? {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(Planned {
            change: done.map(|(done, events)| (change(done), events)),
            outcome: outcome(Box::new(settled)),
        }))
    }

    fn decide<R: Resource>(
        &self,
        entry: &Entry<R>,
        current: Option<R>,
    ) -> Result<Decided<R>, Error> {
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
