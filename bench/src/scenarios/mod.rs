//! What is measured: one file a question.

mod flood;
mod import;
mod introspection;
mod password;
mod resources;
mod start;

use std::path::Path;
use std::time::Duration;

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::load::{Answers, Load, Loader};
use crate::report::{Figure, Row};
use crate::server::{Bundle, Launch, Server, Store};
use crate::settings::Settings;

/// Connections of a load.
const CONNECTIONS: [u32; 3] = [1, 16, 64];

/// One question.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenario {
    Start,
    Password,
    Introspection,
    Flood,
    Resources,
    Import,
}

impl Scenario {
    /// Every scenario, in the order they are measured.
    pub(crate) const ALL: [Self; 6] = [
        Self::Start,
        Self::Password,
        Self::Introspection,
        Self::Flood,
        Self::Resources,
        Self::Import,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Password => "password",
            Self::Introspection => "introspection",
            Self::Flood => "flood",
            Self::Resources => "resources",
            Self::Import => "import",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|scenario| scenario.name() == name)
    }
}

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
    /// Measures what is wanted on one store.
    pub(crate) fn run(&mut self, store: &Store) -> Outcome<()> {
        for scenario in &self.settings.scenarios {
            match scenario {
                Scenario::Start => self.start(store)?,
                Scenario::Password => {
                    self.password(store)?;
                    self.password_beyond_its_hash(store)?;
                }
                Scenario::Introspection => self.introspection(store)?,
                Scenario::Flood => self.flood(store)?,
                Scenario::Resources => self.resources(store)?,
                Scenario::Import => self.import(store)?,
            }
        }
        Ok(())
    }

    fn launch<'b>(&'b self, store: &'b Store, cost: Cost) -> Launch<'b> {
        Launch {
            binary: &self.settings.binary,
            folder: self.folder,
            store,
            cost,
            hash_threads: self.hash_threads,
            bundle: Bundle::Login,
        }
    }

    /// Warms the server up, lets it rest, then measures.
    fn measure(&self, server: &Server, load: &Load<'_>) -> Outcome<Measured> {
        self.loader.run(load, self.settings.pace.warm_up)?;
        server.settle()?;
        self.measure_warm(server, load, self.settings.pace.load)
    }

    fn measure_warm(
        &self,
        server: &Server,
        load: &Load<'_>,
        duration: Duration,
    ) -> Outcome<Measured> {
        let before = server.cpu_time()?;
        let answers = self.loader.run(load, duration)?;
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
    fn is_quicker_than(&self, other: &Self) -> bool {
        self.answers.p50_milliseconds() < other.answers.p50_milliseconds()
    }

    fn row(&self, scenario: &str, store: &Store, connections: u32) -> Row {
        Row {
            cpu_milliseconds_per_request: Some(self.cpu_milliseconds),
            ..row(&self.answers, scenario, store, connections)
        }
    }
}

/// What the answers alone say.
fn row(answers: &Answers, scenario: &str, store: &Store, connections: u32) -> Row {
    Row {
        scenario: scenario.to_owned(),
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
