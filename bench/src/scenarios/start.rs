//! What the program weighs, how soon it is ready, and what it takes while nobody asks.

use std::time::Duration;

use crate::ceiling::Cost;
use crate::failure::{Context as _, Outcome};
use crate::process::Memory;
use crate::report::Figure;
use crate::server::{Bundle, Launch, Server};
use crate::store::Store;

use super::Bench;

/// Starts one after another, without a bundle.
pub(super) struct Starts {
    /// From the start of the process until it was ready, in milliseconds.
    pub(super) median: f64,
    /// The longest of these.
    pub(super) slowest: f64,
    /// Memory of one that nobody asked anything.
    pub(super) memory: Memory,
}

impl Bench<'_> {
    /// Starts on a migrated store that has its keys, its clients and its user.
    pub(super) fn start(&mut self, store: &Store) -> Outcome<()> {
        self.program()?;
        let launch = self.launch(store, Cost::DEFAULT);
        Server::start(&launch)?.stop()?;
        let starts = self.starts(launch)?;
        let figure = |name, value, unit| Figure::new(name, store.name, value, unit);
        self.figures.extend([
            figure("start to ready, median", starts.median, "ms").wanted("<= 50"),
            figure("start to ready, slowest", starts.slowest, "ms"),
            figure(
                "idle memory (VmRSS), before the first request",
                starts.memory.resident,
                "MiB",
            )
            .wanted("<= 20"),
            figure(
                "idle memory without the program's file (RssAnon)",
                starts.memory.anonymous,
                "MiB",
            ),
        ]);
        Ok(())
    }

    /// Starts a server again and again.
    pub(super) fn starts(&self, mut launch: Launch<'_>) -> Outcome<Starts> {
        launch.bundle = Bundle::None;
        let mut times = Vec::new();
        let mut memory = Memory::default();
        for _ in 0..self.settings.pace.starts {
            let server = Server::start(&launch)?;
            times.push(server.time_to_ready);
            server.settle()?;
            memory = server.memory()?;
            server.stop()?;
        }
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let slowest = times.last().copied().unwrap_or_default();
        Ok(Starts {
            median: milliseconds(median),
            slowest: milliseconds(slowest),
            memory,
        })
    }

    /// The size of the program's file.
    fn program(&mut self) -> Outcome<()> {
        let name = "stripped program";
        if self.figures.iter().any(|figure| figure.name == name) {
            return Ok(());
        }
        let file = std::fs::metadata(self.binary).context("cannot look at the program")?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "a program is far smaller than 2^52 bytes"
        )]
        let size = file.len() as f64 / f64::from(1 << 20);
        self.figures
            .push(Figure::new(name, "-", size, "MiB").wanted("<= 25"));
        Ok(())
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
