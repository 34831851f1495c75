//! A load, what it cost the server, and what the machine could have reached meanwhile.

use std::time::Duration;

use crate::ceiling::{Beside, Rate, Yardstick};
use crate::failure::Outcome;
use crate::load::{Answers, Load};
use crate::report::{Figure, Row};
use crate::server::Server;
use crate::store::Store;

use super::{Bench, CONNECTIONS};

/// A load, and what it cost the server.
pub(super) struct Measured {
    pub(super) answers: Answers,
    /// The server's CPU time by request.
    pub(super) cpu_milliseconds: f64,
    /// The most memory the server had, in MiB.
    pub(super) peak_mebibytes: f64,
}

/// One question, asked by different numbers of connections.
pub(super) struct Subject<'a> {
    pub(super) name: &'a str,
    pub(super) load: Load<'a>,
    pub(super) yardstick: Option<&'a Yardstick>,
    /// What is wanted with so many connections.
    pub(super) wanted: &'a dyn Fn(u32) -> Wanted,
}

/// What is wanted of a row, in words; empty where nothing is.
#[derive(Default)]
pub(super) struct Wanted {
    /// Of requests by the ceiling.
    pub(super) ratio: &'static str,
    /// Of the server's CPU time by request, in milliseconds.
    pub(super) cpu: &'static str,
}

impl Bench<'_> {
    /// Makes something to compare with, unless nobody wants to.
    pub(super) fn yardstick(
        &self,
        make: impl FnOnce() -> Outcome<Yardstick>,
    ) -> Outcome<Option<Yardstick>> {
        self.with_ceilings.then(make).transpose()
    }

    /// Asks with 1, 16 and 64 connections.
    pub(super) fn measure_each(
        &mut self,
        store: &Store,
        server: &Server,
        subject: &Subject<'_>,
    ) -> Outcome<()> {
        for connections in CONNECTIONS {
            let load = subject.load.by(connections);
            let (measured, ceiling) = self.measure_beside(server, &load, subject.yardstick)?;
            let row = measured.row(subject.name, store, connections);
            let row = row.beside(ceiling.map(|(what, rate)| (what, rate.per_second)));
            self.hold_against(&row, &(subject.wanted)(connections));
            self.rows.push(row);
        }
        Ok(())
    }

    /// Names the figures of a row of which something is wanted.
    fn hold_against(&mut self, row: &Row, wanted: &Wanted) {
        let mut add = |what: &str, value: Option<f64>, unit, wanted: &'static str| {
            if let Some(value) = value.filter(|_| !wanted.is_empty()) {
                let name = format!("{}: {what}, {} connections", row.scenario, row.connections);
                self.figures
                    .push(Figure::new(name, row.store, value, unit).wanted(wanted));
            }
        };
        if let Some(ceiling) = &row.ceiling {
            let what = format!("by {}", ceiling.what);
            add(&what, Some(ceiling.ratio), "", wanted.ratio);
        }
        let cpu = row.cpu_milliseconds_per_request;
        add("a request", cpu, "ms CPU", wanted.cpu);
    }

    /// Warms the server up, lets it rest, then measures between two measurements of the ceiling.
    pub(super) fn measure_beside(
        &self,
        server: &Server,
        load: &Load<'_>,
        yardstick: Option<&Yardstick>,
    ) -> Outcome<(Measured, Option<(&'static str, Rate)>)> {
        let pace = &self.settings.pace;
        self.loader.run(load, pace.warm_up)?;
        server.settle()?;
        let beside = Beside {
            loader: self.loader,
            connections: load.connections,
            cores: self.cores,
            duration: pace.ceiling,
        };
        let ceiling = || yardstick.map(|one| one.measure(beside)).transpose();
        let before = ceiling()?;
        let measured = self.measure_warm(server, load, pace.load)?;
        let rate = before.zip(ceiling()?);
        let rate = rate.map(|(before, after)| Rate::mean(before, after));
        Ok((measured, yardstick.map(Yardstick::what).zip(rate)))
    }

    /// Warms the server up, lets it rest, then measures.
    pub(super) fn measure(&self, server: &Server, load: &Load<'_>) -> Outcome<Measured> {
        self.measure_beside(server, load, None)
            .map(|(measured, _)| measured)
    }

    pub(super) fn measure_warm(
        &self,
        server: &Server,
        load: &Load<'_>,
        duration: Duration,
    ) -> Outcome<Measured> {
        let load = self.loader.ready(load)?;
        server.forget_peak()?;
        let before = server.cpu_time()?;
        let answers = load.start(duration)?.finish()?;
        let cpu = server.cpu_time()?.saturating_sub(before);
        let peak_mebibytes = server.memory()?.peak;
        server.settle()?;
        Ok(Measured {
            answers,
            cpu_milliseconds: answers.share(cpu),
            peak_mebibytes,
        })
    }
}

impl Measured {
    pub(super) fn row(&self, scenario: &str, store: &Store, connections: u32) -> Row {
        Row {
            cpu_milliseconds_per_request: Some(self.cpu_milliseconds),
            peak_mebibytes: Some(self.peak_mebibytes),
            ..row(&self.answers, scenario, store, connections)
        }
    }
}

/// What the answers alone say.
pub(super) fn row(answers: &Answers, scenario: &str, store: &Store, connections: u32) -> Row {
    Row {
        scenario: scenario.to_owned(),
        store: store.name,
        connections,
        requests_per_second: answers.good_per_second(),
        p50_milliseconds: answers.p50_milliseconds(),
        p99_milliseconds: answers.p99_milliseconds(),
        cpu_milliseconds_per_request: None,
        peak_mebibytes: None,
        ceiling: None,
        refused: answers.refused,
        broken: answers.broken,
    }
}
