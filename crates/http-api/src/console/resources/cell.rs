//! Columns of lists.

use serde_json::Value;

use crate::console::member;
use crate::console::show::{Instant, encoded};

/// A column: a member of each resource, in some form.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    pub(crate) path: &'static str,
    pub(crate) shows: As,
}

/// The form a member is shown in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum As {
    Text,
    Codes,
    Badges,
    When,
    /// Whether it is on.
    State,
    /// A reference to a user.
    User,
    /// Whom a policy concerns.
    Concerned,
}

/// A cell of a list.
pub(crate) enum Cell {
    Text(String),
    Codes(Vec<String>),
    Badges(Vec<String>),
    When(Option<Instant>),
    State(bool),
    /// Words, each with the page it leads to, below the console's.
    Links(Vec<(String, Option<String>)>),
}

impl Column {
    /// A column.
    pub(super) const fn new(title: &'static str, path: &'static str, shows: As) -> Self {
        Self { title, path, shows }
    }

    /// The cell of a resource; `is_on`: whether it is switched on.
    pub(super) fn cell(&self, resource: &Value, is_on: bool) -> Cell {
        let member = resource.get(self.path).unwrap_or(&Value::Null);
        match self.shows {
            As::Text => Cell::Text(text(member)),
            As::Codes => Cell::Codes(texts(member)),
            As::Badges => Cell::Badges(texts(member)),
            As::When => {
                let at = member::text(resource, &format!("meta.{}", self.path));
                Cell::When(at.map(|at| Instant(at.to_owned())))
            }
            As::State => Cell::State(is_on),
            As::User => Cell::Links(vec![link(member)]),
            As::Concerned => concerned(resource),
        }
    }
}

/// One or several, a plural attribute of SCIM by its value.
fn texts(member: &Value) -> Vec<String> {
    match member {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

fn text(member: &Value) -> String {
    let text = member.as_str().or(member::text(member, "value"));
    text.unwrap_or_default().to_owned()
}

fn link(reference: &Value) -> (String, Option<String>) {
    let id = member::text(reference, "id").unwrap_or_default().to_owned();
    let section = match member::text(reference, "resourceType") {
        Some("User") => "users",
        Some("Client") => "clients",
        Some("Role") => "roles",
        _ => return (id, None),
    };
    let page = format!("{section}/{}", encoded(&id));
    (id, Some(page))
}

fn concerned(policy: &Value) -> Cell {
    let links = policy.get("link").and_then(Value::as_array);
    let links = links.into_iter().flatten().map(link);
    let role = member::text(policy, "roleName");
    let role = role.map(|name| (format!("role {name}"), None));
    let mut all: Vec<_> = links.chain(role).collect();
    if all.is_empty() {
        all.push(("every request".to_owned(), None));
    }
    Cell::Links(all)
}
