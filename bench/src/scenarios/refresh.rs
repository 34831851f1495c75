//! Refreshing: every connection has a session of its own, and each answer gives it the token for its next request.

use serde_json::Value;

use crate::ceiling::{Cost, Table, Yardstick};
use crate::failure::{Context as _, Outcome};
use crate::http;
use crate::load::{Chain, Load};
use crate::server::{CLIENT, Server};
use crate::store::{Database, Store};

use super::measure::{Subject, Wanted};
use super::{Bench, TOKEN};

impl Bench<'_> {
    /// Refreshes with rotation, beside commits of one row.
    pub(super) fn refresh(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::SMALLEST);
        let grant = launch.password_grant();
        let server = Server::start(&launch)?;
        let url = server.url(TOKEN);
        let sessions = |number| sessions(&server, &grant, number);
        let inserts = self.yardstick(|| Table::make(store).map(Yardstick::Inserts))?;
        let subject = Subject {
            name: "refresh with rotation",
            load: refreshing(&url, &sessions),
            yardstick: inserts.as_ref(),
            wanted: &|connections| wanted(store, connections),
        };
        self.measure_each(store, &server, &subject)?;
        server.stop()
    }
}

/// Refreshes, beginning with the refresh tokens that are made for the load.
pub(super) const fn refreshing<'a>(
    url: &'a str,
    sessions: &'a dyn Fn(u32) -> Outcome<Vec<String>>,
) -> Load<'a> {
    let load = Load::post(url, CLIENT, "grant_type=refresh_token");
    Load {
        chain: Chain::Refresh(sessions),
        ..load
    }
}

/// Opens so many sessions; answers their refresh tokens.
pub(super) fn sessions(server: &Server, password_grant: &str, number: u32) -> Outcome<Vec<String>> {
    let url = server.url(TOKEN);
    let open = |_| {
        let tokens = http::post(&url, CLIENT, password_grant)?;
        let token = tokens.get("refresh_token").and_then(Value::as_str);
        let token = token.context("the token response has no refresh_token")?;
        Ok(token.to_owned())
    };
    (0..number).map(open).collect()
}

const fn wanted(store: &Store, connections: u32) -> Wanted {
    let ratio = match (&store.database, connections) {
        (Database::Postgres(..), 16) => ">= 0.6",
        _ => "",
    };
    Wanted {
        ratio,
        cpu: "<= 0.25",
    }
}
