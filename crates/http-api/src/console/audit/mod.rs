//! Audit events, as pages show them.

mod search;

use serde::Deserialize;
use serde_json::Value;

use super::show::{Instant, encoded};
use super::visitor::Rights;

pub(super) use search::show as search;

/// An `AuditEvent`, as the API shows it.
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    pub(super) recorded: Instant,
    #[serde(rename = "type")]
    kind: Kind,
    outcome: String,
    #[serde(rename = "outcomeDesc")]
    reason: Option<String>,
    #[serde(default)]
    agent: Vec<Agent>,
    #[serde(default)]
    entity: Vec<Entity>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Agent {
    who: Option<Party>,
    network: Option<Network>,
}

#[derive(Debug, Deserialize)]
struct Network {
    address: String,
}

#[derive(Debug, Deserialize)]
struct Entity {
    what: Option<Party>,
    #[serde(default)]
    detail: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
struct Detail {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "valueString")]
    value: String,
}

/// Somebody or something that an event names.
#[derive(Debug, Deserialize)]
pub(super) struct Party {
    #[serde(rename = "resourceType")]
    kind: Option<String>,
    id: Option<String>,
    display: Option<String>,
}

impl Party {
    /// Its type and id, or what else it is called.
    pub(super) fn name(&self) -> String {
        match (&self.kind, &self.id) {
            (Some(kind), Some(id)) => format!("{kind}/{id}"),
            _ => self.display.clone().unwrap_or_default(),
        }
    }

    /// Its name, short enough for a cell.
    pub(super) fn short(&self) -> String {
        match (self.kind.as_deref(), self.id.as_deref()) {
            (Some("User" | "Client"), Some(id)) => id.to_owned(),
            (Some(kind), Some(id)) => match id.get(..8) {
                Some(first) if id.len() > 16 => format!("{kind} {first}…"),
                _ => format!("{kind} {id}"),
            },
            _ => self.display.clone().unwrap_or_default(),
        }
    }

    /// The page about it, below the issuer's path, if the visitor may see such pages.
    pub(super) fn page(&self, rights: Rights) -> Option<String> {
        let (section, is_seen) = match self.kind.as_deref()? {
            "Client" => ("clients", rights.clients),
            "User" => ("users", rights.users),
            "Session" => ("sessions", rights.sessions),
            "Role" => ("roles", rights.roles),
            "AccessPolicy" => ("policies", rights.policies),
            _ => return None,
        };
        let id = encoded(self.id.as_deref()?);
        is_seen.then(|| format!("/console/{section}/{id}"))
    }
}

impl Event {
    /// The name of what happened.
    pub(super) fn what(&self) -> &str {
        &self.kind.code
    }

    /// Whether it was done.
    pub(super) fn is_done(&self) -> bool {
        self.outcome == "0"
    }

    /// How it ended, in a word.
    pub(super) fn outcome(&self) -> &'static str {
        match self.outcome.as_str() {
            "0" => "done",
            "8" => "trail broken",
            _ => "refused",
        }
    }

    /// Why it was refused, in words.
    pub(super) fn reason(&self) -> String {
        self.reason.as_deref().unwrap_or_default().replace('_', " ")
    }

    /// Who did it and through what.
    pub(super) fn agents(&self) -> String {
        let all = self.who().map(Party::name);
        all.collect::<Vec<_>>().join(", ")
    }

    /// Who did it, first; then through what.
    pub(super) fn who(&self) -> impl Iterator<Item = &Party> {
        self.agent.iter().filter_map(|agent| agent.who.as_ref())
    }

    /// From where.
    pub(super) fn network(&self) -> Option<&str> {
        let mut networks = self.agent.iter().filter_map(|agent| agent.network.as_ref());
        networks.next().map(|network| network.address.as_str())
    }

    /// What it concerns, but for who did it.
    pub(super) fn about(&self) -> impl Iterator<Item = &Party> {
        let all = self.entity.iter().filter_map(|entity| entity.what.as_ref());
        let is_agent = |party: &Party| self.who().any(|who| who.name() == party.name());
        all.filter(move |party| !is_agent(party))
    }

    /// What else is known: why, which members were changed, what is no resource.
    pub(super) fn detail(&self) -> String {
        let known = self.entity.iter().flat_map(|entity| &entity.detail);
        let known = known.filter(|detail| detail.kind != "request_id");
        let known = known.map(|detail| detail.value.clone());
        let reason = Some(self.reason()).filter(|reason| !reason.is_empty());
        reason
            .into_iter()
            .chain(known)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// JSON to be read by people and put into a page as it is: what HTML would take for its own is
/// escaped as JSON escapes it, which costs fewer bytes.
pub(super) fn json(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_on_a_page_is_json_and_no_markup() {
        let value = json!({ "user_agent": "</code><script>alert(1)</script>&amp;" });
        let text = json(&value);
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn an_event_names_its_parties_once() {
        let event = json!({
            "recorded": "2026-01-01T00:00:00Z",
            "type": { "code": "login.failed" },
            "outcome": "4",
            "outcomeDesc": "wrong_password",
            "agent": [
                { "who": { "resourceType": "User", "id": "amy" }, "network": { "address": "192.0.2.0" } },
                { "who": { "resourceType": "Client", "id": "app" } },
            ],
            "entity": [
                { "what": { "resourceType": "User", "id": "amy" } },
                { "what": { "resourceType": "Session", "id": "019ec9f0-3a1d-7f62-8d4a-20bf1d429b8b" },
                  "detail": [{ "type": "detail", "valueString": "by its token" }, { "type": "request_id", "valueString": "r" }] },
            ],
        });
        let event = Event::deserialize(&event).unwrap();
        assert_eq!(event.agents(), "User/amy, Client/app");
        let about: Vec<String> = event.about().map(Party::short).collect();
        assert_eq!(about, ["Session 019ec9f0…"]);
        assert_eq!(event.detail(), "wrong password, by its token");
        assert_eq!(
            (event.outcome(), event.network()),
            ("refused", Some("192.0.2.0"))
        );
    }
}
