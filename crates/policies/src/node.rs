//! A request as policies see it: one tree of names and values, without the empty ones.
//!
//! It borrows the request and copies nothing. `operation`, `resource`, `user`, `client` and `role` are
//! ours: whatever a caller sends under these names is not looked at.

use std::collections::HashMap;

use cedar_policy::RestrictedExpression;
use grantor_domain::access::{AccessRequest, Party, RoleMembership};
use serde_json::{Map, Value};

use crate::limits::REQUEST_DEPTH;
use crate::scalar::Scalar;

/// A place in a request and what is there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node<'a> {
    /// The whole request.
    Root(&'a AccessRequest),
    /// Something open.
    Json(&'a Value),
    /// A text of ours.
    Text(&'a str),
    /// Something with names of ours, which hide the same names of `rest`.
    Described(Described<'a>),
    /// A reference that was read.
    Reference { kind: &'a str, id: &'a str },
    /// The names of the user's roles.
    Roles(&'a [RoleMembership]),
}

/// A party, an operation or a target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described<'a> {
    id: Option<&'a str>,
    /// `type`; the outer `None` when a `type` of `rest` is not hidden.
    kind: Option<&'a str>,
    rest: Option<&'a Map<String, Value>>,
}

const OURS: [&str; 5] = ["operation", "resource", "user", "client", "role"];

impl<'a> Node<'a> {
    /// The member of an object, unless it is empty.
    pub(crate) fn member(self, name: &str) -> Option<Self> {
        let member = match self {
            Self::Root(request) => {
                ours(request, name).or_else(|| open(Some(request.context.as_object()), &OURS, name))
            }
            Self::Json(Value::Object(members)) => members.get(name).map(Node::Json),
            Self::Described(described) => described.member(name),
            Self::Reference { kind, .. } if name == "resourceType" => Some(Self::Text(kind)),
            Self::Reference { id, .. } if name == "id" => Some(Self::Text(id)),
            Self::Json(_) | Self::Text(_) | Self::Reference { .. } | Self::Roles(_) => None,
        };
        member.filter(|member| !member.is_empty())
    }

    /// The item of a list; empty items are not counted.
    pub(crate) fn position(self, position: usize) -> Option<Self> {
        self.items()?.nth(position)
    }

    /// The items of a list, but the empty ones.
    pub(crate) fn items(self) -> Option<Box<dyn Iterator<Item = Self> + 'a>> {
        match self {
            Self::Json(Value::Array(items)) => {
                let items = items.iter().map(Node::Json);
                Some(Box::new(items.filter(|item| !item.is_empty())))
            }
            Self::Roles(roles) => {
                let names = roles.iter().map(|role| Node::Text(&role.name));
                Some(Box::new(names.filter(|name| !name.is_empty())))
            }
            _ => None,
        }
    }

    /// The reference that is there: `Type/id`, `{reference: Type/id}`, or `{resourceType, id}`.
    pub(crate) fn reference(self) -> Option<Self> {
        if let Some(text) = self.text().or_else(|| self.member("reference")?.text()) {
            let (kind, id) = text.split_once('/')?;
            let plain = !kind.is_empty() && !id.is_empty() && !id.contains('/');
            return plain.then_some(Self::Reference { kind, id });
        }
        let kind = self.member("resourceType")?.text()?;
        let id = self.member("id")?.text()?;
        Some(Self::Reference { kind, id })
    }

    /// The single value that is there.
    pub(crate) fn scalar(self) -> Option<Scalar<'a>> {
        match self {
            Self::Json(value) => Scalar::of(value),
            Self::Text(text) => Some(Scalar::Text(text.into())),
            _ => None,
        }
    }

    /// The text that is there.
    pub(crate) const fn text(self) -> Option<&'a str> {
        match self {
            Self::Json(Value::String(text)) => Some(text.as_str()),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether nothing is there: `null`, an empty text, or a list or object of nothing else.
    fn is_empty(self) -> bool {
        match self {
            Self::Json(value) => is_empty(value),
            Self::Text(text) => text.is_empty(),
            Self::Roles(roles) => roles.iter().all(|role| role.name.is_empty()),
            Self::Described(described) => described.fields().next().is_none(),
            Self::Root(_) | Self::Reference { .. } => false,
        }
    }

    /// The whole of it for Cedar; `None` when it is empty or too deep.
    pub(crate) fn value(self) -> Option<RestrictedExpression> {
        self.value_at(0)
    }

    fn value_at(self, depth: usize) -> Option<RestrictedExpression> {
        if depth > REQUEST_DEPTH {
            return None;
        }
        if let Some(scalar) = self.scalar() {
            let empty = matches!(&scalar, Scalar::Text(text) if text.is_empty());
            return (!empty).then(|| scalar.in_request());
        }
        if let Some(items) = self.items() {
            let values: Vec<_> = items.filter_map(|item| item.value_at(depth + 1)).collect();
            return (!values.is_empty()).then(|| RestrictedExpression::new_set(values));
        }
        let members: Vec<_> = self
            .fields()
            .filter_map(|(name, node)| Some((name.to_owned(), node.value_at(depth + 1)?)))
            .collect();
        if members.is_empty() {
            return None;
        }
        RestrictedExpression::new_record(members).ok()
    }

    /// The members as attributes of a Cedar entity.
    pub(crate) fn attributes(self) -> HashMap<String, RestrictedExpression> {
        self.fields()
            .filter_map(|(name, node)| Some((name.to_owned(), node.value()?)))
            .collect()
    }

    /// Names and values of an object.
    pub(crate) fn fields(self) -> Box<dyn Iterator<Item = (&'a str, Self)> + 'a> {
        match self {
            Self::Root(request) => {
                let named = OURS
                    .iter()
                    .filter_map(move |name| Some((*name, ours(request, name)?)));
                Box::new(named.chain(others(Some(request.context.as_object()), &OURS)))
            }
            Self::Json(Value::Object(members)) => Box::new(
                members
                    .iter()
                    .map(|(name, value)| (name.as_str(), Node::Json(value))),
            ),
            Self::Described(described) => Box::new(described.fields()),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// A user or client.
    pub(crate) fn party<Id>(party: &'a Party<Id>, id: impl Fn(&'a Id) -> &'a str) -> Self {
        Self::Described(Described {
            id: Some(id(&party.id)),
            kind: None,
            rest: Some(party.attributes.as_object()),
        })
    }

    /// What the request is about.
    pub(crate) fn target(request: &'a AccessRequest) -> Self {
        Self::Described(Described {
            id: Some(request.target.id.as_deref().unwrap_or("")),
            kind: Some(&request.target.kind),
            rest: Some(request.target.attributes.as_object()),
        })
    }
}

impl<'a> Described<'a> {
    const fn hidden(&self) -> &'static [&'static str] {
        if self.kind.is_some() {
            &["id", "type"]
        } else {
            &["id"]
        }
    }

    fn member(self, name: &str) -> Option<Node<'a>> {
        match name {
            "id" => self.id.map(Node::Text),
            "type" if self.kind.is_some() => self.kind.map(Node::Text),
            _ => open(self.rest, self.hidden(), name),
        }
    }

    fn fields(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let id = self.id.map(|id| ("id", Node::Text(id)));
        let kind = self.kind.map(|kind| ("type", Node::Text(kind)));
        let own = id.into_iter().chain(kind);
        own.chain(others(self.rest, self.hidden()))
            .filter(|(_, node)| !node.is_empty())
    }
}

/// What the request has under one of our names.
fn ours<'a>(request: &'a AccessRequest, name: &str) -> Option<Node<'a>> {
    let principal = &request.principal;
    match name {
        "operation" => Some(Node::Described(Described {
            id: Some(&request.action),
            kind: None,
            rest: None,
        })),
        "resource" => Some(Node::target(request)),
        "user" => principal
            .user
            .as_ref()
            .map(|user| Node::party(user, |id| id.as_str())),
        "client" => {
            let client = principal.client.as_ref();
            client.map(|client| Node::party(client, |id| id.as_str()))
        }
        "role" if principal.user.is_some() => Some(Node::Roles(&principal.roles)),
        _ => None,
    }
}

fn open<'a>(
    members: Option<&'a Map<String, Value>>,
    hidden: &[&str],
    name: &str,
) -> Option<Node<'a>> {
    if hidden.contains(&name) {
        return None;
    }
    members?.get(name).map(Node::Json)
}

fn others<'a>(
    members: Option<&'a Map<String, Value>>,
    hidden: &'static [&'static str],
) -> impl Iterator<Item = (&'a str, Node<'a>)> {
    members
        .into_iter()
        .flatten()
        .filter(|(name, _)| !hidden.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), Node::Json(value)))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(members) => members.values().all(is_empty),
    }
}
