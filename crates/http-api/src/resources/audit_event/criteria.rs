//! What audit events can be searched by.

use grantor_domain::audit::{EventId, EventParty, EventQuery, Outcome};
use grantor_domain::resources::ResourceKind;
use grantor_domain::window::Window;

use crate::error::Failure;
use crate::resources::search::{Criteria, bad, list, range};

use super::wire::{kind, outcome_code};

/// The criteria of a search for audit events.
#[derive(Clone, Debug)]
pub(crate) struct EventCriteria(pub(super) EventQuery);

impl Default for EventCriteria {
    fn default() -> Self {
        Self(EventQuery::all(Window::default()))
    }
}

impl Criteria for EventCriteria {
    fn known(name: &str) -> Option<&'static str> {
        Some(match name {
            "_id" | ".id" => "_id",
            "date" | "_lastUpdated" | ".recorded" => "date",
            "agent" => "agent",
            "entity" => "entity",
            "type" | ".type.code" => "type",
            "outcome" | ".outcome" => "outcome",
            _ => return None,
        })
    }

    fn may_repeat(name: &str) -> bool {
        name == "date"
    }

    fn take(
        &mut self,
        name: &'static str,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<(), Failure> {
        if modifier.is_some() {
            return Err(bad(name, "takes no modifier"));
        }
        let query = &mut self.0;
        match name {
            "_id" => query.ids = list(name, value, EventId::parse)?,
            "date" => query.dates.push(range(name, value)?),
            "agent" => query.agents = list(name, value, party)?,
            "entity" => query.entities = list(name, value, party)?,
            "type" => query.kinds = list(name, value, kind)?,
            _ => query.outcomes = list(name, value, outcome)?,
        }
        Ok(())
    }

    fn sort(&mut self, value: &str) -> Result<(), Failure> {
        let name = value.strip_prefix('-').unwrap_or(value);
        if !matches!(name, "_id" | "date") {
            return Err(bad("_sort", "must be _id or date"));
        }
        self.0.ascending = name == value;
        Ok(())
    }
}

/// `Type/id`, or an id of any type.
fn party(text: &str) -> Option<EventParty> {
    let typed = text.split_once('/');
    let typed = typed.and_then(|(kind, id)| Some((ResourceKind::parse(kind)?, id)));
    let (kind, id) = match typed {
        Some((kind, id)) => (Some(kind), id),
        None => (None, text),
    };
    let id = id.to_owned();
    (!id.is_empty()).then_some(EventParty { kind, id })
}

fn outcome(text: &str) -> Option<Outcome> {
    let all = [Outcome::Ok, Outcome::Denied, Outcome::Error];
    all.into_iter()
        .find(|outcome| outcome_code(*outcome) == text)
}
