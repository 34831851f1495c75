//! Roles: names given to users, for policies and for the `roles` claim.

mod kept;

use crate::document::Document;
use crate::id::{RoleId, UserId};
use crate::revision::Stamp;

/// A role given to a user: one for each user and role.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Version and times.
    pub stamp: Stamp,
    /// What its administrators write.
    pub settings: RoleSettings,
}

/// The attributes of a role that its administrators write.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleSettings {
    /// `name`: what policies (`roleName`) and tokens (`roles`) call it.
    pub name: String,
    /// Shown to people.
    pub description: Option<String>,
    /// `user`: who has it.
    pub user: UserId,
    /// `links`: resources it is bound to.
    pub links: Document,
    /// `context`: open content.
    pub context: Document,
}
