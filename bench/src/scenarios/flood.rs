//! Whether introspection stays quick while far more logins arrive than can be hashed.

use std::time::Duration;

use crate::ceiling::{self, Cost};
use crate::failure::Outcome;
use crate::load::{Answers, Load};
use crate::report::{Figure, Row};
use crate::server::{CLIENT, Server, Store};

use super::introspection::{PATH, active_token};
use super::{Bench, row};

/// Enough that those which wait for a hash do not stop the others from asking.
const FLOODING: u32 = 512;
/// Arrivals aimed at, by the raw rate. Connections that wait do not ask, so fewer arrive.
const AIM: f64 = 20.0;
/// Connections that introspect meanwhile.
const PROBING: u32 = 8;
/// Each pauses so long between two introspections: about 200 a second in all.
const PROBE_PAUSE: Duration = Duration::from_millis(40);
/// How much longer than the probes the flood lasts.
const FLOOD_LASTS: Duration = Duration::from_secs(1);

/// What a flood brought.
struct Flood {
    raw: f64,
    logins: Answers,
    introspections: Answers,
}

impl Bench<'_> {
    pub(super) fn flood(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::DEFAULT);
        let grant = launch.password_grant();
        let server = Server::start(&launch)?;
        let token = active_token(&server, &grant)?;
        let (token_url, introspection_url) = (server.url("/auth/token"), server.url(PATH));
        let raw = ceiling::measure(Cost::DEFAULT, self.hash_threads, self.settings.pace.ceiling)?;
        let logins = Load {
            url: &token_url,
            numbers: 0,
            authorization: CLIENT,
            form: &grant,
            connections: FLOODING,
            pause: Duration::from_secs_f64(f64::from(FLOODING) / (AIM * raw.hashes_per_second)),
        };
        let probes = Load {
            url: &introspection_url,
            numbers: 0,
            authorization: CLIENT,
            form: &token,
            connections: PROBING,
            pause: PROBE_PAUSE,
        };
        // The flood begins before the probes and ends after them.
        let pace = &self.settings.pace;
        let flooding = self
            .loader
            .start(&logins, pace.warm_up + pace.flood + FLOOD_LASTS)?;
        self.loader.run(&probes, pace.warm_up)?;
        let introspections = self.loader.run(&probes, pace.flood)?;
        let logins = flooding.finish()?;
        server.settle()?;
        self.report(
            store,
            &Flood {
                raw: raw.hashes_per_second,
                logins,
                introspections,
            },
        );
        server.stop()
    }

    fn report(&mut self, store: &Store, flood: &Flood) {
        let logins = row(&flood.logins, "flood: password grants", store, FLOODING);
        let ratio = logins.requests_per_second / flood.raw;
        self.rows.push(Row {
            raw_hashes_per_second: Some(flood.raw),
            ratio: Some(ratio),
            ..logins
        });
        let probes = row(
            &flood.introspections,
            "flood: introspection",
            store,
            PROBING,
        );
        let figure = |name, value, unit| Figure::new(name, store.name, value, unit);
        let p99 = figure("flood: introspection p99", probes.p99_milliseconds, "ms");
        self.rows.push(probes);
        self.figures.push(p99.wanted("<= 50"));
        let times = flood.logins.per_second() / flood.raw;
        let arrivals = figure("flood: logins that arrive, by raw hashes", times, "times");
        self.figures.push(arrivals.wanted(">= 10"));
        #[expect(clippy::cast_precision_loss, reason = "a bench makes few requests")]
        self.figures.push(figure(
            "flood: logins answered 503",
            flood.logins.busy as f64,
            "",
        ));
    }
}
