//! Whether anybody notices that sessions which ended are being cleared away.

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::load::{Answers, Load};
use crate::report::Figure;
use crate::server::{CLIENT, Clearing, Launch, Server};
use crate::store::Store;

use super::introspection::{self, active_tokens, asking};
use super::measure::row;
use super::{Bench, TOKEN, credentials};

/// Connections of a load: one shows what a request waits for, many what happens when all cores are busy.
const CONNECTIONS: [u32; 2] = [1, 16];
/// How often the server is asked without clearing, and then while it clears.
const ROUNDS: u32 = 3;

/// What is asked, and by how many connections.
type Question = (&'static str, u32);

/// The answers to each question in one round.
type Round = Vec<(Question, Answers)>;

impl Bench<'_> {
    /// Client credentials and introspection on a full store, without clearing and during it in turn. Four of five
    /// sessions of the store have ended and go, and afterwards it is full no longer.
    pub(super) fn clearing(&mut self, store: &Store) -> Outcome<()> {
        let full = self.full_store(store)?;
        let (mut alone, mut during) = (Vec::new(), Vec::new());
        let mut cleared = Vec::new();
        for _ in 0..ROUNDS {
            alone.push(self.round_of(&full, Clearing::Never)?.0);
            let (round, rate) = self.round_of(&full, Clearing::AtOnce)?;
            during.push(round);
            cleared.push(rate);
        }
        full.clear()?;
        self.has_full_store = false;
        for (number, (question, _)) in alone.first().into_iter().flatten().enumerate() {
            self.compare_rounds(store, (*question, number), [&alone, &during]);
        }
        let least = cleared.into_iter().fold(f64::INFINITY, f64::min);
        let figure = Figure::new("sessions cleared away".to_owned(), store.name, least, "/s");
        // A round in which all had gone before it ended says nothing.
        self.figures.push(figure.wanted("> 0"));
        Ok(())
    }

    /// The answers of a server, and how many sessions it cleared away in a second while the last load ran.
    fn round_of(&self, store: &Store, clearing: Clearing) -> Outcome<(Round, f64)> {
        let pace = &self.settings.pace;
        let launch = Launch {
            clearing,
            ..self.launch(store, Cost::SMALLEST)
        };
        let server = Server::start(&launch)?;
        let tokens = active_tokens(&server, CLIENT, &launch.password_grant())?;
        let (token, introspection) = (server.url(TOKEN), server.url(introspection::PATH));
        let loads = [
            (
                "client credentials, opaque",
                Load::post(&token, CLIENT, credentials::FORM),
            ),
            (
                "introspection, opaque",
                asking(&introspection, CLIENT, &tokens),
            ),
        ];
        let (mut round, mut rate) = (Vec::new(), 0.0);
        for connections in CONNECTIONS {
            for (name, load) in &loads {
                let load = load.by(connections);
                self.loader.run(&load, pace.warm_up)?;
                let before = server.cleared_sessions()?;
                let answers = self.loader.run(&load, pace.round)?;
                rate = (server.cleared_sessions()? - before) / pace.round.as_secs_f64();
                round.push(((*name, connections), answers));
            }
        }
        server.stop()?;
        Ok((round, rate))
    }

    /// The round with the least p99 of each side counts: what else runs only adds to it.
    fn compare_rounds(
        &mut self,
        store: &Store,
        ((name, connections), number): (Question, usize),
        sides: [&Vec<Round>; 2],
    ) {
        let calmest = sides.map(|rounds| {
            let answers = rounds.iter().filter_map(|round| round.get(number));
            answers
                .map(|(_, answers)| answers)
                .min_by(|one, other| one.p99_milliseconds().total_cmp(&other.p99_milliseconds()))
        });
        let [Some(alone), Some(during)] = calmest else {
            return;
        };
        let rows = [(alone, "no clearing"), (during, "clearing")]
            .map(|(answers, what)| row(answers, &format!("{name}, {what}"), store, connections));
        self.rows.extend(rows);
        let ratio = during.p99_milliseconds() / alone.p99_milliseconds();
        let name = format!("{name}: p99, clearing by none, {connections} connections");
        let figure = Figure::new(name, store.name, ratio, "");
        self.figures.push(figure.wanted("<= 1.10"));
    }
}
