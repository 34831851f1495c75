//! A store that has been used for a month: the server makes one user, one client and one session with everything that
//! belongs to them, and SQL multiplies their rows.

use serde_json::json;

use crate::failure::Outcome;
use crate::http;
use crate::machine::since_1970;
use crate::server::{ADMINISTRATOR, Bundle, CLIENT, Launch, Server};
use crate::settings::Size;
use crate::store::Database;

const STATEMENTS: &str = include_str!("seed.sql");

/// Clients that sessions are spread over: `client-1`, `client-2` and so on.
pub(crate) const CLIENTS: u32 = 10;
/// Sessions of `person-0`. All others have the same number.
const SESSIONS_OF_ONE: u32 = 1000;
/// An argon2 hash in the form it is imported in. It protects nothing.
pub(crate) const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcy4uLg\
                               $NSPBEwpYKRLMgZSeGlrRPvO8EMOFYEBPBFOxVwnHk9g";

/// Makes a store anew, with users `person-0` to `person-{users}`.
pub(crate) fn seed(launch: &Launch<'_>, size: Size) -> Outcome<()> {
    let store = launch.store;
    store.clear()?;
    let launch = Launch {
        bundle: Bundle::Administration,
        ..*launch
    };
    let server = Server::start(&launch)?;
    let template = json!({
        "resourceType": "User",
        "id": "template",
        "userName": "template",
        "email": "template@example.com",
        "name": { "givenName": "template Given", "familyName": "modulo Family" },
        "displayName": "template Given modulo Family",
        "phoneNumber": "+1 555 0100",
        "roles": [{ "value": "reader" }],
        "password": HASH,
    });
    http::post_json(&server.url("/User"), ADMINISTRATOR, &template.to_string())?;
    http::post(&server.url("/auth/token"), CLIENT, &launch.password_grant())?;
    server.settle()?;
    server.stop()?;
    let (hash, json, after) = match store.database {
        // Nothing analyses a SQLite file that grantor serves.
        Database::Sqlite(_) => ("randomblob(32)", "text", ""),
        // Autovacuum would have done this by and by.
        Database::Postgres(..) => (
            "sha256(convert_to(random()::text || n, 'UTF8'))",
            "json",
            "VACUUM (ANALYZE);\n",
        ),
    };
    let values = [
        ("{hash}", hash.to_owned()),
        ("{json}", json.to_owned()),
        ("{users}", size.users.to_string()),
        ("{sessions}", size.sessions.to_string()),
        ("{clients}", CLIENTS.to_string()),
        ("{sessions of one}", SESSIONS_OF_ONE.to_string()),
        ("{now}", since_1970().as_micros().to_string()),
    ];
    let statements = values
        .into_iter()
        .fold(STATEMENTS.to_owned(), |statements, (name, value)| {
            statements.replace(name, &value)
        });
    store.run_sql(&format!("{statements}{after}"))
}
