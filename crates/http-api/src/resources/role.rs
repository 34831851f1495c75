//! `Role`: a name given to a user, for policies and for the `roles` claim.

use grantor_domain::document::Document;
use grantor_domain::id::{InvalidId, RoleId, UserId};
use grantor_domain::roles::{Role, RoleSettings};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::body::Members;
use crate::error::{Failure, Problem};

use super::handlers::endpoints;
use super::meta::Meta;
use super::reference::{Dialect, Reference, ReferenceBody};
use super::typed;
use super::wire::{Wire, identity_problems};

/// A role given to a user: one for each user and role. Members that are not listed are refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Role, example = json!({"resourceType": "Role", "id": "amy-clerk", "name": "clerk", "user": {"resourceType": "User", "id": "amy"}}))]
pub(crate) struct RoleBody {
    /// Always `Role`.
    #[serde(rename = "resourceType")]
    #[schema(example = "Role")]
    resource_type: Option<String>,
    /// Its id.
    #[schema(example = "amy-clerk")]
    id: Option<String>,
    /// Kept by the server; refused when written.
    #[schema(read_only)]
    meta: Option<Meta>,
    /// What policies (`roleName`) and tokens (`roles`) call it.
    #[schema(required = true, example = "clerk")]
    name: Option<String>,
    /// Shown to people.
    description: Option<String>,
    /// Who has it.
    #[schema(required = true, value_type = Option<Reference>)]
    user: Option<ReferenceBody>,
    /// Resources it is bound to.
    #[schema(value_type = Option<Object>)]
    links: Option<Map<String, Value>>,
    /// Open content.
    #[schema(value_type = Option<Object>)]
    context: Option<Map<String, Value>>,
}

impl Wire for Role {
    const WRITE_ONLY: &'static [&'static str] = &[];

    fn parse_id(text: &str) -> Result<RoleId, InvalidId> {
        RoleId::parse(text)
    }

    fn read(members: Members, id: Option<&str>) -> Result<(Option<String>, RoleSettings), Failure> {
        let body: RoleBody = typed(members)?;
        let (kind, own) = (body.resource_type.as_deref(), body.id.as_deref());
        let mut problems = identity_problems::<Self>(kind, own, id, body.meta.is_some());
        let user = match body.user {
            Some(reference) => reference
                .id_of("User")
                .and_then(|id| UserId::parse(&id).ok())
                .ok_or_else(|| Problem::at("user", "must be a reference to a User")),
            None => Err(Problem::at("user", "is required")),
        };
        let name = body.name.ok_or_else(|| Problem::at("name", "is required"));
        match (user, name) {
            (Ok(user), Ok(name)) if problems.is_empty() => {
                let settings = RoleSettings {
                    name,
                    description: body.description,
                    user,
                    links: Document::new(body.links.unwrap_or_default()),
                    context: Document::new(body.context.unwrap_or_default()),
                };
                Ok((body.id, settings))
            }
            (user, name) => {
                problems.extend(user.err());
                problems.extend(name.err());
                Err(Failure::Unprocessable(problems))
            }
        }
    }

    fn members(&self, dialect: Dialect) -> Members {
        let settings = &self.settings;
        let mut members = Members::new();
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("resourceType", json!("Role"));
        set("id", json!(self.id.as_str()));
        set("name", json!(settings.name));
        if let Some(description) = &settings.description {
            set("description", json!(description));
        }
        let user = Reference::new(dialect, "User", settings.user.as_str());
        set("user", json!(user));
        if !settings.links.is_empty() {
            set("links", json!(settings.links.as_object()));
        }
        if !settings.context.is_empty() {
            set("context", json!(settings.context.as_object()));
        }
        members
    }
}

endpoints!(
    Role, RoleBody, tag = "Role", hashes = false, id = "`Role.id`",
    search = (
        ("name" = Option<String>, Query, description = "What it is called"),
        ("user" = Option<String>, Query, description = "Who has it: an id or `User/id`"),
        ("description" = Option<String>, Query, description = "Its description"),
    ),
    create_role "/Role" "create_role",
    read_role put_role patch_role delete_role "/Role/{id}" "read_role" "put_role" "patch_role" "delete_role",
    search_roles "search_roles",
    search_roles_by_form "/Role/_search" "search_roles_by_form",
    read_role_history "/Role/{id}/_history" "read_role_history",
    read_history_of_roles "/Role/_history" "read_history_of_roles",
    read_role_version "/Role/{id}/_history/{version}" "read_role_version",
);
