//! Whether introspection stays quick while far more logins arrive than can be hashed.

use std::time::Duration;

use crate::ceiling::{self, Cost};
use crate::failure::Outcome;
use crate::load::{Answers, Load};
use crate::report::Figure;
use crate::server::{CLIENT, Server};
use crate::store::Store;

use super::introspection::{PATH, active_token, asking};
use super::measure::row;
use super::{Bench, TOKEN};

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
        let tokens = [active_token(&server, CLIENT, &grant)?];
        let (token_url, introspection_url) = (server.url(TOKEN), server.url(PATH));
        let raw = ceiling::hash(Cost::DEFAULT, self.cores, self.settings.pace.ceiling)?.per_second;
        let logins = Load {
            pause: Duration::from_secs_f64(f64::from(FLOODING) / (AIM * raw)),
            ..Load::post(&token_url, CLIENT, &grant).by(FLOODING)
        };
        let probes = Load {
            pause: PROBE_PAUSE,
            ..asking(&introspection_url, CLIENT, &tokens).by(PROBING)
        };
        // The flood begins before the probes and ends after them.
        let pace = &self.settings.pace;
        let flooding = self.loader.ready(&logins)?;
        let flooding = flooding.start(pace.warm_up + pace.flood + FLOOD_LASTS)?;
        self.loader.run(&probes, pace.warm_up)?;
        let introspections = self.loader.run(&probes, pace.flood)?;
        let logins = flooding.finish()?;
        server.settle()?;
        self.report(
            store,
            &Flood {
                raw,
                logins,
                introspections,
            },
        );
        server.stop()
    }

    fn report(&mut self, store: &Store, flood: &Flood) {
        let logins = row(&flood.logins, "flood: password grants", store, FLOODING);
        self.rows
            .push(logins.beside(Some(("raw hashes", flood.raw))));
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
