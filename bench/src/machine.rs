//! The conditions: figures mean nothing without them.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::failure::{Context as _, Outcome};

/// Writes to learn what a flush costs.
const FLUSHES: usize = 200;

/// What the figures were measured on.
#[derive(Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    kernel: String,
    /// Median of appending 4 KiB and flushing them to the disk that holds the SQLite file.
    flush_milliseconds: f64,
    /// Load average of the last minute, before the bench began.
    load_before: String,
}

impl Machine {
    pub(crate) fn look(folder: &Path) -> Outcome<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = processors
            .lines()
            .find_map(|line| line.strip_prefix("model name"));
        let first_word = |path: &str| {
            let text = fs::read_to_string(path).unwrap_or_default();
            text.split_whitespace()
                .next()
                .unwrap_or("unknown")
                .to_owned()
        };
        Ok(Self {
            processor: processor
                .map_or("unknown", |name| name.trim_start_matches([' ', '\t', ':']))
                .to_owned(),
            cores: cores(),
            kernel: first_word("/proc/sys/kernel/osrelease"),
            flush_milliseconds: flush(folder)?.as_secs_f64() * 1000.0,
            load_before: first_word("/proc/loadavg"),
        })
    }

    pub(crate) fn sentence(&self) -> String {
        format!(
            "{} cores of {}, Linux {}; one flush of 4 KiB takes {:.2} ms; load before: {}",
            self.cores, self.processor, self.kernel, self.flush_milliseconds, self.load_before
        )
    }
}

/// Cores this process may use: as many as the server hashes on.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn flush(folder: &Path) -> Outcome<Duration> {
    let path = folder.join("flush");
    let mut file = File::create(&path).context(format_args!("cannot write {}", path.display()))?;
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        let started = Instant::now();
        file.write_all(&[0; 4096])
            .and_then(|()| file.sync_data())
            .context("cannot flush")?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(FLUSHES / 2).copied().unwrap_or_default())
}

/// The time since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "files of figures are told apart by when they were measured, and seeded sessions must have ended \
              recently enough to be kept"
)]
pub(crate) fn since_1970() -> Duration {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default()
}
