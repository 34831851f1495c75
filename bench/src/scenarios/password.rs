//! Password grants: how near they come to their hashes alone, and what they cost beyond them.

use std::time::Duration;

use crate::ceiling::{self, Ceiling, Cost};
use crate::failure::Outcome;
use crate::http;
use crate::load::Load;
use crate::report::{Figure, Row};
use crate::server::{CLIENT, Server, Store};

use super::{Bench, CONNECTIONS};

const PATH: &str = "/auth/token";

impl Bench<'_> {
    /// Grants at the default cost, each load between two measurements of the ceiling.
    ///
    /// One connection keeps one thread busy, so its ceiling is one thread's.
    pub(super) fn password(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::DEFAULT);
        let form = launch.password_grant();
        let server = Server::start(&launch)?;
        let url = server.url(PATH);
        http::post(&url, CLIENT, &form)?;
        for connections in CONNECTIONS {
            let load = Load {
                url: &url,
                numbers: 0,
                authorization: CLIENT,
                form: &form,
                connections,
                pause: Duration::ZERO,
            };
            let threads = self.hash_threads.min(connections as usize);
            self.loader.run(&load, self.settings.pace.warm_up)?;
            server.settle()?;
            let before = ceiling::measure(Cost::DEFAULT, threads, self.settings.pace.ceiling)?;
            let measured = self.measure_warm(&server, &load, self.settings.pace.load)?;
            let after = ceiling::measure(Cost::DEFAULT, threads, self.settings.pace.ceiling)?;
            let ceiling = Ceiling::mean(before, after);
            let row = measured.row("password grant", store, connections);
            let ratio = row.requests_per_second / ceiling.hashes_per_second;
            let beyond = measured.cpu_milliseconds - ceiling.cpu_milliseconds;
            self.rows.push(Row {
                raw_hashes_per_second: Some(ceiling.hashes_per_second),
                ratio: Some(ratio),
                ..row
            });
            let share = ceiling.cpu_milliseconds / measured.cpu_milliseconds;
            let figure = |name, value, unit| {
                let name = format!("{name}, {connections} connections");
                Figure::new(name, store.name, value, unit)
            };
            self.figures.extend([
                figure("password grant beyond its hash", beyond, "ms CPU").wanted("<= 0.5"),
                figure("share of the hash in a grant's CPU time", share, ""),
            ]);
        }
        let memory = server.memory()?.resident;
        let name = format!(
            "memory after the grants, {} hash threads",
            self.hash_threads
        );
        self.figures
            .push(Figure::new(name, store.name, memory, "MiB"));
        server.stop()
    }

    /// Grants at the smallest cost Argon2 has: nearly all of their CPU time is the server's own work.
    pub(super) fn password_beyond_its_hash(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::SMALLEST);
        let form = launch.password_grant();
        let server = Server::start(&launch)?;
        let url = server.url(PATH);
        http::post(&url, CLIENT, &form)?;
        let ceiling = ceiling::measure(Cost::SMALLEST, 1, self.settings.pace.ceiling)?;
        for connections in CONNECTIONS {
            let load = Load {
                url: &url,
                numbers: 0,
                authorization: CLIENT,
                form: &form,
                connections,
                pause: Duration::ZERO,
            };
            let measured = self.measure(&server, &load)?;
            self.rows
                .push(measured.row("password, smallest hash", store, connections));
            let beyond = measured.cpu_milliseconds - ceiling.cpu_milliseconds;
            let name =
                format!("password grant beyond its smallest hash, {connections} connections");
            self.figures
                .push(Figure::new(name, store.name, beyond, "ms CPU").wanted("<= 0.5"));
        }
        server.stop()
    }
}
