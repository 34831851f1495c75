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

    /// Who wants what of what, in a request.
    pub(crate) fn ids(&self, request: &AccessRequest) -> Ids {
        let principal = &request.principal;
        let (principal, roles) = match (&principal.user, &principal.client) {
            (Some(user), _) => {
                let roles = principal.roles.iter();
                let roles = roles.map(|role| uid(&self.role, &role.name));
                (uid(&self.user, user.id.as_str()), roles.collect())
            }
            (None, Some(client)) => (uid(&self.client, client.id.as_str()), HashSet::new()),
            (None, None) => (uid(&self.nobody, "nobody"), HashSet::new()),
        };
        Ids {
            principal,
            roles,
            action: uid(&self.action, &request.action),
            resource: self.resource(request),
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
}

/// The entities of one request.
pub(crate) struct Ids {
    /// The user, else the client, else nobody.
    pub(crate) principal: EntityUid,
    roles: HashSet<EntityUid>,
    /// What is wanted.
    pub(crate) action: EntityUid,
    /// Of what.
    pub(crate) resource: EntityUid,
}

impl Ids {
    /// Whether one of them is this entity or in it, as the principal is in its roles.
    pub(crate) fn is_in(&self, id: &EntityUid, group: &EntityUid) -> bool {
        id == group || (*id == self.principal && self.roles.contains(group))
    }

    /// The request with a given context.
    ///
    /// # Errors
    /// Cedar's words, when it does not take the request.
    pub(crate) fn request(&self, context: Context) -> Result<Request, String> {
        let (principal, action) = (self.principal.clone(), self.action.clone());
        Request::new(principal, action, self.resource.clone(), context, None)
            .map_err(|error| error.to_string())
    }

    /// The request with all that Cedar policies may look at, and its entities.
    ///
    /// # Errors
    /// Cedar's words, when it does not take a value.
    pub(crate) fn whole(&self, request: &AccessRequest) -> Result<(Request, Entities), String> {
        let context = Context::from_pairs(Node::Root(request).attributes());
        let context = context.map_err(|error| error.to_string())?;
        Ok((self.request(context)?, self.entities(request)?))
    }

    /// Principal and resource. When they are the same entity, what we know of the principal counts, and
    /// what a caller says of the resource does not.
    fn entities(&self, request: &AccessRequest) -> Result<Entities, String> {
        let party = &request.principal;
        let attributes = match (&party.user, &party.client) {
            (Some(user), _) => Node::party(user, |id| id.as_str()).attributes(),
            (None, Some(client)) => Node::party(client, |id| id.as_str()).attributes(),
            (None, None) => HashMap::new(),
        };
        let mut entities = vec![entity(&self.principal, attributes, self.roles.clone())?];
        if self.resource != self.principal {
            let attributes = Node::target(request).attributes();
            entities.push(entity(&self.resource, attributes, HashSet::new())?);
        }
        Entities::from_entities(entities, None).map_err(|error| error.to_string())
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn entity(
    id: &EntityUid,
    attributes: HashMap<String, RestrictedExpression>,
    parents: HashSet<EntityUid>,
) -> Result<Entity, String> {
    Entity::new(id.clone(), attributes, parents).map_err(|error| error.to_string())
}
