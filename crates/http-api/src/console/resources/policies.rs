//! What the pages of access policies have.

use crate::console::edit::{Field, Group, Kind};
use crate::console::page::Section;

use super::cell::{As, Column};
use super::described::{Criterion, Described};

const POLICY: &[Field] = &[
    Field::new("id", "Policy id", Kind::Id)
        .help("Letters, digits, dashes and dots. It never changes; empty makes one."),
    Field::new("description", "Description", Kind::Text("text")).wide(),
];

const WHOM: &[Field] = &[
    Field::new("link", "Links", Kind::References)
        .help("User/…, Client/… or Role/…, one a line. Several widen."),
    Field::new("roleName", "Role name", Kind::Text("text")).help("Users with a role of this name."),
];

const ENGINE: &[Field] = &[Field::new(
    "engine",
    "Engine",
    Kind::Radio(&["allow", "matcho", "complex", "cedar"]),
)];

const MATCHO: &[Field] = &[Field::new("matcho", "Pattern", Kind::Json)
    .tall()
    .help("JSON or YAML.")];

const COMPLEX: &[Field] = &[
    Field::new("and", "All of", Kind::Json)
        .tall()
        .help("A list of rules, JSON or YAML."),
    Field::new("or", "One of", Kind::Json)
        .tall()
        .help("A list of rules, JSON or YAML."),
];

const CEDAR: &[Field] = &[Field::new("policy", "Statements", Kind::Code).tall()];

const TABLE: &[Group] = &[
    Group::new("Policy", POLICY),
    Group::new("Whom it concerns", WHOM).help("Neither: every request, those of nobody too."),
    Group::new("What it says", ENGINE),
    Group::new("Pattern", MATCHO)
        .help("matcho: permits requests that have at least what the pattern has.")
        .engine("matcho"),
    Group::new("Rules", COMPLEX)
        .help("complex: rules joined, each with an engine.")
        .engine("complex"),
    Group::new("Cedar", CEDAR)
        .help("The only engine that can forbid.")
        .engine("cedar"),
];

/// Access policies.
pub(in crate::console) const DESCRIBED: Described = Described {
    section: Section::Policies,
    path: "policies",
    api: "AccessPolicy",
    title: "Policies",
    one: "policy",
    many: "policies",
    says: "Who may call what. A request is permitted when a policy permits it and none forbids it.",
    table: TABLE,
    criteria: &[
        Criterion::text("_id", "Id"),
        Criterion::one_of(
            "engine",
            "Engine",
            &[
                ("allow", "allow"),
                ("matcho", "matcho"),
                ("complex", "complex"),
                ("cedar", "cedar"),
            ],
        ),
        Criterion::text("link", "Linked to").placeholder("User/amy"),
        Criterion::text("roleName", "Role"),
        Criterion::text("description:contains", "Description contains"),
    ],
    called: &["description"],
    columns: &[
        Column::new("Engine", "engine", As::Badges),
        Column::new("Concerns", "link", As::Concerned),
        Column::new("Changed", "lastUpdated", As::When),
    ],
    switch: None,
    sessions: None,
    removal: "What it permits is refused from then on, unless another policy permits it.",
};
