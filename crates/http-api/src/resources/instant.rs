//! FHIR dates: `instant` out; dates of any precision in, as the range they stand for.

use grantor_domain::time::Timestamp;
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Month, OffsetDateTime};

/// An instant as FHIR writes it, in UTC.
pub(crate) fn instant(at: Timestamp) -> String {
    date_time(at)
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_else(|| "9999-12-31T23:59:59Z".to_owned())
}

fn date_time(at: Timestamp) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.as_micros()) * 1000).ok()
}

fn timestamp(at: OffsetDateTime) -> Option<Timestamp> {
    i64::try_from(at.unix_timestamp_nanos() / 1000)
        .ok()
        .map(Timestamp::from_micros)
}

/// The instants a date stands for: from the first to the first that is past it. Takes `YYYY`,
/// `YYYY-MM`, `YYYY-MM-DD`, an instant with offset, or seconds since the epoch.
pub(crate) fn range(text: &str) -> Option<(Timestamp, Timestamp)> {
    if text.len() > 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds: i64 = text.parse().ok()?;
        return Some((
            Timestamp::from_seconds(seconds),
            Timestamp::from_seconds(seconds.checked_add(1)?),
        ));
    }
    let (from, until) = if text.contains('T') {
        exact(text)?
    } else {
        calendar(text)?
    };
    Some((timestamp(from)?, timestamp(until)?))
}

/// One instant: a moment, or the beginning of a date.
pub(crate) fn beginning(text: &str) -> Option<Timestamp> {
    range(text).map(|(from, _)| from)
}

/// An instant stands for the last unit it writes out: a second, a millisecond, a microsecond.
fn exact(text: &str) -> Option<(OffsetDateTime, OffsetDateTime)> {
    let from = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let digits = text.split_once('.').map_or(0, |(_, fraction)| {
        fraction.bytes().take_while(u8::is_ascii_digit).count()
    });
    let unit = match digits {
        0 => Duration::SECOND,
        1..=3 => Duration::milliseconds(10_i64.pow(3 - u32::try_from(digits).ok()?)),
        _ => Duration::MICROSECOND,
    };
    Some((from, from.checked_add(unit)?))
}

fn calendar(text: &str) -> Option<(OffsetDateTime, OffsetDateTime)> {
    let mut parts = text.split('-');
    let year: i32 = number(parts.next()?, 4)?;
    let month = parts.next().map(|month| number(month, 2));
    let day = parts.next().map(|day| number(day, 2));
    if parts.next().is_some() {
        return None;
    }
    let (from, until) = match (month, day) {
        (None, _) => (
            Date::from_calendar_date(year, Month::January, 1).ok()?,
            Date::from_calendar_date(year + 1, Month::January, 1).ok()?,
        ),
        (Some(month), None) => {
            let month = Month::try_from(u8::try_from(month?).ok()?).ok()?;
            let next = if month == Month::December {
                year + 1
            } else {
                year
            };
            (
                Date::from_calendar_date(year, month, 1).ok()?,
                Date::from_calendar_date(next, month.next(), 1).ok()?,
            )
        }
        (Some(month), Some(day)) => {
            let month = Month::try_from(u8::try_from(month?).ok()?).ok()?;
            let day = u8::try_from(day?).ok()?;
            let date = Date::from_calendar_date(year, month, day).ok()?;
            (date, date.next_day()?)
        }
    };
    Some((from.midnight().assume_utc(), until.midnight().assume_utc()))
}

fn number(text: &str, digits: usize) -> Option<i32> {
    let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<(String, String)> {
        range(text).map(|(from, until)| (instant(from), instant(until)))
    }

    fn check(text: &str, from: &str, until: &str) {
        let stands_for = (from.to_owned(), until.to_owned());
        assert_eq!(written(text), Some(stands_for), "{text}");
    }

    #[test]
    fn a_date_stands_for_all_of_it() {
        check("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        check("2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
        check("2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z");
        check(
            "2026-01-01T02:00:00+02:00",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:01Z",
        );
        check(
            "2026-01-01T00:00:00.5Z",
            "2026-01-01T00:00:00.5Z",
            "2026-01-01T00:00:00.6Z",
        );
        check("1767225600", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z");
    }

    #[test]
    fn what_is_no_date_stands_for_nothing() {
        for bad in [
            "",
            "26",
            "2026-13",
            "2026-02-30",
            "2026-1-1",
            "2026-01-01-01",
            "today",
            "+2026",
            "9999999999999999999",
            "2026-01-01T00:00:00",
        ] {
            assert_eq!(range(bad), None, "{bad:?}");
        }
    }
}
