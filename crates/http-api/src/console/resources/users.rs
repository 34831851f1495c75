//! What the pages of users have.

use crate::console::edit::{Field, Group, Kind};
use crate::console::page::Section;

use super::cell::{As, Column};
use super::described::{Criterion, Described};

const SIGNING_IN: &[Field] = &[
    Field::new("id", "User id", Kind::Id)
        .help("The sub of its tokens: letters, digits, dashes and dots. It never changes; empty makes one."),
    Field::new("userName", "User name", Kind::Text("text")),
    Field::new("email", "E-mail", Kind::Text("email")),
    Field::new("password", "Password", Kind::Secret("Remove it"))
        .help("Never shown. Empty keeps the one there is; another one, or none, ends all sessions."),
    Field::new("email_verified", "E-mail verified", Kind::Tick { by_default: false }),
    Field::new("inactive", "Disabled", Kind::Tick { by_default: false })
        .help("May not sign in, and every session ends."),
];

const PERSON: &[Field] = &[
    Field::new("displayName", "Shown as", Kind::Text("text")),
    Field::new("name.formatted", "Whole name", Kind::Text("text")),
    Field::new("name.givenName", "Given name", Kind::Text("text")),
    Field::new("name.middleName", "Middle name", Kind::Text("text")),
    Field::new("name.familyName", "Family name", Kind::Text("text")),
    Field::new(
        "name.honorificPrefix",
        "Title before the name",
        Kind::Text("text"),
    ),
    Field::new(
        "name.honorificSuffix",
        "Title after the name",
        Kind::Text("text"),
    ),
    Field::new("nickName", "Nickname", Kind::Text("text")),
    Field::new("gender", "Gender", Kind::Text("text"))
        .help("male, female, other, unknown, or another word."),
    Field::new("phoneNumber", "Telephone", Kind::Text("tel")),
    Field::new("photo", "Picture", Kind::Text("text")).help("Its address."),
    Field::new("profileUrl", "Profile", Kind::Text("text")).help("Its address."),
];

const WORK: &[Field] = &[
    Field::new("roles", "Roles", Kind::Values)
        .help("Names, parted by commas. Roles that are resources of their own are listed below."),
    Field::new("title", "Job title", Kind::Text("text")),
    Field::new("userType", "Type", Kind::Text("text")).help("A free word."),
    Field::new("externalId", "External id", Kind::Text("text")),
    Field::new("locale", "Locale", Kind::Text("text")).placeholder("en-GB"),
    Field::new(
        "preferredLanguage",
        "Preferred language",
        Kind::Text("text"),
    ),
    Field::new("timezone", "Time zone", Kind::Text("text")).placeholder("Europe/Vienna"),
];

const MORE: &[Field] = &[
    Field::new("data", "Data", Kind::Json)
        .wide()
        .help("Open content: policies may look at it."),
    Field::new("identifier", "Identifiers", Kind::Json)
        .wide()
        .help("A list of objects with system and value."),
    Field::new("fhirUser", "fhirUser", Kind::Json).help("The FHIR resource of this person."),
    Field::new("link", "Links", Kind::Json).help("To other resources: a list."),
    Field::new("emails", "E-mail addresses", Kind::Json).help("A list, as in SCIM."),
    Field::new("phoneNumbers", "Telephone numbers", Kind::Json).help("A list, as in SCIM."),
    Field::new("addresses", "Addresses", Kind::Json).help("A list, as in SCIM."),
    Field::new("photos", "Pictures", Kind::Json).help("A list, as in SCIM."),
];

const TABLE: &[Group] = &[
    Group::new("Signing in", SIGNING_IN)
        .help("Id, user name and e-mail are all names to sign in with."),
    Group::new("Person", PERSON).help("Shown to people and told to clients."),
    Group::new("Place", WORK).help("What it is here."),
    Group::new("More", MORE).help("As JSON or YAML."),
];

/// Users.
pub(super) const DESCRIBED: Described = Described {
    section: Section::Users,
    path: "users",
    api: "User",
    title: "Users",
    one: "user",
    many: "users",
    says: "Who signs in.",
    table: TABLE,
    criteria: &[
        Criterion::text("_id", "Id"),
        Criterion::text("userName:contains", "User name contains"),
        Criterion::text("email:contains", "E-mail contains"),
        Criterion::text("name:contains", "Name contains"),
        Criterion::text("identifier", "Identifier").placeholder("system|value"),
        Criterion::text("roleName", "Role"),
        Criterion::one_of(
            "inactive",
            "State",
            &[("false", "active"), ("true", "disabled")],
        ),
    ],
    called: &["displayName", "name.formatted", "userName"],
    columns: &[
        Column::new("User name", "userName", As::Text),
        Column::new("E-mail", "email", As::Text),
        Column::new("Roles", "roles", As::Badges),
        Column::new("State", "inactive", As::State),
        Column::new("Changed", "lastUpdated", As::When),
    ],
    switch: Some(("inactive", false)),
    sessions: Some("user"),
    removal: "All its sessions end. A user made with the same id later has none of them.",
};
