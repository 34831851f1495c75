//! A question of `AuthZEN` (Authorization API 1.0 §5) in our words.

use grantor_domain::access::{Evaluation, Target};
use grantor_domain::document::Document;
use grantor_domain::id::{ClientId, UserId};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::error::Failure;

type Properties = Map<String, Value>;

/// Who asks, or what is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthZenEntity, example = json!({"type": "user", "id": "amy"}))]
pub(crate) struct Entity {
    /// Its type.
    #[serde(rename = "type")]
    #[schema(example = "user")]
    kind: String,
    /// Its id.
    #[schema(example = "amy")]
    id: String,
    /// What the caller knows about it.
    #[schema(value_type = Option<Object>)]
    properties: Option<Properties>,
}

/// What somebody wants to do.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthZenAction, example = json!({"name": "read"}))]
pub(crate) struct Action {
    /// Its name.
    #[schema(example = "read")]
    name: String,
    /// What the caller knows about it.
    #[schema(value_type = Option<Object>)]
    properties: Option<Properties>,
}

/// May this subject do this to that?
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = EvaluationRequest, example = json!({"subject": {"type": "user", "id": "amy"}, "action": {"name": "read"}, "resource": {"type": "document", "id": "7"}}))]
pub(crate) struct Question {
    /// Who: a `user` or `client` of this server.
    #[schema(required = true)]
    pub(super) subject: Option<Entity>,
    /// What.
    #[schema(required = true)]
    pub(super) action: Option<Action>,
    /// To what.
    #[schema(required = true)]
    pub(super) resource: Option<Entity>,
    /// How: what policies may look at beside it.
    #[schema(value_type = Option<Object>)]
    pub(super) context: Option<Properties>,
}

impl Question {
    /// The question with what it lacks taken from another.
    pub(super) fn or(self, defaults: &Self) -> Self {
        Self {
            subject: self.subject.or_else(|| defaults.subject.clone()),
            action: self.action.or_else(|| defaults.action.clone()),
            resource: self.resource.or_else(|| defaults.resource.clone()),
            context: self.context.or_else(|| defaults.context.clone()),
        }
    }

    /// What the policies are asked; `None` about subjects of types that this server does not know.
    pub(super) fn read(self, at: &str) -> Result<Option<Evaluation>, Failure> {
        let missing = |name: &str| Failure::unreadable_at(format!("{at}{name}"), "is required");
        let subject = self.subject.ok_or_else(|| missing("subject"))?;
        let action = self.action.ok_or_else(|| missing("action"))?;
        let resource = self.resource.ok_or_else(|| missing("resource"))?;
        // An id that nobody can have is nobody's.
        let (user, client) = match subject.kind.as_str() {
            "user" | "User" => (UserId::parse(&subject.id).ok(), None),
            "client" | "Client" => (None, ClientId::parse(&subject.id).ok()),
            _ => return Ok(None),
        };
        let mut context = self.context.unwrap_or_default();
        if let Some(properties) = subject.properties {
            context.insert("subject".to_owned(), json!({ "properties": properties }));
        }
        if let Some(properties) = action.properties {
            context.insert("action".to_owned(), json!({ "properties": properties }));
        }
        Ok(Some(Evaluation {
            user,
            client,
            action: action.name,
            target: Target {
                kind: resource.kind,
                id: Some(resource.id),
                attributes: Document::new(resource.properties.unwrap_or_default()),
            },
            context: Document::new(context),
        }))
    }
}
