//! Hours, by which things are counted.

use crate::time::Timestamp;

/// Microseconds.
const LENGTH: i64 = 3_600_000_000;

/// An hour, by its number since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i64);

impl Hour {
    /// The hour an instant is in.
    #[must_use]
    pub const fn of(at: Timestamp) -> Self {
        Self(at.as_micros().div_euclid(LENGTH))
    }

    /// An hour as it is stored.
    #[must_use]
    pub const fn from_row(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// When it begins.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp::from_micros(self.0.saturating_mul(LENGTH))
    }

    /// The hour so many later.
    #[must_use]
    pub const fn plus(self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours))
    }

    /// How many hours later another one begins; none, when it is earlier.
    #[must_use]
    pub fn until(self, later: Self) -> usize {
        usize::try_from(later.0.saturating_sub(self.0)).unwrap_or_default()
    }
}

/// Several hours on end, as a caller asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// How many, the last one included; at most [`Hours::MOST`].
    pub count: u16,
    /// An instant of the last hour; now, when it is not said.
    pub last: Option<Timestamp>,
}

impl Hours {
    /// Most hours at once: 31 days.
    pub const MOST: u16 = 31 * 24;

    /// So many hours, of which the last is running.
    #[must_use]
    pub const fn until_now(count: u16) -> Self {
        Self { count, last: None }
    }

    /// The first of them, and the hour after the last.
    pub(crate) fn bounds(self, now: Timestamp) -> (Hour, Hour) {
        let past = Hour::of(self.last.unwrap_or(now)).plus(1);
        let count = self.count.clamp(1, Self::MOST);
        (past.plus(-i64::from(count)), past)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_before_the_epoch_round_down() {
        assert_eq!(Hour::of(Timestamp::from_micros(-1)), Hour(-1));
        assert_eq!(Hour(-1).start(), Timestamp::from_seconds(-3600));
    }

    #[test]
    fn the_hour_that_runs_is_the_last_unless_another_is_named() {
        let now = Hour(10).start();
        assert_eq!(Hours::until_now(3).bounds(now), (Hour(8), Hour(11)));
        let last = Some(Timestamp::from_seconds(3599));
        let none = Hours { count: 0, last };
        assert_eq!(none.bounds(now), (Hour(0), Hour(1)));
    }

    #[test]
    fn an_earlier_hour_is_no_hours_later() {
        assert_eq!([Hour(1).until(Hour(4)), Hour(4).until(Hour(1))], [3, 0]);
    }
}
