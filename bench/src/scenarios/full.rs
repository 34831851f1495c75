//! Whether grants, refreshes, introspection and starts cost the same however many sessions there are.

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::load::Load;
use crate::report::Figure;
use crate::server::{CLIENT, JWT_CLIENT, Server};
use crate::store::Store;

use super::in_turn::Rounds;
use super::introspection::{self, active_tokens, asking};
use super::measure::Measured;
use super::refresh::{refreshing, sessions};
use super::{Bench, TOKEN, credentials};

/// Connections of a load: one shows what a request takes, many what happens when all cores are busy.
const CONNECTIONS: [u32; 2] = [1, 16];

/// A server on an empty store or on a full one.
struct Side {
    server: Server,
    token_url: String,
    introspection_url: String,
    /// The form of a password grant.
    grant: String,
    /// What is introspected.
    tokens: Vec<String>,
    jwts: Vec<String>,
}

impl Bench<'_> {
    /// Asks a store that had nothing in it and a full one in turn.
    pub(super) fn full(&mut self, store: &Store) -> Outcome<()> {
        let (empty, full) = (store.apart("empty"), self.full_store(store)?);
        self.starts_on_full(store, &full)?;
        empty.clear()?;
        let sides = [self.side_of(&empty)?, self.side_of(&full)?];
        let [small, large] = &sides;
        let refreshes =
            [small, large].map(|side| move |number| sessions(&side.server, &side.grant, number));
        let [small_refreshes, large_refreshes] = &refreshes;
        for connections in CONNECTIONS {
            let pairs: [(&str, [Load<'_>; 2]); 5] = [
                (
                    "client credentials, opaque",
                    [small, large].map(|side| side.credentials(CLIENT)),
                ),
                (
                    "client credentials, JWT ES256",
                    [small, large].map(|side| side.credentials(JWT_CLIENT)),
                ),
                (
                    "refresh with rotation",
                    [
                        refreshing(&small.token_url, small_refreshes),
                        refreshing(&large.token_url, large_refreshes),
                    ],
                ),
                (
                    "introspection, opaque",
                    [small, large]
                        .map(|side| asking(&side.introspection_url, CLIENT, &side.tokens)),
                ),
                (
                    "introspection, JWT",
                    [small, large]
                        .map(|side| asking(&side.introspection_url, JWT_CLIENT, &side.jwts)),
                ),
            ];
            for (name, [on_small, on_large]) in pairs {
                let measured = self.in_turn([
                    (&small.server, on_small.by(connections)),
                    (&large.server, on_large.by(connections)),
                ])?;
                self.compare_sides(store, (name, connections), &measured)?;
            }
        }
        let [one, other] = sides;
        one.server.stop()?;
        other.server.stop()?;
        empty.clear()
    }

    fn starts_on_full(&mut self, store: &Store, full: &Store) -> Outcome<()> {
        let launch = self.launch(full, Cost::SMALLEST);
        // What is done once for a new hash cost is done before it counts.
        Server::start(&launch)?.stop()?;
        let starts = self.starts(launch)?;
        let name = |what| {
            let sessions = self.settings.pace.full.sessions;
            format!("start to ready with {sessions} sessions, {what}")
        };
        let figure = |what, value| Figure::new(name(what), store.name, value, "ms");
        let median = figure("median", starts.median).wanted("<= 100");
        let slowest = figure("slowest", starts.slowest);
        self.figures.extend([median, slowest]);
        Ok(())
    }

    fn side_of(&self, store: &Store) -> Outcome<Side> {
        let launch = self.launch(store, Cost::SMALLEST);
        let grant = launch.password_grant();
        let server = Server::start(&launch)?;
        let side = Side {
            token_url: server.url(TOKEN),
            introspection_url: server.url(introspection::PATH),
            tokens: active_tokens(&server, CLIENT, &grant)?,
            jwts: active_tokens(&server, JWT_CLIENT, &grant)?,
            server,
            grant,
        };
        side.server.settle()?;
        Ok(side)
    }

    fn compare_sides(
        &mut self,
        store: &Store,
        (name, connections): (&str, u32),
        [small, full]: &[Rounds; 2],
    ) -> Outcome<()> {
        let sessions = self.settings.pace.full.sessions;
        self.rows.extend([
            small
                .quickest()?
                .row(&format!("{name} / 0"), store, connections),
            full.quickest()?
                .row(&format!("{name} / {sessions}"), store, connections),
        ]);
        let figure = |what, value, wanted| {
            let name = format!("{name}: {what}, full by small, {connections} connections");
            Figure::new(name, store.name, value, "").wanted(wanted)
        };
        let ratio = |value: fn(&Measured) -> f64| full.least(value) / small.least(value);
        let cpu = ratio(|round| round.cpu_milliseconds);
        let p99 = ratio(|round| round.answers.p99_milliseconds());
        self.figures
            .extend([figure("CPU", cpu, "<= 1.10"), figure("p99", p99, "<= 1.25")]);
        Ok(())
    }
}

impl Side {
    fn credentials<'a>(&'a self, client: &'a str) -> Load<'a> {
        Load::post(&self.token_url, client, credentials::FORM)
    }
}
