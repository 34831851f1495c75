//! What recorded events can be searched by.

use crate::event::EventKind;
use crate::resources::ResourceKind;
use crate::time::Timestamp;
use crate::window::Window;

use super::{EventId, Outcome, RecordedEvent};

/// Somebody or something that an event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventParty {
    /// Its type; any, when it is not said.
    pub kind: Option<ResourceKind>,
    /// Its id.
    pub id: String,
}

impl EventParty {
    fn is(&self, kind: &str, id: Option<&str>) -> bool {
        self.kind.is_none_or(|wanted| wanted.as_str() == kind) && id == Some(self.id.as_str())
    }
}

/// What a caller asks for. Lists are "any of", when they are not empty; members are "and".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventQuery {
    /// `_id`.
    pub ids: Vec<EventId>,
    /// `type`.
    pub kinds: Vec<EventKind>,
    /// `outcome`.
    pub outcomes: Vec<Outcome>,
    /// `date`: from and before, each when given; all must hold.
    pub dates: Vec<(Option<Timestamp>, Option<Timestamp>)>,
    /// `agent`: who did it; where that is not said apart, the client and user it came through.
    pub agents: Vec<EventParty>,
    /// `entity`: the client, user, session or other resource it concerns.
    pub entities: Vec<EventParty>,
    /// Oldest first.
    pub ascending: bool,
    /// Which page.
    pub window: Window,
}

impl EventQuery {
    /// Everything, newest first.
    #[must_use]
    pub const fn all(window: Window) -> Self {
        Self {
            ids: Vec::new(),
            kinds: Vec::new(),
            outcomes: Vec::new(),
            dates: Vec::new(),
            agents: Vec::new(),
            entities: Vec::new(),
            ascending: false,
            window,
        }
    }

    /// Whether an event matches, whatever page is asked for: what stores say in their own language.
    #[must_use]
    pub fn matches(&self, event: &RecordedEvent) -> bool {
        let is_within = |(from, until): &(Option<Timestamp>, Option<Timestamp>)| {
            from.is_none_or(|from| event.at >= from) && until.is_none_or(|until| event.at < until)
        };
        any(&self.ids, |id| *id == event.id)
            && any(&self.kinds, |kind| kind.name() == event.kind)
            && any(&self.outcomes, |outcome| *outcome == event.outcome())
            && self.dates.iter().all(is_within)
            && any(&self.agents, |agent| is_agent(agent, event))
            && any(&self.entities, |entity| is_entity(entity, event))
    }
}

fn any<T>(wanted: &[T], is_met: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is_met)
}

fn is_agent(party: &EventParty, event: &RecordedEvent) -> bool {
    match &event.actor_kind {
        Some(kind) => party.is(kind, event.actor_id.as_deref()),
        None => is_client_or_user(party, event),
    }
}

fn is_entity(party: &EventParty, event: &RecordedEvent) -> bool {
    let session = ResourceKind::Session.as_str();
    is_client_or_user(party, event)
        || party.is(session, event.session.as_deref())
        || event
            .target_kind
            .as_ref()
            .is_some_and(|kind| party.is(kind, event.target_id.as_deref()))
}

fn is_client_or_user(party: &EventParty, event: &RecordedEvent) -> bool {
    party.is(ResourceKind::Client.as_str(), event.client.as_deref())
        || party.is(ResourceKind::User.as_str(), event.user.as_deref())
}
