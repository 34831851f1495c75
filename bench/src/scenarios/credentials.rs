//! Client credentials: a session is made durable, and a token of it answered.

use crate::ceiling::{Cost, Table, Yardstick};
use crate::failure::Outcome;
use crate::load::Load;
use crate::server::{CLIENT, JWT_CLIENT, Server, Signing};
use crate::store::{Database, Store};

use super::measure::{Subject, Wanted};
use super::{Bench, TOKEN};

pub(super) const FORM: &str = "grant_type=client_credentials";

impl Bench<'_> {
    /// Opaque tokens and JWTs signed with ES256, beside commits of one row.
    pub(super) fn credentials(&mut self, store: &Store) -> Outcome<()> {
        let server = Server::start(&self.launch(store, Cost::DEFAULT))?;
        let url = server.url(TOKEN);
        let inserts = self.yardstick(|| Table::make(store).map(Yardstick::Inserts))?;
        for (name, client) in [
            ("client credentials, opaque", CLIENT),
            ("client credentials, JWT ES256", JWT_CLIENT),
        ] {
            let subject = Subject {
                name,
                load: Load::post(&url, client, FORM),
                yardstick: inserts.as_ref(),
                wanted: &|connections| wanted(store, connections),
            };
            self.measure_each(store, &server, &subject)?;
        }
        server.stop()
    }

    /// JWTs signed with RS256, beside these signatures. In a store of their own: it keeps the keys it began with.
    pub(super) fn credentials_signed_with_rsa(&mut self, store: &Store) -> Outcome<()> {
        let own = store.apart("rs256");
        own.clear()?;
        let mut launch = self.launch(&own, Cost::DEFAULT);
        launch.signing = Signing::Rs256;
        let server = Server::start(&launch)?;
        let url = server.url(TOKEN);
        let signatures = self.yardstick(|| Ok(Yardstick::Signatures(Signing::Rs256)))?;
        let subject = Subject {
            name: "client credentials, JWT RS256",
            load: Load::post(&url, JWT_CLIENT, FORM),
            yardstick: signatures.as_ref(),
            wanted: &|_| Wanted {
                ratio: ">= 0.85",
                ..Wanted::default()
            },
        };
        self.measure_each(store, &server, &subject)?;
        server.stop()?;
        own.clear()
    }
}

/// Commits in groups make the difference with many connections, and on SQLite.
const fn wanted(store: &Store, connections: u32) -> Wanted {
    let (ratio, cpu) = match (&store.database, connections) {
        (Database::Postgres(..), 16) => (">= 0.8", "<= 0.12"),
        (Database::Postgres(..), 64) => (">= 2.5", "<= 0.12"),
        (Database::Postgres(..), _) => ("", "<= 0.12"),
        (Database::Sqlite(_), 64) => (">= 8", ""),
        (Database::Sqlite(_), _) => ("", ""),
    };
    Wanted { ratio, cpu }
}
