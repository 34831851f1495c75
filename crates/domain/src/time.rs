//! Instants and durations as plain values. Nothing here reads a clock.

use std::fmt;

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
///
/// Microseconds are what both databases keep, so a value survives a round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

const MICROS: i64 = 1_000_000;

impl Timestamp {
    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the epoch (RFC 7519 `NumericDate`), saturating.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down (RFC 7519 `NumericDate`).
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// The same instant without its fraction of a second.
    ///
    /// Lifetimes of tokens start here, so that `exp − iat` is exactly `expires_in`.
    #[must_use]
    pub const fn floor_second(self) -> Self {
        Self::from_seconds(self.as_seconds())
    }

    /// This instant and `lifetime` later, saturating at the end of time.
    #[must_use]
    pub fn plus(self, lifetime: Lifetime) -> Self {
        Self(self.0.saturating_add(lifetime.as_micros()))
    }

    /// This instant and `lifetime` earlier, saturating at the beginning of time.
    #[must_use]
    pub fn minus(self, lifetime: Lifetime) -> Self {
        Self(self.0.saturating_sub(lifetime.as_micros()))
    }

    /// How long this is after `earlier`, in whole seconds rounded up; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Lifetime {
        let micros = self.0.saturating_sub(earlier.0).max(0);
        let seconds = micros / MICROS + i64::from(micros % MICROS != 0);
        Lifetime(u32::try_from(seconds).unwrap_or(u32::MAX))
    }
}

/// A duration in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lifetime(u32);

impl Lifetime {
    /// From seconds.
    #[must_use]
    pub const fn from_seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// From days of 86,400 seconds.
    #[must_use]
    pub const fn from_days(days: u16) -> Self {
        Self(days as u32 * 86_400)
    }

    /// In seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u32 {
        self.0
    }

    fn as_micros(self) -> i64 {
        i64::from(self.0) * MICROS
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_rounds_up_and_never_goes_below_zero() {
        let earlier = Timestamp::from_micros(1);
        assert_eq!(Timestamp::from_micros(2).since(earlier).as_seconds(), 1);
        assert_eq!(earlier.since(Timestamp::from_seconds(9)).as_seconds(), 0);
    }

    #[test]
    fn the_end_of_time_is_not_crossed() {
        let end = Timestamp::from_micros(i64::MAX);
        assert_eq!(end.plus(Lifetime::from_seconds(1)), end);
    }

    #[test]
    fn seconds_before_the_epoch_round_down() {
        assert_eq!(Timestamp::from_micros(-1).as_seconds(), -1);
    }
}
