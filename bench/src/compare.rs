//! Two programs, measured in turn on the same machine in the same minutes: what one reaches by what the other does.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::failure::{Context as _, Outcome};
use crate::load::Loader;
use crate::report::{Figure, Row};
use crate::scenarios::Bench;
use crate::settings::Settings;
use crate::store::Store;

/// Everything that both programs have a row or a figure for, in the order it was measured.
#[derive(Serialize)]
pub(crate) struct Comparison {
    rounds: usize,
    loads: Vec<Pair<Load>>,
    figures: Vec<Pair<f64>>,
}

/// The medians of both programs.
#[derive(Serialize)]
struct Pair<T> {
    name: String,
    store: &'static str,
    /// Of the working tree.
    ours: T,
    /// Of the revision it is compared with.
    theirs: T,
}

/// The medians of a load's rounds, each by itself.
#[derive(Clone, Copy, Serialize)]
struct Load {
    requests_per_second: f64,
    p50_milliseconds: f64,
    p99_milliseconds: f64,
    cpu_milliseconds_per_request: Option<f64>,
    peak_mebibytes: Option<f64>,
}

/// What the rounds of one program brought.
#[derive(Default)]
struct Side {
    rows: Vec<Row>,
    figures: Vec<Figure>,
}

impl Comparison {
    /// Lets both programs go through the wanted scenarios, again and again. Who begins changes with each round, and
    /// each has a new store every time.
    pub(crate) fn make(
        settings: &Settings,
        against: &Path,
        (folder, loader): (&Path, &Loader),
    ) -> Outcome<Self> {
        let mut sides = [Side::default(), Side::default()];
        let programs = [settings.binary.as_path(), against];
        let rounds = settings.pace.rounds;
        for store in settings.stores(folder)? {
            for round in 0..rounds {
                let mut turns: Vec<_> = programs.into_iter().zip(&mut sides).collect();
                if round % 2 == 1 {
                    turns.reverse();
                }
                for (program, side) in turns {
                    let bench = Bench::new(settings, (program, folder), loader);
                    side.measure(bench, &store.apart("compared"))?;
                }
            }
        }
        let [ours, theirs] = sides;
        Ok(Self {
            rounds,
            loads: pairs(ours.loads()?, &theirs.loads()?),
            figures: pairs(ours.numbers()?, &theirs.numbers()?),
        })
    }

    /// The ratios as people read them.
    pub(crate) fn table(&self) -> String {
        let mut text = format!(
            "medians of {} rounds each: the working tree by the other revision\n\n\
             {:<58} {:<8} {:>10} {:>10} {:>6} {:>6} {:>6} {:>6} {:>6}\n",
            self.rounds,
            "scenario",
            "store",
            "requests/s",
            "other",
            "ratio",
            "p50",
            "p99",
            "CPU",
            "memory"
        );
        for Pair {
            name,
            store,
            ours,
            theirs,
        } in &self.loads
        {
            let _infallible = writeln!(
                text,
                "{name:<58} {store:<8} {:>10.1} {:>10.1} {:>6.2} {:>6.2} {:>6.2} {:>6} {:>6}",
                ours.requests_per_second,
                theirs.requests_per_second,
                ours.requests_per_second / theirs.requests_per_second,
                ours.p50_milliseconds / theirs.p50_milliseconds,
                ours.p99_milliseconds / theirs.p99_milliseconds,
                ratio(
                    ours.cpu_milliseconds_per_request,
                    theirs.cpu_milliseconds_per_request
                ),
                ratio(ours.peak_mebibytes, theirs.peak_mebibytes),
            );
        }
        text.push('\n');
        for figure in &self.figures {
            let _infallible = writeln!(
                text,
                "{:<68} {:<8} {:>10.2} {:>10.2} {:>6}",
                figure.name,
                figure.store,
                figure.ours,
                figure.theirs,
                ratio(Some(figure.ours), Some(figure.theirs)),
            );
        }
        text
    }
}

impl Side {
    fn measure(&mut self, mut bench: Bench<'_>, store: &Store) -> Outcome<()> {
        bench.with_ceilings = false;
        store.clear()?;
        bench.run(store)?;
        store.clear()?;
        self.rows.append(&mut bench.rows);
        self.figures.append(&mut bench.figures);
        Ok(())
    }

    /// Each load once.
    fn loads(&self) -> Outcome<Vec<(String, &'static str, Load)>> {
        let name = |row: &Row| format!("{}, {} connections", row.scenario, row.connections);
        let rows = self.rows.iter().map(|row| (name(row), row.store, row));
        let grouped = grouped(rows);
        let medians = grouped.into_iter().map(|(name, store, rounds)| {
            let of = |value: &dyn Fn(&Row) -> f64| median(rounds.iter().map(|row| value(row)));
            let of_some = |value: &dyn Fn(&Row) -> Option<f64>| {
                median(rounds.iter().filter_map(|row| value(row)))
            };
            let load = Load {
                requests_per_second: of(&|row| row.requests_per_second).context("no round")?,
                p50_milliseconds: of(&|row| row.p50_milliseconds).context("no round")?,
                p99_milliseconds: of(&|row| row.p99_milliseconds).context("no round")?,
                cpu_milliseconds_per_request: of_some(&|row| row.cpu_milliseconds_per_request),
                peak_mebibytes: of_some(&|row| row.peak_mebibytes),
            };
            Ok((name, store, load))
        });
        medians.collect()
    }

    /// Each figure once.
    fn numbers(&self) -> Outcome<Vec<(String, &'static str, f64)>> {
        let figures = self.figures.iter();
        let figures = figures.map(|figure| (figure.name.clone(), figure.store, figure.value));
        let medians = grouped(figures).into_iter().map(|(name, store, rounds)| {
            let median = median(rounds.into_iter()).context("no round")?;
            Ok((name, store, median))
        });
        medians.collect()
    }
}

/// What has one name on one store, together, in the order the names first came up.
fn grouped<T>(
    all: impl Iterator<Item = (String, &'static str, T)>,
) -> Vec<(String, &'static str, Vec<T>)> {
    let mut places = BTreeMap::new();
    let mut groups: Vec<(String, &'static str, Vec<T>)> = Vec::new();
    for (name, store, one) in all {
        let end = groups.len();
        let place = *places.entry((name.clone(), store)).or_insert(end);
        match groups.get_mut(place) {
            Some((_, _, group)) => group.push(one),
            None => groups.push((name, store, vec![one])),
        }
    }
    groups
}

/// What both have.
fn pairs<T: Copy>(
    ours: Vec<(String, &'static str, T)>,
    theirs: &[(String, &'static str, T)],
) -> Vec<Pair<T>> {
    let pair = |(name, store, ours): (String, &'static str, T)| {
        let mut theirs = theirs.iter();
        let (_, _, theirs) = theirs.find(|their| (&their.0, their.1) == (&name, store))?;
        Some(Pair {
            theirs: *theirs,
            name,
            store,
            ours,
        })
    };
    ours.into_iter().filter_map(pair).collect()
}

/// The middle one; of two in the middle, their mean.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get(values.len().checked_sub(1)? / 2)?;
    Some(f64::midpoint(lower, upper))
}

fn ratio(ours: Option<f64>, theirs: Option<f64>) -> String {
    let ratio = ours.zip(theirs).map(|(ours, theirs)| ours / theirs);
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_round_does_not_move_the_median() {
        assert_eq!(median([3.0, 90.0, 2.0].into_iter()), Some(3.0));
        assert_eq!(median([1.0, 2.0].into_iter()), Some(1.5));
        assert_eq!(median(std::iter::empty()), None);
    }

    #[test]
    fn rounds_of_one_load_come_together() {
        let all = [("b", 1), ("a", 2), ("b", 3)];
        let groups = grouped(
            all.map(|(name, one)| (name.to_owned(), "-", one))
                .into_iter(),
        );
        let [(first, _, rounds), (second, _, _)] = groups.as_slice() else {
            panic!("two groups: {groups:?}");
        };
        assert_eq!((first.as_str(), second.as_str()), ("b", "a"));
        assert_eq!(rounds, &[1, 3]);
    }
}
