//! What the program weighs, how soon it is ready, and what it takes while nobody asks.

use std::time::Duration;

use crate::ceiling::Cost;
use crate::failure::{Context as _, Outcome};
use crate::process::Memory;
use crate::report::Figure;
use crate::server::{Bundle, Server, Store};

use super::Bench;

impl Bench<'_> {
    /// Starts on a migrated store that has its keys, its client and its user.
    pub(super) fn start(&mut self, store: &Store) -> Outcome<()> {
        self.binary()?;
        let mut launch = self.launch(store, Cost::DEFAULT);
        Server::start(&launch)?.stop()?;
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
        let figure = |name, value, unit| Figure::new(name, store.name, value, unit);
        self.figures.extend([
            figure("start to ready, median", milliseconds(median), "ms").wanted("<= 100"),
            figure("start to ready, slowest", milliseconds(slowest), "ms").wanted("<= 100"),
            figure(
                "idle memory (VmRSS), before the first request",
                memory.resident,
                "MiB",
            )
            .wanted("<= 25"),
            figure(
                "idle memory without the program's file (RssAnon)",
                memory.anonymous,
                "MiB",
            ),
        ]);
        Ok(())
    }

    /// The size of the program's file.
    fn binary(&mut self) -> Outcome<()> {
        let name = "stripped program";
        if self.figures.iter().any(|figure| figure.name == name) {
            return Ok(());
        }
        let file =
            std::fs::metadata(&self.settings.binary).context("cannot look at the program")?;
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
