//! Whether what needs no hash stays quick while others log in.

use std::time::Duration;

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::load::Load;
use crate::report::Figure;
use crate::server::{CLIENT, JWT_CLIENT, Server};
use crate::store::Store;

use super::introspection::{self, active_tokens, asking};
use super::measure::row;
use super::{Bench, TOKEN, credentials};

/// Connections that log in.
const LOGGING_IN: u32 = 16;
/// Connections that do the other thing.
const OTHERS: u32 = 16;
/// How much longer than the others they log in.
const LONGER: Duration = Duration::from_secs(1);

/// What is done while others log in.
struct Other<'a> {
    name: &'static str,
    short: &'static str,
    load: Load<'a>,
    /// What is wanted of its rate, by its rate alone.
    wanted: &'static str,
}

impl Bench<'_> {
    /// Client credentials and introspection, each alone and then while 16 connections log in.
    pub(super) fn mixed(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::DEFAULT);
        let grant = launch.password_grant();
        let server = Server::start(&launch)?;
        let (token, introspection) = (server.url(TOKEN), server.url(introspection::PATH));
        let tokens = active_tokens(&server, CLIENT, &grant)?;
        let logins = Load::post(&token, CLIENT, &grant).by(LOGGING_IN);
        for other in [
            Other {
                name: "client credentials, JWT ES256",
                short: "client credentials",
                load: Load::post(&token, JWT_CLIENT, credentials::FORM).by(OTHERS),
                wanted: ">= 0.5",
            },
            Other {
                name: "introspection, opaque",
                short: "introspection",
                load: asking(&introspection, CLIENT, &tokens).by(OTHERS),
                wanted: "",
            },
        ] {
            self.ask_while_others_log_in(store, &server, (&other, &logins))?;
        }
        server.stop()
    }

    fn ask_while_others_log_in(
        &mut self,
        store: &Store,
        server: &Server,
        (other, logins): (&Other<'_>, &Load<'_>),
    ) -> Outcome<()> {
        let name = other.name;
        let alone = self.measure(server, &other.load)?;
        // The logins begin before what counts and end after it.
        let pace = &self.settings.pace;
        let logging_in = self.loader.ready(logins)?;
        let logging_in = logging_in.start(pace.warm_up + pace.load + LONGER)?;
        self.loader.run(&other.load, pace.warm_up)?;
        let mixed = self.loader.run(&other.load, pace.load)?;
        let logins = logging_in.finish()?;
        server.settle()?;
        let alone = alone.row(&format!("{name}, alone"), store, OTHERS);
        let mixed = row(&mixed, &format!("{name}, with logins"), store, OTHERS);
        let figure = |what, value, unit| {
            let name = format!("{name}: {what}");
            Figure::new(name, store.name, value, unit)
        };
        let rate = mixed.requests_per_second / alone.requests_per_second;
        self.figures.extend([
            figure("with logins by alone", rate, "").wanted(other.wanted),
            figure("p99 with logins", mixed.p99_milliseconds, "ms").wanted("<= 50"),
        ]);
        let logins = row(
            &logins,
            &format!("password grants beside {}", other.short),
            store,
            LOGGING_IN,
        );
        self.rows.extend([alone, mixed, logins]);
        Ok(())
    }
}
