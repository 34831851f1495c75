//! Password grants: how near they come to their hashes alone, and what they cost beyond them.

use crate::ceiling::{Cost, Rate, Table, Yardstick};
use crate::failure::Outcome;
use crate::http;
use crate::load::Load;
use crate::report::Figure;
use crate::server::{CLIENT, Server};
use crate::store::{Database, Store};

use super::measure::{Measured, Subject, Wanted};
use super::{Bench, CONNECTIONS, TOKEN};

impl Bench<'_> {
    /// Grants at the default cost, each load between two measurements of the ceiling.
    pub(super) fn password(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::DEFAULT);
        let form = launch.password_grant();
        let server = Server::start(&launch)?;
        let url = server.url(TOKEN);
        http::post(&url, CLIENT, &form)?;
        let hashes = self.yardstick(|| Ok(Yardstick::Hashes(Cost::DEFAULT)))?;
        for connections in CONNECTIONS {
            let load = Load::post(&url, CLIENT, &form).by(connections);
            let (measured, ceiling) = self.measure_beside(&server, &load, hashes.as_ref())?;
            let row = measured.row("password grant", store, connections);
            let row = row.beside(ceiling.map(|(what, rate)| (what, rate.per_second)));
            if let (Some((_, hash)), Some(ceiling)) = (ceiling, &row.ceiling) {
                let name = format!("password grant: by raw hashes, {connections} connections");
                let ratio = Figure::new(name, store.name, ceiling.ratio, "");
                self.figures.push(ratio.wanted(">= 0.95"));
                self.compare_with_hash(store, connections, (&measured, hash));
            }
            self.rows.push(row);
        }
        server.stop()
    }

    fn compare_with_hash(
        &mut self,
        store: &Store,
        connections: u32,
        (grant, hash): (&Measured, Rate),
    ) {
        let beyond = grant.cpu_milliseconds - hash.cpu_milliseconds;
        let share = hash.cpu_milliseconds / grant.cpu_milliseconds;
        let figure = |name, value, unit| {
            let name = format!("{name}, {connections} connections");
            Figure::new(name, store.name, value, unit)
        };
        self.figures.extend([
            figure("password grant: beyond its hash", beyond, "ms CPU"),
            figure("password grant: share of the hash in CPU time", share, ""),
        ]);
    }

    /// Grants at the smallest cost Argon2 has: what remains is the server's own work, and a commit.
    pub(super) fn password_beyond_its_hash(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::SMALLEST);
        let form = launch.password_grant();
        let server = Server::start(&launch)?;
        let url = server.url(TOKEN);
        http::post(&url, CLIENT, &form)?;
        let inserts = self.yardstick(|| Table::make(store).map(Yardstick::Inserts))?;
        let subject = Subject {
            name: "password, smallest hash",
            load: Load::post(&url, CLIENT, &form),
            yardstick: inserts.as_ref(),
            wanted: &|connections| wanted_beyond_hash(store, connections),
        };
        self.measure_each(store, &server, &subject)?;
        server.stop()
    }
}

const fn wanted_beyond_hash(store: &Store, connections: u32) -> Wanted {
    let ratio = match (&store.database, connections) {
        (Database::Postgres(..), 64) => ">= 2",
        (Database::Postgres(..), _) => ">= 0.7",
        (Database::Sqlite(_), _) => "",
    };
    Wanted {
        ratio,
        cpu: "<= 0.5",
    }
}
