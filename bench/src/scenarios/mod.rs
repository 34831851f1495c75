//! What is measured: one file a question.

mod ceilings;
mod clearing;
mod credentials;
mod flood;
mod full;
mod import;
mod in_turn;
mod introspection;
mod measure;
mod memory;
mod metadata;
mod mixed;
mod password;
mod refresh;
mod resources;
mod revoke;
mod start;
mod wrong;

use std::path::Path;

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::load::Loader;
use crate::machine;
use crate::report::{Figure, Row};
use crate::seed;
use crate::server::{Bundle, Clearing, Launch, Signing};
use crate::settings::Settings;
use crate::store::Store;

/// Connections of a load.
const CONNECTIONS: [u32; 3] = [1, 16, 64];

/// Where tokens are asked for.
const TOKEN: &str = "/auth/token";

/// One question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scenario {
    Ceilings,
    Start,
    Memory,
    Password,
    Wrong,
    Credentials,
    Refresh,
    Introspection,
    Revoke,
    Metadata,
    Mixed,
    Flood,
    Resources,
    Full,
    Clearing,
    Import,
}

impl Scenario {
    /// Every scenario, in the order they are measured.
    pub(crate) const ALL: [Self; 16] = [
        Self::Ceilings,
        Self::Start,
        Self::Memory,
        Self::Password,
        Self::Wrong,
        Self::Credentials,
        Self::Refresh,
        Self::Introspection,
        Self::Revoke,
        Self::Metadata,
        Self::Mixed,
        Self::Flood,
        Self::Resources,
        Self::Full,
        Self::Clearing,
        Self::Import,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Ceilings => "ceilings",
            Self::Start => "start",
            Self::Memory => "memory",
            Self::Password => "password",
            Self::Wrong => "wrong",
            Self::Credentials => "credentials",
            Self::Refresh => "refresh",
            Self::Introspection => "introspection",
            Self::Revoke => "revoke",
            Self::Metadata => "metadata",
            Self::Mixed => "mixed",
            Self::Flood => "flood",
            Self::Resources => "resources",
            Self::Full => "full",
            Self::Clearing => "clearing",
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
    /// The program to drive.
    pub(crate) binary: &'a Path,
    /// For everything that is written.
    pub(crate) folder: &'a Path,
    pub(crate) loader: &'a Loader,
    /// Cores of the server: it hashes on as many threads.
    pub(crate) cores: usize,
    /// Whether to measure what the machine could reach.
    pub(crate) with_ceilings: bool,
    /// Whether the full store of the database at hand has been made.
    pub(crate) has_full_store: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
}

impl<'a> Bench<'a> {
    /// One that has measured nothing.
    pub(crate) fn new(
        settings: &'a Settings,
        (binary, folder): (&'a Path, &'a Path),
        loader: &'a Loader,
    ) -> Self {
        Self {
            settings,
            binary,
            folder,
            loader,
            cores: machine::cores(),
            with_ceilings: true,
            has_full_store: false,
            rows: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// Measures what is wanted on one store.
    pub(crate) fn run(&mut self, store: &Store) -> Outcome<()> {
        for scenario in &self.settings.scenarios {
            match scenario {
                Scenario::Ceilings => self.ceilings(store)?,
                Scenario::Start => self.start(store)?,
                Scenario::Memory => self.memory(store)?,
                Scenario::Password => {
                    self.password(store)?;
                    self.password_beyond_its_hash(store)?;
                }
                Scenario::Wrong => self.wrong(store)?,
                Scenario::Credentials => {
                    self.credentials(store)?;
                    self.credentials_signed_with_rsa(store)?;
                }
                Scenario::Refresh => self.refresh(store)?,
                Scenario::Introspection => self.introspection(store)?,
                Scenario::Revoke => self.revoke(store)?,
                Scenario::Metadata => self.metadata(store)?,
                Scenario::Mixed => self.mixed(store)?,
                Scenario::Flood => self.flood(store)?,
                Scenario::Resources => self.resources(store)?,
                Scenario::Full => self.full(store)?,
                Scenario::Clearing => self.clearing(store)?,
                Scenario::Import => self.import(store)?,
            }
        }
        if self.has_full_store {
            store.apart("full").clear()?;
            self.has_full_store = false;
        }
        Ok(())
    }

    fn launch<'b>(&'b self, store: &'b Store, cost: Cost) -> Launch<'b> {
        Launch {
            binary: self.binary,
            folder: self.folder,
            store,
            cost,
            signing: Signing::Es256,
            hash_threads: self.cores,
            bundle: Bundle::Login,
            clearing: Clearing::AfterRetention,
        }
    }

    /// A store that is full, made once for all scenarios.
    fn full_store(&mut self, store: &Store) -> Outcome<Store> {
        let full = store.apart("full");
        if !self.has_full_store {
            seed::seed(&self.launch(&full, Cost::DEFAULT), self.settings.pace.full)?;
            self.has_full_store = true;
        }
        Ok(full)
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn every_scenario_is_found_by_its_name() {
        let by_name = Scenario::ALL.map(|scenario| Scenario::parse(scenario.name()));
        assert!(by_name == Scenario::ALL.map(Some));
    }
}
