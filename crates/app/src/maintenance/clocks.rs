//! Noticing that the machine's clock was set: lifetimes are measured with it.

use std::time::{Duration, Instant};

use grantor_domain::ports::Clock;
use grantor_domain::time::Timestamp;

/// How far a clock may be from the time that has passed between two readings.
const STEP: Duration = Duration::from_secs(1);

/// The machine's clock, and an instant of the time that only passes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clocks {
    shown: Timestamp,
    at: Instant,
}

impl Clocks {
    pub(super) fn read(clock: &dyn Clock) -> Self {
        Self {
            shown: clock.now(),
            at: Instant::now(),
        }
    }

    /// Tells when the clock was set between this reading and a later one; answers the later.
    pub(super) fn compared(self, later: Self) -> Self {
        if let Some(step) = self.step_until(later) {
            metrics::counter!("grantor_clock_steps_total").increment(1);
            tracing::warn!(step_us = step, "the machine's clock was set");
        }
        later
    }

    /// How many microseconds the clock went further than time, when that is too many; negative: back.
    fn step_until(self, later: Self) -> Option<i64> {
        let passed = later.at.duration_since(self.at).as_micros();
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        let step = later.shown.as_micros() - self.shown.as_micros() - passed;
        (u128::from(step.unsigned_abs()) > STEP.as_micros()).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_either_way_is_noticed_and_one_that_is_slewed_is_not() {
        let first = Clocks {
            shown: Timestamp::from_seconds(1000),
            at: Instant::now(),
        };
        let after = |seconds, micros: i64| Clocks {
            shown: Timestamp::from_micros(1_000_000_000 + micros),
            at: first.at + Duration::from_secs(seconds),
        };
        assert_eq!(first.step_until(after(5, 5_500_000)), None);
        assert_eq!(
            first.step_until(after(5, 3_605_000_000)),
            Some(3_600_000_000)
        );
        assert_eq!(
            first.step_until(after(5, -3_595_000_000)),
            Some(-3_600_000_000)
        );
    }
}
