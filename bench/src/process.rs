//! What Linux knows of a process.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::failure::{Context as _, Outcome};

/// CPU time of all threads of a process so far, from `/proc/<process>/stat`, in steps of a clock tick.
pub(crate) fn cpu_time(process: &str) -> Outcome<Duration> {
    let path = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&path).context(format_args!("cannot read {path}"))?;
    let ticks = user_and_system_ticks(&text).context(format_args!("{path} is not as expected"))?;
    Ok(Duration::from_secs(ticks) / ticks_per_second()?)
}

/// Memory of a process that is in RAM, in MiB.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    /// All of it (`VmRSS`), pages of the program's file included.
    pub(crate) resident: f64,
    /// What belongs to nobody else (`RssAnon`).
    pub(crate) anonymous: f64,
    /// The most there has been of all of it (`VmHWM`).
    pub(crate) peak: f64,
}

/// Memory of a process, from `/proc/<process>/status`.
pub(crate) fn memory(process: u32) -> Outcome<Memory> {
    let path = format!("/proc/{process}/status");
    let text = fs::read_to_string(&path).context(format_args!("cannot read {path}"))?;
    let size = |name| mebibytes(&text, name).context(format_args!("{path} names no {name}"));
    Ok(Memory {
        resident: size("VmRSS:")?,
        anonymous: size("RssAnon:")?,
        peak: size("VmHWM:")?,
    })
}

/// Lets `VmHWM` of a process begin anew, with what it has now (`proc_pid_clear_refs(5)`).
pub(crate) fn forget_peak(process: u32) -> Outcome<()> {
    let path = format!("/proc/{process}/clear_refs");
    fs::write(&path, "5").context(format_args!("cannot write {path}"))
}

/// Looks again and again; answers whether the condition came true in time.
#[expect(
    clippy::disallowed_methods,
    reason = "neither a foreign process's readiness nor its end can be waited for in std"
)]
pub(crate) fn wait_until(
    limit: Duration,
    pause: Duration,
    mut condition: impl FnMut() -> bool,
) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(pause);
    }
}

fn mebibytes(status: &str, name: &str) -> Option<f64> {
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}

/// Fields 14 and 15; the name in field 2 may hold spaces and ends with the last parenthesis.
fn user_and_system_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn ticks_per_second() -> Outcome<u32> {
    static TICKS: OnceLock<u32> = OnceLock::new();
    if let Some(ticks) = TICKS.get() {
        return Ok(*ticks);
    }
    let answer = Command::new("getconf")
        .arg("CLK_TCK")
        .output()
        .context("cannot run getconf")?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let ticks = text
        .trim()
        .parse()
        .context("getconf CLK_TCK does not answer with a number")?;
    Ok(*TICKS.get_or_init(|| ticks))
}

#[cfg(test)]
mod tests {
    use super::{mebibytes, user_and_system_ticks};

    #[test]
    fn a_process_may_have_spaces_and_parentheses_in_its_name() {
        let stat = "42 (a) b (c)) S 1 42 42 0 -1 4194560 1 2 3 4 250 50 9 9 20 0 1 0 1 1 1";
        assert_eq!(user_and_system_ticks(stat), Some(300));
    }
    #[test]
    fn memory_is_read_by_its_name() {
        let status = "VmRSS:\t   20480 kB\nRssAnon:\t   10240 kB\n";
        assert_eq!(mebibytes(status, "RssAnon:"), Some(10.0));
        assert_eq!(mebibytes(status, "RssFile:"), None);
    }
}
