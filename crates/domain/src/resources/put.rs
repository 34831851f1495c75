//! Writing a resource: create, replace.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::ports::{Expect, Written};
use crate::revision::Condition;
use crate::server::{AuthorizationServer, TRIES};
use crate::time::Timestamp;
use crate::violation::{PutOutcome, Violation};

use super::search::unsearchable;
use super::{Identifier, Lifecycle, Resource, WrittenResource};

/// Something made of a draft, or what is wrong with it.
pub type Drafted<T> = Result<T, Vec<Violation>>;

/// The resource an id is of.
type Of<I> = <I as Identifier>::Resource;

impl AuthorizationServer {
    /// Creates or replaces a resource. Whoever may change one may create it by its id.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away or the
    /// hash queue is full.
    pub fn put<I: Identifier>(
        &self,
        caller: &Caller,
        id: &I,
        draft: &<Of<I> as Resource>::Draft,
        condition: Condition,
    ) -> Result<PutOutcome<WrittenResource<Of<I>>>, Error> {
        let interaction = Interaction::of_put(condition);
        self.permit(caller, interaction, Of::<I>::KIND, Some(id.text()))?;
        let ready = match Of::<I>::make_ready(self, id, draft)? {
            Ok(ready) => ready,
            Err(violations) => return Ok(PutOutcome::Invalid(violations)),
        };
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let current = Of::<I>::registry(&self.ports).find(id)?;
            if !condition.is_met_by(current.as_ref().map(|current| current.stamp().version)) {
                return Ok(PutOutcome::ConditionFailed);
            }
            let wanted = Wanted {
                id,
                draft,
                ready: &ready,
            };
            let decided = decide(self, caller, current.as_ref(), wanted, now)?;
            let Decision { written, change } = match decided {
                Ok(decision) => decision,
                Err(violations) => return Ok(PutOutcome::Invalid(violations)),
            };
            let Some((expect, events)) = change else {
                return Ok(PutOutcome::Updated(written));
            };
            let registry = Of::<I>::registry(&self.ports);
            match registry.put(&written.resource, expect, &events)? {
                Written::Done(stamp) if current.is_some() => {
                    return Ok(PutOutcome::Updated(written.at(stamp)));
                }
                Written::Done(stamp) => return Ok(PutOutcome::Created(written.at(stamp))),
                Written::ReadOnly => return Ok(PutOutcome::ReadOnly),
                Written::NameTaken => return Ok(PutOutcome::NameTaken),
                Written::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }
}

/// What somebody wants a resource to be.
#[derive(Debug)]
pub struct Wanted<'a, R: Resource> {
    /// Its id.
    pub id: &'a R::Id,
    /// What was written.
    pub draft: &'a R::Draft,
    /// What was made of the draft before anything was looked up.
    pub ready: &'a R::Ready,
}

/// What a resource becomes.
pub(crate) struct Decision<R> {
    /// It, with its stamp.
    pub(crate) written: WrittenResource<R>,
    /// What a writer expects to be there, and what the change is remembered as. `None`: it is so
    /// already.
    pub(crate) change: Option<(Expect, Vec<Event>)>,
}

/// Decides what a draft makes of what is there.
pub(crate) fn decide<R: Resource>(
    server: &AuthorizationServer,
    caller: &Caller,
    current: Option<&R>,
    wanted: Wanted<'_, R>,
    now: Timestamp,
) -> Result<Drafted<Decision<R>>, Error> {
    let written = match R::next(server, current, wanted, now)? {
        Ok(written) => written,
        Err(violations) => return Ok(Err(violations)),
    };
    let violations = unsearchable(&written.resource.index());
    if !violations.is_empty() {
        return Ok(Err(violations));
    }
    let Some(current) = current else {
        let events = events_of(caller, None, &written.resource, now);
        let change = Some((Expect::Absent, events));
        return Ok(Ok(Decision { written, change }));
    };
    if *current == written.resource {
        let change = None;
        return Ok(Ok(Decision { written, change }));
    }
    let expect = Expect::Version(current.stamp().version);
    let mut stamp = current.stamp().touched(now);
    if R::ends_sessions(current, &written.resource, now) {
        stamp = stamp.in_next_epoch();
    }
    let events = events_of(caller, Some(current), &written.resource, now);
    Ok(Ok(Decision {
        written: written.at(stamp),
        change: Some((expect, events)),
    }))
}

/// What a change of a resource is remembered as.
fn events_of<R: Resource>(
    caller: &Caller,
    current: Option<&R>,
    next: &R,
    now: Timestamp,
) -> Vec<Event> {
    let (lifecycle, changes) = match current {
        Some(current) => (Lifecycle::Changed, R::changes(current, next)),
        None => (Lifecycle::Created, Vec::new()),
    };
    let mut first =
        Event::new(EventKind::of(R::KIND, lifecycle), now).about(R::KIND, next.id().text());
    first.changes = changes;
    let first = first.by(caller);
    let beside = R::side_events(current, next).into_iter().map(|kind| Event {
        kind,
        changes: Vec::new(),
        ..first.clone()
    });
    let mut events: Vec<Event> = beside.collect();
    events.insert(0, first);
    events
}
