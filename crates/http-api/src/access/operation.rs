//! What a request to this server wants to do: the action and target that its policies are asked about.

use grantor_domain::access::{Interaction, Target};
use grantor_domain::resources::ResourceKind;

/// The action and target of a request to a resource; `None` for other requests.
pub(super) fn of(method: &str, uri: &str) -> Option<(String, Target)> {
    let path = uri.split(['?', '#']).next()?;
    let path = path.strip_prefix("/fhir").unwrap_or(path);
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    let kind = ResourceKind::parse(parts.first()?)?;
    let (interaction, id) = match (method, parts.get(1..)?) {
        ("post", []) => (Interaction::Create, None),
        ("get", []) | ("post", ["_search"]) => (Interaction::Search, None),
        ("get", ["_history"]) => (Interaction::History, None),
        ("get", [id]) => (Interaction::Read, Some(*id)),
        ("put" | "patch", [id]) => (Interaction::Update, Some(*id)),
        ("delete", [id]) => (Interaction::Delete, Some(*id)),
        ("get", [id, "_history"] | [id, "_history", _]) => (Interaction::History, Some(*id)),
        ("post", [id, "$close-sessions"]) => (Interaction::CloseSessions, Some(*id)),
        _ => return None,
    };
    let target = Target {
        kind: kind.as_str().to_owned(),
        id: id.map(str::to_owned),
        ..Target::default()
    };
    Some((interaction.action(kind), target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_to_resources_are_what_their_policies_are_asked() {
        for (method, uri, action, id) in [
            ("get", "/Client", "search:Client", None),
            ("post", "/fhir/User/_search", "search:User", None),
            (
                "get",
                "/Client/myapp?_pretty=true",
                "read:Client",
                Some("myapp"),
            ),
            ("patch", "/User/amy", "update:User", Some("amy")),
            ("get", "/User/amy/_history/3", "history:User", Some("amy")),
            (
                "post",
                "/User/amy/$close-sessions",
                "close-sessions:User",
                Some("amy"),
            ),
        ] {
            let (named, target) = of(method, uri).unwrap();
            assert_eq!(
                (named.as_str(), target.id.as_deref()),
                (action, id),
                "{uri}"
            );
        }
    }

    #[test]
    fn other_requests_have_no_operation() {
        for (method, uri) in [
            ("get", "/"),
            ("get", ""),
            ("post", "/auth/token"),
            ("put", "/Client"),
        ] {
            assert!(of(method, uri).is_none(), "{method} {uri}");
        }
    }
}
