//! Small plots, drawn by the server: bars by the hour.

use std::collections::BTreeMap;

use grantor_domain::time::{Lifetime, Timestamp};
use serde_json::Value;

use crate::console::show::{Instant, grouped};
use crate::resources::beginning;

/// Lengths are in tenths of the unit of the drawing, so that they are whole numbers.
type Tenths = u64;

/// Where the bars stand.
const BASE: Tenths = 960;
/// How high the line above them is.
const RULE: Tenths = 600;
/// Where they begin, and the width they share.
const LEFT: Tenths = 310;
const WIDTH: Tenths = 2900;

/// What happened, hour by hour.
pub(super) struct Counts {
    start: Timestamp,
    series: BTreeMap<String, Vec<u64>>,
}

impl Counts {
    /// Reads what the API has counted.
    pub(super) fn read(counted: &Value) -> Option<Self> {
        let numbers = |value: &Value| {
            let counts = value["counts"].as_array().map_or(&[][..], Vec::as_slice);
            counts.iter().filter_map(Value::as_u64).collect()
        };
        let series = counted["series"].as_array()?.iter().filter_map(|series| {
            let name = series["type"].as_str()?.to_owned();
            Some((name, numbers(series)))
        });
        Some(Self {
            start: beginning(counted["start"].as_str()?)?,
            series: series.collect(),
        })
    }

    /// How often any of these happened, hour by hour.
    pub(super) fn of(&self, kinds: &[&str]) -> Vec<Counted> {
        let wanted = kinds.iter().filter_map(|kind| self.series.get(*kind));
        let mut sums = vec![0; 24];
        for counts in wanted {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        by_the_hour(self.start, sums.into_iter().map(Some))
    }
}

/// What was counted in the hour that begins then; `None`, when nobody counted.
pub(super) type Counted = (Timestamp, Option<u64>);

/// Reads how many sessions the API says lived, hour by hour.
pub(super) fn levels(counted: &Value) -> Option<Vec<Counted>> {
    let start = beginning(counted["start"].as_str()?)?;
    let live = counted["live"].as_array()?.iter().map(Value::as_u64);
    Some(by_the_hour(start, live))
}

fn by_the_hour(start: Timestamp, counts: impl Iterator<Item = Option<u64>>) -> Vec<Counted> {
    let hours = (0..).map(|hour| start.plus(Lifetime::from_seconds(hour * 3600)));
    hours.zip(counts).collect()
}

/// What a plot shows.
pub(super) struct Subject {
    id: &'static str,
    name: &'static str,
    /// In words, for those who do not see it.
    says: &'static str,
    /// Whether the last count tells more than their sum.
    is_level: bool,
}

impl Subject {
    /// Something that happens.
    pub(super) const fn events(id: &'static str, name: &'static str, says: &'static str) -> Self {
        Self {
            id,
            name,
            says,
            is_level: false,
        }
    }

    /// Something of which there are so many at a time.
    pub(super) const fn level(id: &'static str, name: &'static str, says: &'static str) -> Self {
        Self {
            is_level: true,
            ..Self::events(id, name, says)
        }
    }

    /// The number beside its name, and the sentence about all of them.
    fn told(&self, counts: &[u64]) -> (String, String) {
        let says = self.says;
        let most = grouped(counts.iter().copied().max().unwrap_or(0));
        if self.is_level {
            let Some(last) = counts.last() else {
                return ("–".to_owned(), format!("{says}: not counted yet."));
            };
            let last = grouped(*last);
            let words =
                format!("{says}, counted every hour over a day: {last} last, at most {most}.");
            return (last, words);
        }
        let total = grouped(counts.iter().sum());
        let words = format!("{says}, by the hour over a day: {total}, at most {most} in an hour.");
        (total, words)
    }
}

/// A plot, ready to be drawn.
pub(super) struct Plot {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// What it shows, in words.
    pub(super) says: String,
    pub(super) total: String,
    pub(super) bars: Vec<Bar>,
    /// What the line above the bars stands for.
    pub(super) rule: Option<String>,
    /// Below the first bar, and below the middle.
    pub(super) marks: [String; 2],
    pub(super) rows: Vec<PlotRow>,
    /// Whether it shows what nobody wants.
    pub(super) is_bad: bool,
}

/// A bar.
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) height: String,
}

/// A row of the table beside a plot.
pub(super) struct PlotRow {
    pub(super) hour: Instant,
    pub(super) count: String,
}

impl PlotRow {
    /// The hour, for people.
    pub(super) fn label(&self) -> String {
        self.hour
            .0
            .chars()
            .take(16)
            .collect::<String>()
            .replace('T', " ")
    }
}

impl Plot {
    pub(super) fn new(subject: &Subject, hours: &[Counted]) -> Self {
        let counts: Vec<u64> = hours.iter().filter_map(|(_, count)| *count).collect();
        let (total, says) = subject.told(&counts);
        let most = counts.iter().copied().max().unwrap_or(0);
        let rule = rule(most);
        let many = u64::try_from(hours.len()).unwrap_or(1).max(1);
        let bars = (0..).zip(hours).map(|(place, (_, count))| {
            let height = count
                .unwrap_or(0)
                .saturating_mul(RULE)
                .checked_div(rule)
                .unwrap_or(0);
            Bar {
                x: tenths(LEFT + place * WIDTH / many),
                y: tenths(BASE.saturating_sub(height)),
                height: tenths(height),
            }
        });
        let rows: Vec<PlotRow> = hours
            .iter()
            .map(|(hour, count)| PlotRow {
                hour: Instant::of(*hour),
                count: count.map_or_else(|| "–".to_owned(), grouped),
            })
            .collect();
        let time = |row: Option<&PlotRow>| {
            let label = row.map(PlotRow::label).unwrap_or_default();
            label.chars().skip(11).collect()
        };
        Self {
            id: subject.id,
            name: subject.name,
            says,
            total,
            bars: bars.collect(),
            rule: (rule > 0).then(|| grouped(rule)),
            marks: [time(rows.first()), time(rows.get(rows.len() / 2))],
            is_bad: subject.id == "refused",
            rows,
        }
    }
}

/// A round number near the top of bars: the longest is at most half as high again.
fn rule(most: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        let round = [1, 2, 3, 4, 5, 6, 8].map(|digit| unit.saturating_mul(digit));
        let fits = |rule: &u64| rule.saturating_mul(3) >= most.saturating_mul(2);
        if most == 0 {
            return 0;
        }
        if let Some(rule) = round.into_iter().find(fits) {
            return rule;
        }
        unit = unit.saturating_mul(10);
    }
}

fn tenths(length: Tenths) -> String {
    format!("{}.{}", length / 10, length % 10)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn the_line_is_round_and_near_the_longest_bar() {
        assert_eq!(
            [0, 1, 2, 402, 141, 1254].map(rule),
            [0, 1, 2, 300, 100, 1000]
        );
        for most in 1..5000 {
            let rule = rule(most);
            assert!(
                rule * 3 >= most * 2 && rule <= most.max(1) * 2,
                "{most}: {rule}"
            );
        }
    }

    #[test]
    fn a_plot_has_a_bar_and_a_row_an_hour() {
        let mut logins = vec![0; 24];
        logins[23] = 3;
        let counted = json!({
            "start": "2026-01-01T10:00:00Z",
            "series": [{ "type": "login.ok", "total": 3, "counts": logins }],
        });
        let counts = Counts::read(&counted).unwrap();
        let subject = Subject::events("logins", "Logins", "Logins");
        let plot = Plot::new(&subject, &counts.of(&["login.ok", "other"]));
        assert_eq!((plot.bars.len(), plot.total.as_str()), (24, "3"));
        assert_eq!(
            (plot.bars[0].height.as_str(), plot.bars[23].y.as_str()),
            ("0.0", "6.0")
        );
        assert_eq!(plot.marks, ["10:00", "22:00"]);
        assert_eq!(plot.rows[23].label(), "2026-01-02 09:00");
        assert_eq!(
            plot.says,
            "Logins, by the hour over a day: 3, at most 3 in an hour."
        );
    }

    #[test]
    fn a_level_is_told_as_it_was_last_counted() {
        let subject = Subject::level("live", "Live", "Live sessions");
        let counted = json!({ "start": "2026-01-01T10:00:00Z", "live": [null, 12, null, 1400, 3] });
        let plot = Plot::new(&subject, &levels(&counted).unwrap());
        let counts: Vec<&str> = plot.rows.iter().map(|row| row.count.as_str()).collect();
        assert_eq!(counts, ["–", "12", "–", "1,400", "3"]);
        assert_eq!(plot.total, "3");
        assert_eq!(
            plot.says,
            "Live sessions, counted every hour over a day: 3 last, at most 1,400."
        );
    }

    #[test]
    fn a_level_that_nobody_counted_is_no_zero() {
        let subject = Subject::level("live", "Live", "Live sessions");
        let counted = json!({ "start": "2026-01-01T10:00:00Z", "live": [null, null] });
        let plot = Plot::new(&subject, &levels(&counted).unwrap());
        assert_eq!(
            (plot.total.as_str(), plot.says.as_str()),
            ("–", "Live sessions: not counted yet.")
        );
    }
}
