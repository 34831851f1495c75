//! How long something lives on, in words: the same as `console.js` counts down with.

use grantor_domain::time::Timestamp;

use crate::console::show::Instant;

/// An end.
pub(super) struct Until {
    /// When it is.
    pub(super) at: Instant,
    /// How far away.
    pub(super) says: String,
    pub(super) is_over: bool,
}

impl Until {
    /// An end in seconds since the epoch, seen from `now`.
    pub(super) fn of(ends: i64, now: Timestamp) -> Self {
        let left = ends.saturating_sub(now.as_seconds());
        Self {
            at: Instant::of_seconds(ends),
            says: words(left),
            is_over: left <= 0,
        }
    }
}

fn words(seconds: i64) -> String {
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    if seconds <= 0 {
        "ended".to_owned()
    } else if days > 0 {
        format!("in {days} d {hours} h")
    } else if hours > 0 {
        format!("in {hours} h {minutes} min")
    } else if minutes > 0 {
        format!("in {minutes} min {rest} s")
    } else {
        format!("in {rest} s")
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_two_largest_units_are_told() {
        for (seconds, says) in [
            (-1, "ended"),
            (0, "ended"),
            (59, "in 59 s"),
            (61, "in 1 min 1 s"),
            (3600, "in 1 h 0 min"),
            (2_592_000 - 1, "in 29 d 23 h"),
        ] {
            assert_eq!(words(seconds), says);
        }
    }
}
