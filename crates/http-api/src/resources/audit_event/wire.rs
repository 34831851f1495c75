//! The JSON of an `AuditEvent` (FHIR R4 §6.3).

use grantor_domain::audit::{Outcome, RecordedEvent};
use grantor_domain::event::EventKind;
use grantor_domain::resources::ResourceKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Members;
use crate::resources::instant::instant;
use crate::resources::members_of;
use crate::resources::meta::Meta;
use crate::resources::reference::{Dialect, Reference};

/// The code system of event types.
const SYSTEM: &str = "urn:grantor:event";

/// A security event, as it was recorded. It never shows a secret, and an address only as its network.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEvent, example = json!({"resourceType": "AuditEvent", "id": "7", "meta": {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00Z"}, "type": {"system": "urn:grantor:event", "code": "login.failed"}, "action": "E", "recorded": "2026-01-01T00:00:00Z", "outcome": "4", "outcomeDesc": "wrong_password", "agent": [{"who": {"resourceType": "User", "id": "user"}, "requestor": true, "network": {"address": "192.0.2.0", "type": "2"}}], "source": {"observer": {"display": "grantor"}}, "entity": [{"what": {"resourceType": "User", "id": "user"}}]}))]
pub(crate) struct AuditEventBody {
    /// Always `AuditEvent`.
    #[schema(example = "AuditEvent")]
    resource_type: &'static str,
    /// A number that rises with each event.
    #[schema(example = "7")]
    id: String,
    /// Kept by the server. There is one version of an event.
    meta: Meta,
    /// What happened.
    #[serde(rename = "type")]
    kind: Coding,
    /// `C` created, `U` changed, `D` removed, `E` anything else.
    #[schema(example = "E")]
    action: &'static str,
    /// When.
    #[schema(example = "2026-01-01T00:00:00Z")]
    recorded: String,
    /// `0` done, `4` refused, `8` something is wrong with the server.
    #[schema(example = "4")]
    outcome: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "wrong_password")]
    outcome_desc: Option<String>,
    /// Who did it, and through what.
    agent: Vec<Agent>,
    /// Who recorded it.
    source: Source,
    /// What it concerns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entity: Vec<Entity>,
}

/// A code and its system.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Coding {
    /// Always `urn:grantor:event`.
    system: &'static str,
    /// The name of the event.
    #[schema(example = "login.failed")]
    code: String,
}

/// Who took part.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Agent {
    /// Who it is, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<Party>,
    /// Whether it is the one who wanted it.
    requestor: bool,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<Network>,
}

/// A resource, or the name of what is none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Party {
    /// A resource.
    Resource(Reference),
    /// `operator`: the person who runs the program.
    Named {
        /// Its name.
        #[schema(example = "operator")]
        display: String,
    },
}

/// A network.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Network {
    /// The address without its last bits.
    #[schema(example = "192.0.2.0")]
    address: String,
    /// Always `2`: an IP address.
    #[serde(rename = "type")]
    kind: &'static str,
}

/// Who recorded an event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Source {
    /// This program.
    observer: Observer,
}

/// This program.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Observer {
    /// Always `grantor`.
    #[schema(example = "grantor")]
    display: &'static str,
}

/// What an event concerns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entity {
    /// The resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<Party>,
    /// What else is known: `changed` (the name of a member), `request_id`, `detail`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    detail: Vec<Detail>,
}

/// Something known about an event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Detail {
    /// What it is.
    #[serde(rename = "type")]
    #[schema(example = "changed")]
    kind: &'static str,
    /// The value.
    #[schema(example = "name")]
    value_string: String,
}

impl AuditEventBody {
    /// An event as one mount shows it.
    pub(crate) fn new(event: &RecordedEvent, dialect: Dialect) -> Self {
        let recorded = instant(event.at);
        Self {
            resource_type: ResourceKind::AuditEvent.as_str(),
            id: event.id.to_string(),
            meta: Meta {
                version_id: "1".to_owned(),
                last_updated: recorded.clone(),
                created_at: None,
            },
            kind: Coding {
                system: SYSTEM,
                code: event.kind.clone(),
            },
            action: action(&event.kind),
            recorded,
            outcome: outcome_code(event.outcome()),
            outcome_desc: event.reason.clone(),
            agent: agents(event, dialect),
            source: Source {
                observer: Observer { display: "grantor" },
            },
            entity: entities(event, dialect),
        }
    }

    /// Its members.
    pub(crate) fn members(&self) -> Members {
        members_of(self)
    }
}

fn action(kind: &str) -> &'static str {
    match kind.split_once('.') {
        Some((_, "created")) => "C",
        Some((
            _,
            "changed" | "disabled" | "password_changed" | "password_reset" | "secret_rotated"
            | "retired" | "refreshed",
        )) => "U",
        Some((_, "removed" | "ended" | "sessions_ended" | "revoked")) => "D",
        _ => "E",
    }
}

/// `outcome` as FHIR writes it.
pub(super) const fn outcome_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "0",
        Outcome::Denied => "4",
        Outcome::Error => "8",
    }
}

/// A type that is none of ours was written by somebody else; it is shown as it stands.
fn party(kind: &str, id: Option<&str>, dialect: Dialect) -> Party {
    match (ResourceKind::parse(kind), id) {
        (Some(kind), Some(id)) => Party::Resource(Reference::new(dialect, kind.as_str(), id)),
        _ => Party::Named {
            display: kind.to_lowercase(),
        },
    }
}

/// At least one, whoever it is: that is where the network stands.
fn agents(event: &RecordedEvent, dialect: Dialect) -> Vec<Agent> {
    let mut parties = Vec::new();
    if let Some(kind) = &event.actor_kind {
        parties.push(party(kind, event.actor_id.as_deref(), dialect));
    } else {
        let through = [("User", &event.user), ("Client", &event.client)];
        let known = through.into_iter().filter(|(_, id)| id.is_some());
        parties.extend(known.map(|(kind, id)| party(kind, id.as_deref(), dialect)));
    }
    let address = event.network.clone();
    let mut parties = parties.into_iter();
    let mut agents = vec![Agent {
        who: parties.next(),
        requestor: true,
        network: address.map(|address| Network { address, kind: "2" }),
    }];
    agents.extend(parties.map(|who| Agent {
        who: Some(who),
        requestor: false,
        network: None,
    }));
    agents
}

fn entities(event: &RecordedEvent, dialect: Dialect) -> Vec<Entity> {
    let named = [
        ("Client", &event.client),
        ("User", &event.user),
        ("Session", &event.session),
        (
            event.target_kind.as_deref().unwrap_or_default(),
            &event.target_id,
        ),
    ];
    let mut entities: Vec<Entity> = named
        .iter()
        .filter(|(_, id)| id.is_some())
        .map(|(kind, id)| Entity {
            what: Some(party(kind, id.as_deref(), dialect)),
            detail: Vec::new(),
        })
        .collect();
    let changed = event.changes.iter().map(|name| ("changed", name));
    let request = event.request_id.iter().map(|id| ("request_id", id));
    let detail = event.detail.iter().map(|text| ("detail", text));
    let details = changed
        .chain(detail)
        .chain(request)
        .map(|(kind, text)| Detail {
            kind,
            value_string: text.clone(),
        });
    let details: Vec<Detail> = details.collect();
    if details.is_empty() {
        return entities;
    }
    match entities.get_mut(concerned(event, &named)) {
        Some(entity) => entity.detail = details,
        None => entities.push(Entity {
            what: None,
            detail: details,
        }),
    }
    entities
}

/// Which of the entities an event is about: the one its name begins with, or the last.
fn concerned(event: &RecordedEvent, named: &[(&str, &Option<String>); 4]) -> usize {
    let subject = event
        .kind
        .split_once('.')
        .map_or("", |(subject, _)| subject);
    let mut there = named.iter().filter(|(_, id)| id.is_some());
    let all = there.clone().count();
    there
        .position(|(kind, _)| kind.eq_ignore_ascii_case(subject))
        .unwrap_or_else(|| all.saturating_sub(1))
}

/// An event as one line of JSON, without the line's end: the same as the API shows at `/`.
#[must_use]
pub fn audit_event_json(event: &RecordedEvent) -> String {
    let body = AuditEventBody::new(event, Dialect::Plain);
    serde_json::to_string(&body).unwrap_or_default()
}

/// What `type` can be.
pub(super) fn kind(text: &str) -> Option<EventKind> {
    EventKind::parse(
        text.strip_prefix(SYSTEM)
            .map_or(text, |code| code.strip_prefix('|').unwrap_or(code)),
    )
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use grantor_domain::audit::EventId;
    use grantor_domain::caller::Subject;
    use grantor_domain::event::Event;
    use grantor_domain::id::{ClientId, UserId};
    use grantor_domain::reason::Reason;
    use grantor_domain::time::Timestamp;
    use serde_json::{Value, json};

    use super::*;

    fn shown(event: &Event, dialect: Dialect) -> Value {
        let recorded = RecordedEvent::new(EventId::from_row(7), event);
        Value::Object(AuditEventBody::new(&recorded, dialect).members())
    }

    fn event(kind: EventKind) -> Event {
        let mut event = Event::new(kind, Timestamp::from_seconds(1_767_225_600))
            .user(&UserId::from_row("amy".to_owned()))
            .client(&ClientId::from_row("app".to_owned()));
        event.network = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 0)));
        event
    }

    #[test]
    fn a_refused_login_shows_user_client_network_and_reason() {
        let refused = event(EventKind::LoginFailed).because(Reason::WrongPassword);
        let body = shown(&refused, Dialect::Fhir);
        assert_eq!(body["outcome"], "4");
        assert_eq!(body["outcomeDesc"], Reason::WrongPassword.name());
        assert_eq!(body["recorded"], "2026-01-01T00:00:00Z");
        assert_eq!(
            body["agent"],
            json!([
                {"who": {"reference": "User/amy"}, "requestor": true, "network": {"address": "192.0.2.0", "type": "2"}},
                {"who": {"reference": "Client/app"}, "requestor": false},
            ])
        );
    }

    #[test]
    fn a_change_names_its_members_at_what_was_changed() {
        let mut changed = event(EventKind::UserChanged);
        changed.actor = Some(Subject::Operator);
        changed.changes = vec!["email"];
        let body = shown(&changed, Dialect::Plain);
        assert_eq!(body["action"], "U");
        assert_eq!(body["agent"][0]["who"], json!({"display": "operator"}));
        assert_eq!(body["entity"][0].get("detail"), None);
        assert_eq!(
            body["entity"][1],
            json!({"what": {"resourceType": "User", "id": "amy"}, "detail": [{"type": "changed", "valueString": "email"}]})
        );
    }

    #[test]
    fn an_event_of_nobody_about_nothing_still_has_an_agent() {
        let bare = Event::new(EventKind::MigrationApplied, Timestamp::from_seconds(0)).detail("m1");
        let body = shown(&bare, Dialect::Plain);
        assert_eq!(body["agent"], json!([{"requestor": true}]));
        assert_eq!(body["entity"][0]["detail"][0]["valueString"], "m1");
    }
}
