//! What access policies are asked, and what they answer.

use crate::document::Document;
use crate::id::{ClientId, PolicyId, RoleId, UserId};

/// May this principal do this to that?
#[derive(Clone, Debug, PartialEq)]
pub struct AccessRequest {
    /// Who asks.
    pub principal: Principal,
    /// What for: an interaction of ours (`read:Client`), or the action of a resource server.
    pub action: String,
    /// On what.
    pub target: Target,
    /// How it is asked, as the adapter saw it: `request-method`, `uri`, `params`, `remote-addr`, or
    /// what a resource server knows. The domain does not look into it.
    pub context: Document,
}

/// Who asks: a user through a client, a client, or nobody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Principal {
    /// The user, when there is one.
    pub user: Option<Party<UserId>>,
    /// The client, when there is one.
    pub client: Option<Party<ClientId>>,
    /// The user's roles.
    pub roles: Vec<RoleMembership>,
}

/// A user or client and what is known about it: its resource without any secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Party<Id> {
    /// Its id.
    pub id: Id,
    /// Its attributes, under the names its resource has.
    pub attributes: Document,
}

/// A role a user has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleMembership {
    /// The Role resource that gives it; `None` for one of `User.roles`.
    pub id: Option<RoleId>,
    /// Its name.
    pub name: String,
}

/// What a request is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// Its type (`Client`).
    pub kind: String,
    /// Its id; `None` when the request is about the type.
    pub id: Option<String>,
    /// What a resource server knows about it.
    pub attributes: Document,
}

/// The answer: permitted by at least one policy and forbidden by none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may.
    pub permitted: bool,
    /// Every policy that concerns the request, in order of id, and what it said.
    pub spoken: Vec<Spoken>,
}

/// What one policy said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Which policy.
    pub policy: PolicyId,
    /// What it said.
    pub effect: Effect,
    /// Why, in words for people: `engine allow`, `the pattern matches`, `cedar statement 2 forbids`,
    /// `uri does not match`, or the error that made it silent.
    pub reason: String,
}

/// What a policy says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Yes.
    Permit,
    /// No, whatever others say.
    Forbid,
    /// Nothing.
    Silent,
}
