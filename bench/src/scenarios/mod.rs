//! What is measured: one file a question.

mod flood;
mod introspection;
mod password;
mod start;

use std::path::Path;

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::load::{Answers, Load, Loader};
use crate::report::{Figure, Row};
use crate::server::{Launch, Server, Store};
use crate::settings::Settings;

/// Connections of a load.
const CONNECTIONS: [u32; 3] = [1, 16, 64];

/// What every scenario needs.
pub(crate) struct Bench<'a> {
    pub(crate) settings: &'a Settings,
    /// For everything that is written.
    pub(crate) folder: &'a Path,
    pub(crate) loader: Loader,
    /// Threads the server hashes on.
    pub(crate) hash_threads: usize,
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
}

/// A load, and what it cost the server.
struct Measured {
    answers: Answers,
    /// The server's CPU time by request.
    cpu_milliseconds: f64,
}

impl Bench<'_> {
    /// Measures everything on one store.
    pub(crate) fn run(&mut self, store: &Store) -> Outcome<()> {
        self.start(store)?;
        self.password(store)?;
        self.password_beyond_its_hash(store)?;
        self.introspection(store)?;
        self.flood(store)
    }

    fn launch<'b>(&'b self, store: &'b Store, cost: Cost) -> Launch<'b> {
        Launch {
            binary: &self.settings.binary,
            folder: self.folder,
            store,
            cost,
            hash_threads: self.hash_threads,
            with_bundle: true,
        }
    }

    /// Warms the server up, lets it rest, then measures.
    fn measure(&self, server: &Server, load: &Load<'_>) -> Outcome<Measured> {
        self.loader.run(load, self.settings.pace.warm_up)?;
        server.settle()?;
        self.measure_warm(server, load)
    }

    fn measure_warm(&self, server: &Server, load: &Load<'_>) -> Outcome<Measured> {
        let before = server.cpu_time()?;
        let answers = self.loader.run(load, self.settings.pace.load)?;
        let cpu = server.cpu_time()?.saturating_sub(before);
        server.settle()?;
        let cpu_milliseconds = answers.share(cpu);
        Ok(Measured {
            answers,
            cpu_milliseconds,
        })
    }
}

impl Measured {
    fn row(&self, scenario: &'static str, store: &Store, connections: u32) -> Row {
        Row {
            cpu_milliseconds_per_request: Some(self.cpu_milliseconds),
            ..row(&self.answers, scenario, store, connections)
        }
    }
}

/// What the answers alone say.
fn row(answers: &Answers, scenario: &'static str, store: &Store, connections: u32) -> Row {
    Row {
        scenario,
        store: store.name,
        connections,
        requests_per_second: answers.good_per_second(),
        p50_milliseconds: answers.p50_milliseconds(),
        p99_milliseconds: answers.p99_milliseconds(),
        cpu_milliseconds_per_request: None,
        raw_hashes_per_second: None,
        ratio: None,
        refused: answers.refused,
        broken: answers.broken,
    }
}
