//! An event as it was recorded.

use std::fmt;

use crate::event::{Event, EventKind};
use crate::reason::Reason;
use crate::time::Timestamp;
use crate::window::Position;

/// The id of a recorded event: a number that rises with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(i64);

impl EventId {
    /// An id as it is stored.
    #[must_use]
    pub const fn from_row(id: i64) -> Self {
        Self(id)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads an id: digits, and as few as say it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(text.parse().ok()?);
        (id.0 >= 0 && id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How what an event tells of ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done.
    Ok,
    /// It was refused.
    Denied,
    /// Something is wrong with the server itself: its audit trail was altered.
    Error,
}

/// An event as it stands in the store, every member as its text, so that what somebody altered there
/// can be read too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What: the name of an [`EventKind`].
    pub kind: String,
    /// Why it was refused: the name of a [`Reason`].
    pub reason: Option<String>,
    /// The type of who did it.
    pub actor_kind: Option<String>,
    /// The id of who did it; the operator has none.
    pub actor_id: Option<String>,
    /// The client it concerns or came through.
    pub client: Option<String>,
    /// The user it concerns.
    pub user: Option<String>,
    /// The session it concerns.
    pub session: Option<String>,
    /// The type of another resource it concerns.
    pub target_kind: Option<String>,
    /// The id of that resource.
    pub target_id: Option<String>,
    /// The network it came from.
    pub network: Option<String>,
    /// The request's id in the log.
    pub request_id: Option<String>,
    /// What it concerns where that is no resource.
    pub detail: Option<String>,
    /// The members that were changed.
    pub changes: Vec<String>,
}

/// The type of the actor that runs the program.
pub(crate) const OPERATOR: &str = "Operator";

/// What the canonical bytes begin with. Another form begins with another.
const FORM: u8 = 1;

impl RecordedEvent {
    /// An event as a store records it under an id.
    #[must_use]
    pub fn new(id: EventId, event: &Event) -> Self {
        let actor = event.actor.as_ref();
        let parts = actor.and_then(|actor| actor.parts());
        let text = |text: &str| text.to_owned();
        Self {
            id,
            at: event.at,
            kind: text(event.kind.name()),
            reason: event.reason.map(|reason: Reason| text(reason.name())),
            actor_kind: actor.map(|_| text(parts.map_or(OPERATOR, |(kind, _)| kind.as_str()))),
            actor_id: parts.map(|(_, id)| text(id)),
            client: event.client.as_ref().map(|id| text(id.as_str())),
            user: event.user.as_ref().map(|id| text(id.as_str())),
            session: event.session.as_ref().map(|id| text(id.as_str())),
            target_kind: event.target.as_ref().map(|(kind, _)| text(kind.as_str())),
            target_id: event.target.as_ref().map(|(_, id)| id.clone()),
            network: event.network.map(|network| network.to_string()),
            request_id: event.request_id.clone(),
            detail: event.detail.clone(),
            changes: event.changes.iter().map(|name| text(name)).collect(),
        }
    }

    /// How what it tells of ended. A verification that names an event found it broken.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match EventKind::parse(&self.kind) {
            Some(kind) if kind.is_refusal() => Outcome::Denied,
            Some(EventKind::AuditVerified) if self.target_id.is_some() => Outcome::Error,
            _ => Outcome::Ok,
        }
    }

    /// Where it stands in the order of ids.
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            keys: Vec::new(),
            id: self.id.to_string(),
        }
    }

    /// All of it as bytes. Each member says whether it is there and how long it is, so no two events
    /// have the same.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let mut bytes = vec![FORM];
        bytes.extend_from_slice(&self.id.get().to_be_bytes());
        bytes.extend_from_slice(&self.at.as_micros().to_be_bytes());
        let members = [
            Some(&self.kind),
            self.reason.as_ref(),
            self.actor_kind.as_ref(),
            self.actor_id.as_ref(),
            self.client.as_ref(),
            self.user.as_ref(),
            self.session.as_ref(),
            self.target_kind.as_ref(),
            self.target_id.as_ref(),
            self.network.as_ref(),
            self.request_id.as_ref(),
            self.detail.as_ref(),
        ];
        for member in members {
            write(&mut bytes, member);
        }
        for change in &self.changes {
            write(&mut bytes, Some(change));
        }
        bytes
    }
}

fn write(bytes: &mut Vec<u8>, member: Option<&String>) {
    let Some(text) = member else {
        bytes.push(0);
        return;
    };
    bytes.push(1);
    bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> RecordedEvent {
        let event = Event::new(EventKind::LoginOk, Timestamp::from_seconds(1));
        RecordedEvent::new(EventId::from_row(7), &event)
    }

    #[test]
    fn ids_have_one_spelling() {
        assert_eq!(EventId::parse("12"), Some(EventId::from_row(12)));
        for bad in ["", "-1", "+1", "01", "1x", "99999999999999999999"] {
            assert_eq!(EventId::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_text_in_one_member_is_not_that_text_in_another() {
        let (mut one, mut other) = (plain(), plain());
        one.client = Some("a".to_owned());
        other.user = Some("a".to_owned());
        assert_ne!(one.canonical(), other.canonical());
        one.changes = vec!["ab".to_owned()];
        let mut split = one.clone();
        split.changes = vec!["a".to_owned(), "b".to_owned()];
        assert_ne!(one.canonical(), split.canonical());
    }

    #[test]
    fn only_a_verification_that_names_an_event_is_an_error() {
        let mut verified = plain();
        verified.kind = EventKind::AuditVerified.name().to_owned();
        assert_eq!(verified.outcome(), Outcome::Ok);
        verified.target_id = Some("3".to_owned());
        assert_eq!(verified.outcome(), Outcome::Error);
    }
}
