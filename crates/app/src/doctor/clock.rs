//! The clock of this machine, beside that of the database and beside what was recorded.

use grantor_domain::time::Timestamp;

use super::Report;

const CHECK: &str = "clock";
const REMEDY: &str = "let both machines keep their time by NTP";

/// Microseconds that two clocks may differ by: instants are compared in seconds.
const LITTLE: i64 = 2_000_000;
/// Microseconds from which tokens are seen as not yet issued, or as over.
const MUCH: i64 = 30_000_000;

/// Compares the database's time with this machine's, read before it was asked and after.
pub(super) fn compare(
    theirs: Timestamp,
    (before, after): (Timestamp, Timestamp),
    report: &mut Report,
) {
    let theirs = theirs.as_micros();
    let ahead = (theirs - after.as_micros()).max(0);
    let behind = (before.as_micros() - theirs).max(0);
    let apart = ahead.max(behind);
    let says = format!("{} ms from the database's", apart / 1000);
    if apart > MUCH {
        report.error(CHECK, says, REMEDY);
    } else if apart > LITTLE {
        report.warning(CHECK, says, REMEDY);
    } else {
        report.ok(CHECK, says);
    }
}

/// Compares this machine's time with that of the last event.
pub(super) fn not_before(last: Timestamp, now: Timestamp, report: &mut Report) {
    let behind = last.as_micros() - now.as_micros();
    let says = format!(
        "{} s behind the last event that was recorded",
        behind / 1_000_000
    );
    if behind > MUCH {
        report.error(
            CHECK,
            says,
            "set the clock: it stood later before, or that of another machine is ahead",
        );
    } else if behind > LITTLE {
        report.warning(CHECK, says, REMEDY);
    } else {
        report.ok(CHECK, "not behind what was recorded");
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(1_000_000_000 + millis * 1000)
    }

    #[test]
    fn clocks_that_go_apart_are_told() {
        let state = |theirs: i64| {
            let mut report = Report::default();
            compare(at(theirs), (at(0), at(100)), &mut report);
            report.findings()[0].state
        };
        assert_eq!([0, 50, 100, 2000, -1900].map(state), [State::Ok; 5]);
        assert_eq!([2200, -2200, 30_000].map(state), [State::Warning; 3]);
        assert_eq!([30_200, -30_200].map(state), [State::Error; 2]);
    }

    #[test]
    fn a_clock_that_went_back_is_told() {
        let state = |last: i64| {
            let mut report = Report::default();
            not_before(at(last), at(0), &mut report);
            report.findings()[0].state
        };
        assert_eq!([-5000, 0, 1000].map(state), [State::Ok; 3]);
        assert_eq!(state(5000), State::Warning);
        assert_eq!(state(3_600_000), State::Error);
    }
}
