//! What the pages of clients have.

use crate::console::edit::{Field, Group, Kind};
use crate::console::page::Section;

use super::cell::{As, Column};
use super::described::{Criterion, Described};

const GRANTS: [&str; 4] = ["password", "refresh_token", "client_credentials", "basic"];

const FORMATS: &[(&str, &str)] = &[
    ("", "opaque (default)"),
    ("opaque", "opaque"),
    ("jwt", "JWT"),
];

const IDENTITY: &[Field] = &[
    Field::new("id", "Client id", Kind::Id).help(
        "Its client_id: 1 to 255 visible ASCII characters. It never changes; empty makes one.",
    ),
    Field::new("name", "Name", Kind::Text("text")),
    Field::new("type", "Type", Kind::Text("text")).help("A free word."),
    Field::new("description", "Description", Kind::Text("text")).wide(),
    Field::new("active", "Active", Kind::Tick { by_default: true })
        .help("Off stops everything it does and ends its sessions."),
    Field::new(
        "first_party",
        "First party",
        Kind::Tick { by_default: false },
    )
    .help("It is ours."),
];

const SCOPE: &[Field] = &[
    Field::new("grant_types", "Grant types", Kind::Ticks(&GRANTS)),
    Field::new("scope", "Scope", Kind::Words)
        .wide()
        .help("What it may be granted, parted by spaces. The word roles lets tokens tell the user's roles."),
    Field::new("default_scope", "Default scope", Kind::Words)
        .wide()
        .help("What it is granted when it asks for none: a part of its scope."),
];

const PASSWORD: &[Field] = &[
    Field::new(
        "auth.password.token_format",
        "Form of access tokens",
        Kind::Choice(FORMATS),
    ),
    Field::new(
        "auth.password.access_token_expiration",
        "Access token expiration",
        Kind::Number,
    )
    .unit("seconds"),
    Field::new(
        "auth.password.refresh_token",
        "Refresh Token",
        Kind::Tick { by_default: false },
    )
    .help("Issue one beside the access token."),
    Field::new(
        "auth.password.refresh_token_format",
        "Form of refresh tokens",
        Kind::Choice(FORMATS),
    ),
    Field::new(
        "auth.password.refresh_token_expiration",
        "Refresh token expiration",
        Kind::Number,
    )
    .unit("seconds")
    .help("From its first issue."),
    Field::new(
        "auth.password.refresh_token_idle",
        "Refresh token idle time",
        Kind::Number,
    )
    .unit("seconds")
    .help("It ends when unused for so long. Empty: never."),
    Field::new(
        "auth.password.refresh_policy",
        "A refresh",
        Kind::Choice(&[
            ("", "rotates the token (default)"),
            ("rotate", "rotates the token"),
            ("static", "keeps the token"),
        ]),
    ),
    Field::new(
        "auth.password.secret_required",
        "Secret Required",
        Kind::Either("when there is one (default)"),
    ),
    Field::new("auth.password.audience", "Audience", Kind::Words)
        .help("Parted by spaces. A requested audience must be among them."),
    Field::new("auth.password.sunset", "Sunset", Kind::Date)
        .help("From then on it may not use this grant."),
    Field::new(
        "auth.password.userinfo",
        "Userinfo",
        Kind::Tick { by_default: true },
    )
    .help("The answer carries the User."),
];

const CLIENT_CREDENTIALS: &[Field] = &[
    Field::new(
        "auth.client_credentials.token_format",
        "Form of access tokens",
        Kind::Choice(FORMATS),
    ),
    Field::new(
        "auth.client_credentials.access_token_expiration",
        "Access token expiration",
        Kind::Number,
    )
    .unit("seconds"),
    Field::new("auth.client_credentials.audience", "Audience", Kind::Words)
        .help("Parted by spaces."),
];

const SECRET: &[Field] = &[
    Field::new("secret", "Secret", Kind::Secret("Remove it")).help(
        "Never shown. Empty keeps the one there is, and makes one for a new client that needs it.",
    ),
    Field::new("secrets", "Further secrets", Kind::Secrets)
        .help("Accepted beside the others until they end. Adding one leaves its sessions alone."),
];

const ORIGIN: &[Field] = &[
    Field::new("allowed_ips", "Allowed addresses", Kind::Lines)
        .help("Addresses and networks, one a line. Empty: from everywhere."),
    Field::new("allowed_origins", "Allowed origins", Kind::Lines)
        .help("Web pages that may read the answers, one a line."),
];

const MORE: &[Field] = &[
    Field::new(
        "introspect",
        "Introspection",
        Kind::Choice(&[
            ("", "its own tokens and those for it"),
            ("any", "every token"),
        ]),
    ),
    Field::new("details", "Details", Kind::Json)
        .wide()
        .help("Open content, as JSON or YAML."),
];

const TABLE: &[Group] = &[
    Group::new("Identity", IDENTITY).help("What it is called."),
    Group::new("Grants and scope", SCOPE).help("What it may ask for."),
    Group::new("Password grant", PASSWORD)
        .help("auth.password. What is empty is as the server has it."),
    Group::new("Client credentials grant", CLIENT_CREDENTIALS).help("auth.client_credentials."),
    Group::new("Secret", SECRET).help(
        "Only hashes are kept. Removing or replacing a secret that is accepted ends its sessions.",
    ),
    Group::new("Where from", ORIGIN).help("From where it may ask."),
    Group::new("More", MORE),
];

/// Clients.
pub(super) const DESCRIBED: Described = Described {
    section: Section::Clients,
    path: "clients",
    api: "Client",
    title: "Clients",
    one: "client",
    many: "clients",
    says: "Applications that may ask for tokens.",
    table: TABLE,
    criteria: &[
        Criterion::text("_id", "Id"),
        Criterion::text("name:contains", "Name contains"),
        Criterion::one_of(
            "grant_types",
            "Grant",
            &[
                ("password", "password"),
                ("refresh_token", "refresh_token"),
                ("client_credentials", "client_credentials"),
                ("basic", "basic"),
            ],
        ),
        Criterion::one_of(
            "active",
            "State",
            &[("true", "active"), ("false", "disabled")],
        ),
        Criterion::one_of(
            "first_party",
            "First party",
            &[("true", "yes"), ("false", "no")],
        ),
        Criterion::text("allowed_origins", "Origin").placeholder("https://app.example"),
    ],
    called: &["name", "description"],
    columns: &[
        Column::new("Grants", "grant_types", As::Codes),
        Column::new("State", "active", As::State),
        Column::new("Changed", "lastUpdated", As::When),
    ],
    switch: Some(("active", true)),
    sessions: Some("client"),
    removal: "It is refused from then on, and its sessions end. Its history stays.",
};
