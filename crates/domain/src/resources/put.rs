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

use super::{Identifier, Lifecycle, Next, Resource};

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
    ) -> Result<PutOutcome<<Of<I> as Resource>::Written>, Error> {
        let interaction = match condition {
            Condition::Absent => Interaction::Create,
            _ => Interaction::Update,
        };
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
            let next = match Of::<I>::next(self, id, current.as_ref(), (draft, &ready), now)? {
                Ok(next) => next,
                Err(violations) => return Ok(PutOutcome::Invalid(violations)),
            };
            if let Some(outcome) = self.write(caller, current.as_ref(), next, now)? {
                return Ok(outcome);
            }
        }
        Err(Fault::Contended.into())
    }

    /// Writes what a resource becomes. `None` when somebody was quicker.
    fn write<R: Resource>(
        &self,
        caller: &Caller,
        current: Option<&R>,
        next: Next<R>,
        now: Timestamp,
    ) -> Result<Option<PutOutcome<R::Written>>, Error> {
        let Next {
            resource,
            generated_secret,
        } = next;
        if current == Some(&resource) {
            return Ok(Some(PutOutcome::Updated(
                resource.written(generated_secret),
            )));
        }
        let expect = expectation(current);
        let events = events_of(caller, current, &resource, now);
        Ok(
            match R::registry(&self.ports).put(&resource, expect, &events)? {
                Written::Done(stamp) => {
                    let written = resource.at(stamp).written(generated_secret);
                    Some(match current {
                        Some(_) => PutOutcome::Updated(written),
                        None => PutOutcome::Created(written),
                    })
                }
                Written::ReadOnly => Some(PutOutcome::ReadOnly),
                Written::NameTaken => Some(PutOutcome::NameTaken),
                Written::Stale => None,
            },
        )
    }
}

/// What a writer of a resource it has read knows about the stored version.
pub(crate) fn expectation<R: Resource>(current: Option<&R>) -> Expect {
    current.map_or(Expect::Absent, |current| {
        Expect::Version(current.stamp().version)
    })
}

/// What a change of a resource is remembered as.
pub(crate) fn events_of<R: Resource>(
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
