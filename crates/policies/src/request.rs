//! One request in Cedar's terms.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
};
use grantor_domain::access::AccessRequest;

use crate::node::Node;

/// Longer names of types are not tried as such.
const LONGEST_TYPE: usize = 128;

/// The types of entities, parsed once.
#[derive(Debug)]
pub(crate) struct Types {
    user: EntityTypeName,
    client: EntityTypeName,
    nobody: EntityTypeName,
    role: EntityTypeName,
    action: EntityTypeName,
    untyped: EntityTypeName,
}

impl Types {
    /// Parses them.
    ///
    /// # Errors
    /// Cedar's words; it takes these names.
    pub(crate) fn new() -> Result<Self, String> {
        let parsed = |name: &str| {
            name.parse::<EntityTypeName>()
                .map_err(|error| error.to_string())
        };
        Ok(Self {
            user: parsed("User")?,
            client: parsed("Client")?,
            nobody: parsed("Nobody")?,
            role: parsed("Role")?,
            action: parsed("Action")?,
            untyped: parsed("Untyped")?,
        })
    }

    /// The action of a request.
    pub(crate) fn action(&self, request: &AccessRequest) -> EntityUid {
        uid(&self.action, &request.action)
    }

    fn principal(&self, request: &AccessRequest) -> EntityUid {
        let principal = &request.principal;
        match (&principal.user, &principal.client) {
            (Some(user), _) => uid(&self.user, user.id.as_str()),
            (None, Some(client)) => uid(&self.client, client.id.as_str()),
            (None, None) => uid(&self.nobody, "nobody"),
        }
    }

    /// The target; about a type alone: its entity with the empty id. What is no name of a type for Cedar
    /// is `Untyped`, and its attribute `type` says what it was called.
    fn resource(&self, request: &AccessRequest) -> EntityUid {
        let target = &request.target;
        let id = target.id.as_deref().unwrap_or("");
        match target.kind.as_str() {
            "Client" => uid(&self.client, id),
            "User" => uid(&self.user, id),
            "Role" => uid(&self.role, id),
            kind => {
                let parsed = (kind.len() <= LONGEST_TYPE)
                    .then(|| kind.parse().ok())
                    .flatten();
                uid(parsed.as_ref().unwrap_or(&self.untyped), id)
            }
        }
    }

    /// The request with a given context.
    ///
    /// # Errors
    /// Cedar's words, when it does not take the request.
    pub(crate) fn request(
        &self,
        request: &AccessRequest,
        context: Context,
    ) -> Result<Request, String> {
        Request::new(
            self.principal(request),
            self.action(request),
            self.resource(request),
            context,
            None,
        )
        .map_err(|error| error.to_string())
    }

    /// The request with all that Cedar policies may look at, and its entities.
    ///
    /// # Errors
    /// Cedar's words, when it does not take a value.
    pub(crate) fn whole(&self, request: &AccessRequest) -> Result<(Request, Entities), String> {
        let context = Context::from_pairs(Node::Root(request).attributes());
        let context = context.map_err(|error| error.to_string())?;
        let entities = self.entities(request)?;
        Ok((self.request(request, context)?, entities))
    }

    /// Principal and resource. When they are the same entity, what we know of the principal counts, and
    /// what a caller says of the resource does not.
    fn entities(&self, request: &AccessRequest) -> Result<Entities, String> {
        let principal = self.principal(request);
        let resource = self.resource(request);
        let mut entities = Vec::new();
        if resource != principal {
            let attributes = Node::target(request).attributes();
            entities.push(entity(resource, attributes, HashSet::new())?);
        }
        let party = &request.principal;
        let (attributes, roles) = match (&party.user, &party.client) {
            (Some(user), _) => {
                let roles = party.roles.iter().map(|role| uid(&self.role, &role.name));
                (
                    Node::party(user, |id| id.as_str()).attributes(),
                    roles.collect(),
                )
            }
            (None, Some(client)) => (
                Node::party(client, |id| id.as_str()).attributes(),
                HashSet::new(),
            ),
            (None, None) => (HashMap::new(), HashSet::new()),
        };
        entities.push(entity(principal, attributes, roles)?);
        Entities::from_entities(entities, None).map_err(|error| error.to_string())
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn entity(
    uid: EntityUid,
    attributes: HashMap<String, RestrictedExpression>,
    parents: HashSet<EntityUid>,
) -> Result<Entity, String> {
    Entity::new(uid, attributes, parents).map_err(|error| error.to_string())
}
