//! What the machine knows of this process.

use procfs::process::{LimitValue, Process};
use procfs::{ProcResult, boot_time_secs, page_size, ticks_per_second};

/// Reads it, under the names that every program uses.
pub(super) fn read() -> ProcResult<()> {
    let this = Process::myself()?;
    let stat = this.stat()?;
    let ticks = ticks_per_second().max(1);
    metrics::counter!("process_cpu_seconds_total").absolute((stat.utime + stat.stime) / ticks);
    gauge(
        "process_start_time_seconds",
        boot_time_secs()? + stat.starttime / ticks,
    );
    gauge("process_resident_memory_bytes", stat.rss * page_size());
    gauge("process_virtual_memory_bytes", stat.vsize);
    gauge("process_threads", stat.num_threads.unsigned_abs());
    gauge(
        "process_open_fds",
        u64::try_from(this.fd_count()?).unwrap_or(u64::MAX),
    );
    if let LimitValue::Value(limit) = this.limits()?.max_open_files.soft_limit {
        gauge("process_max_fds", limit);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
fn gauge(name: &'static str, value: u64) {
    metrics::gauge!(name).set(value as f64);
}
