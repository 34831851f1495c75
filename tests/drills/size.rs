//! How much of a drill is done: a little in the test command, more when `cargo xtask drill` asks.

use std::fmt::Debug;
use std::time::Duration;

/// How often the fault is injected.
pub(crate) fn count(short: u32) -> u32 {
    asked("DRILL_COUNT").unwrap_or(short)
}

/// How long what has no count lasts.
pub(crate) fn seconds(short: u32) -> Duration {
    Duration::from_secs(asked("DRILL_SECONDS").unwrap_or(short).into())
}

/// Whether `cargo xtask drill` runs this: then figures are judged, for nothing else keeps the machine busy.
pub(crate) fn is_long() -> bool {
    asked("DRILL_COUNT").is_some() || asked("DRILL_SECONDS").is_some()
}

fn asked(name: &str) -> Option<u32> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}

/// A figure of a promise, printed always and judged in a long drill.
#[track_caller]
pub(crate) fn at_most<T: PartialOrd + Debug + Copy>(what: &str, figure: T, limit: T) {
    println!("drill: {what}: {figure:.1?}, {limit:.1?} allowed");
    assert!(!is_long() || figure <= limit, "{what}: {figure:?}");
}

/// What was done, and how often.
pub(crate) fn say(what: &str, figure: impl Debug) {
    println!("drill: {what}: {figure:.1?}");
}

/// So many of a hundred were quicker.
pub(crate) fn percentile(durations: &mut [Duration], of_hundred: usize) -> Duration {
    durations.sort_unstable();
    let index = (durations.len() * of_hundred / 100).min(durations.len().saturating_sub(1));
    durations.get(index).copied().unwrap_or_default()
}

/// Lets time pass where time is the fault, and no event announces its end.
#[expect(
    clippy::disallowed_methods,
    reason = "a fault lasts, or comes at an instant that nothing announces"
)]
pub(crate) fn pass(time: Duration) {
    std::thread::sleep(time);
}
