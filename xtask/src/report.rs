//! What the person at the terminal sees: one line a step, on stderr, so that a program's own output stays alone on stdout.

use std::fmt::Display;
use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// Prints one line.
pub(crate) fn say(line: impl Display) {
    // With stderr closed there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints a failure as the last line of a command.
pub(crate) fn error(failure: &Failure) {
    say(format_args!("error: {failure}"));
}

/// Announces a step, runs it, and says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    say(format_args!("==> {name}"));
    let started = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    say(format_args!(
        "==> {name}: {verdict} in {}",
        seconds(started.elapsed())
    ));
    outcome
}

/// A duration as people read it: `0.4 s`, `72.0 s`.
pub(crate) fn seconds(elapsed: Duration) -> String {
    format!("{:.1} s", elapsed.as_secs_f64())
}
