//! Introspection of access tokens by the client that has them.

use serde_json::Value;

use crate::ceiling::{Cost, Table, Yardstick};
use crate::failure::{Context as _, Failure, Outcome};
use crate::http;
use crate::load::{Chain, Load};
use crate::server::{CLIENT, JWT_CLIENT, Server};
use crate::store::{Database, Store};

use super::measure::{Subject, Wanted};
use super::{Bench, TOKEN};

pub(super) const PATH: &str = "/auth/introspect";
/// A form that names each of some tokens in turn.
const FORM: &str = "token={token}";

/// Tokens that are asked about in turn.
const TOKENS: usize = 256;

impl Bench<'_> {
    /// Opaque tokens and JWTs, beside reads by primary key.
    pub(super) fn introspection(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::SMALLEST);
        let grant = launch.password_grant();
        let server = Server::start(&launch)?;
        let url = server.url(PATH);
        let reads = self.yardstick(|| Table::make(store).map(Yardstick::Reads))?;
        for (name, client) in [
            ("introspection, opaque", CLIENT),
            ("introspection, JWT", JWT_CLIENT),
        ] {
            let tokens = active_tokens(&server, client, &grant)?;
            let subject = Subject {
                name,
                load: asking(&url, client, &tokens),
                yardstick: reads.as_ref(),
                wanted: &|_| wanted(store, client),
            };
            self.measure_each(store, &server, &subject)?;
        }
        server.stop()
    }
}

/// Asks about tokens in turn.
pub(super) const fn asking<'a>(url: &'a str, client: &'a str, tokens: &'a [String]) -> Load<'a> {
    let load = Load::post(url, client, FORM);
    Load {
        chain: Chain::Tokens(tokens),
        ..load
    }
}

/// Opens sessions; answers their access tokens, all of which the server has said to be active.
pub(super) fn active_tokens(
    server: &Server,
    client: &str,
    password_grant: &str,
) -> Outcome<Vec<String>> {
    let one = |_| active_token(server, client, password_grant);
    (0..TOKENS).map(one).collect()
}

/// Gets an access token, and looks whether the server says that it is active.
pub(super) fn active_token(server: &Server, client: &str, password_grant: &str) -> Outcome<String> {
    let tokens = http::post(&server.url(TOKEN), client, password_grant)?;
    let token = tokens.get("access_token").and_then(Value::as_str);
    let token = token.context("the token response has no access_token")?;
    let form = FORM.replace("{token}", token);
    let introspection = http::post(&server.url(PATH), client, &form)?;
    if introspection.get("active") == Some(&Value::Bool(true)) {
        Ok(token.to_owned())
    } else {
        Err(Failure::new(format!(
            "the token is not active: {introspection}"
        )))
    }
}

fn wanted(store: &Store, client: &str) -> Wanted {
    let (ratio, cpu) = match (&store.database, client) {
        (_, JWT_CLIENT) => (">= 0.8", "<= 0.2"),
        (Database::Postgres(..), _) => (">= 0.75", "<= 0.15"),
        (Database::Sqlite(_), _) => (">= 0.75", "<= 0.06"),
    };
    Wanted { ratio, cpu }
}
