//! The server under load: the release program, over a store, with clients and a user in it.

mod launch;

use std::fs;
use std::net::SocketAddr;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::failure::{Context as _, Failure, Outcome};
use crate::http::{self, free_address};
use crate::process::{self, Memory, wait_until};

pub(crate) use launch::{ADMINISTRATOR, Bundle, CLIENT, Clearing, JWT_CLIENT, Launch, Signing};

/// How long the server may take to be ready, or to end.
const LIMIT: Duration = Duration::from_secs(30);
/// How often a start is looked at: the exactness of the time to ready.
const LOOK: Duration = Duration::from_millis(1);
/// A server is idle when it takes no CPU time for so long.
const IDLE: Duration = Duration::from_millis(300);

/// How many sessions were cleared away, in the metrics.
const CLEARED: &str = "grantor_janitor_deleted_total{table=\"sessions\"}";

/// A server that runs. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    ops_address: SocketAddr,
    /// From the start of the process until `/health/ready` said yes.
    pub(crate) time_to_ready: Duration,
}

impl Server {
    /// Starts a server and waits until it is ready.
    pub(crate) fn start(launch: &Launch<'_>) -> Outcome<Self> {
        let (address, ops_address) = (free_address()?, free_address()?);
        let log = launch.folder.join("server.log");
        let started = Instant::now();
        let child = launch
            .command(address, ops_address)?
            .spawn()
            .context(format_args!("cannot start {}", launch.binary.display()))?;
        let mut server = Self {
            child,
            address,
            ops_address,
            time_to_ready: Duration::ZERO,
        };
        let is_up = wait_until(LIMIT, LOOK, || {
            http::is_ready(ops_address) || server.has_ended()
        });
        if !is_up || server.has_ended() {
            let log = fs::read_to_string(&log).unwrap_or_default();
            return Err(Failure::new(format!(
                "the server does not become ready:\n{log}"
            )));
        }
        server.time_to_ready = started.elapsed();
        Ok(server)
    }

    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many sessions it has cleared away since it started.
    pub(crate) fn cleared_sessions(&self) -> Outcome<f64> {
        let metrics = http::text(&format!("http://{}/metrics", self.ops_address))?;
        let line = metrics.lines().find_map(|line| line.strip_prefix(CLEARED));
        // Until the first one there is no such line.
        line.map_or(Ok(0.0), |number| {
            number.trim().parse().context("a counter is no number")
        })
    }

    /// CPU time it has taken so far.
    pub(crate) fn cpu_time(&self) -> Outcome<Duration> {
        process::cpu_time(&self.child.id().to_string())
    }

    /// Forgets how much memory it has had at most, so that [`Memory::peak`] counts from now.
    pub(crate) fn forget_peak(&self) -> Outcome<()> {
        process::forget_peak(self.child.id())
    }

    /// Its memory in RAM.
    pub(crate) fn memory(&self) -> Outcome<Memory> {
        process::memory(self.child.id())
    }

    /// Waits until it has answered what it was asked, and its CPU time stands still.
    pub(crate) fn settle(&self) -> Outcome<()> {
        // No reading equals the first one: logins may still wait in its queue.
        let mut last = Duration::MAX;
        let settled = wait_until(LIMIT, IDLE, || {
            let now = self.cpu_time().unwrap_or_default();
            std::mem::replace(&mut last, now) == now
        });
        if settled {
            Ok(())
        } else {
            Err(Failure::new("the server does not come to rest"))
        }
    }

    /// Ends it as an operator would.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        let id = self.child.id().to_string();
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .context("cannot run kill")?;
        if wait_until(LIMIT, LOOK, || self.has_ended()) {
            Ok(())
        } else {
            Err(Failure::new("the server does not end after SIGTERM"))
        }
    }

    fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _it_may_have_ended = self.child.kill();
        let _nothing_to_learn = self.child.wait();
    }
}
