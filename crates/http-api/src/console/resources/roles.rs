//! What the pages of roles have.

use crate::console::edit::{Field, Group, Kind};
use crate::console::page::Section;

use super::cell::{As, Column};
use super::described::{Criterion, Described};

const ROLE: &[Field] = &[
    Field::new("id", "Role id", Kind::Id)
        .help("Letters, digits, dashes and dots. It never changes; empty makes one."),
    Field::new("name", "Name", Kind::Text("text"))
        .required()
        .help("What policies (roleName) and tokens (roles) call it."),
    Field::new("user", "User", Kind::Reference("User"))
        .required()
        .help("Who has it: an id."),
    Field::new("description", "Description", Kind::Text("text")).wide(),
];

const MORE: &[Field] = &[
    Field::new("links", "Links", Kind::Json).help("Resources it is bound to: an object."),
    Field::new("context", "Context", Kind::Json).help("Open content."),
];

const TABLE: &[Group] = &[
    Group::new("Role", ROLE),
    Group::new("More", MORE).help("As JSON or YAML."),
];

/// Roles.
pub(super) const DESCRIBED: Described = Described {
    section: Section::Roles,
    path: "roles",
    api: "Role",
    title: "Roles",
    one: "role",
    many: "roles",
    says: "A role given to a user: one for each user and role.",
    table: TABLE,
    criteria: &[
        Criterion::text("_id", "Id"),
        Criterion::text("name", "Name"),
        Criterion::text("user", "User"),
        Criterion::text("description:contains", "Description contains"),
    ],
    called: &[],
    columns: &[
        Column::new("Name", "name", As::Badges),
        Column::new("User", "user", As::User),
        Column::new("Description", "description", As::Text),
        Column::new("Changed", "lastUpdated", As::When),
    ],
    switch: None,
    sessions: None,
    removal: "The user loses what policies permit to this role.",
};
