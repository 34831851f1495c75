//! What a request to this server wants to do: the action and target that its policies are asked about.
//!
//! The handlers decide that; a test compares what is said here with what they ask.

use grantor_domain::AuthorizationServer;
use grantor_domain::access::{Interaction, Target};
use grantor_domain::resources::ResourceKind;
use grantor_domain::revision::Condition;
use serde_json::{Map, Value};

use crate::error::Failure;
use crate::resources::Conditions;

/// The action and target of a request as policies see it, with `headers` and `body` if it has them;
/// `None` for one that is not to a resource of ours, or that needs no policy.
///
/// # Errors
/// [`Failure::Unreadable`] for a path or method that our resources do not have.
pub(super) fn of(
    server: &AuthorizationServer,
    request: &Map<String, Value>,
) -> Result<Option<(String, Target)>, Failure> {
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let (Some(method), Some(uri)) = (text("request-method"), text("uri")) else {
        return Ok(None);
    };
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_prefix("/fhir").unwrap_or(path);
    let mut parts = path.strip_prefix('/').unwrap_or_default().split('/');
    let Some(kind) = parts.next().and_then(ResourceKind::parse) else {
        return Ok(None);
    };
    let parts: Vec<&str> = parts.collect();
    if (kind, method, parts.as_slice()) == (ResourceKind::Session, "delete", &[]) {
        return Ok(None);
    }
    let Some((interaction, id)) = interaction(kind, method, &parts) else {
        let says = "is none this server takes; say the operation";
        return Err(Failure::unreadable_at("request", says));
    };
    let interaction = match interaction {
        Interaction::Update if method == "put" => Interaction::of_put(condition(request)),
        other => other,
    };
    let id = match (interaction, id) {
        (Interaction::Create, None) => Some(id_of_new(server, request)?),
        (_, id) => id.map(str::to_owned),
    };
    let target = Target {
        kind: kind.as_str().to_owned(),
        id,
        ..Target::default()
    };
    Ok(Some((interaction.action(kind), target)))
}

fn interaction<'a>(
    kind: ResourceKind,
    method: &str,
    parts: &[&'a str],
) -> Option<(Interaction, Option<&'a str>)> {
    use ResourceKind::{AuditEvent, Client, Session, SigningKey, User};
    let meant = match (kind, method, parts) {
        (SigningKey, ..) => return None,
        (_, "get", []) | (_, "post", ["_search"]) | (AuditEvent | Session, "get", ["$count"]) => {
            (Interaction::Search, None)
        }
        (Session | AuditEvent, "get", [id]) => (Interaction::Read, Some(*id)),
        (Session, "patch" | "delete", [id]) => (Interaction::Delete, Some(*id)),
        (Session | AuditEvent, ..) => return None,
        (_, "post", []) => (Interaction::Create, None),
        (_, "get", ["_history"]) => (Interaction::History, None),
        (_, "get", [id]) => (Interaction::Read, Some(*id)),
        (_, "put" | "patch", [id]) => (Interaction::Update, Some(*id)),
        (_, "delete", [id]) => (Interaction::Delete, Some(*id)),
        (_, "get", [id, "_history"] | [id, "_history", _]) => (Interaction::History, Some(*id)),
        (Client | User, "post", [id, "$close-sessions"]) => (Interaction::CloseSessions, Some(*id)),
        _ => return None,
    };
    // What begins so is no id but the name of something that the path or method does not have.
    let is_id = |id: &str| !id.is_empty() && !id.starts_with(['_', '$']);
    Some(meant).filter(|(_, id)| id.is_none_or(is_id))
}

/// What a change demands of what is there.
fn condition(request: &Map<String, Value>) -> Condition {
    let headers = request.get("headers").and_then(Value::as_object);
    let header = |wanted: &str| {
        let mut sent = headers.into_iter().flatten();
        let (_, value) = sent.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(value.as_str()?.trim().to_owned())
    };
    let conditions = Conditions::of_entry(header("if-match"), header("if-none-match"), None);
    conditions.write().unwrap_or_default()
}

/// The id that the body names, or one that nobody has.
fn id_of_new(
    server: &AuthorizationServer,
    request: &Map<String, Value>,
) -> Result<String, Failure> {
    let named = request
        .get("body")
        .and_then(|body| body.get("id")?.as_str());
    match named {
        Some(id) => Ok(id.to_owned()),
        None => Ok(server.new_resource_id()?),
    }
}
