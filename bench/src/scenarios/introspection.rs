//! Introspection of an opaque access token by the client that has it.

use std::time::Duration;

use serde_json::Value;

use crate::ceiling::Cost;
use crate::failure::{Context as _, Failure, Outcome};
use crate::http;
use crate::load::Load;
use crate::report::Figure;
use crate::server::{CLIENT, Server, Store};

use super::{Bench, CONNECTIONS};

pub(super) const PATH: &str = "/auth/introspect";

impl Bench<'_> {
    pub(super) fn introspection(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::DEFAULT);
        let server = Server::start(&launch)?;
        let form = active_token(&server, &launch.password_grant())?;
        let url = server.url(PATH);
        for connections in CONNECTIONS {
            let load = Load {
                url: &url,
                numbers: 0,
                authorization: CLIENT,
                form: &form,
                connections,
                pause: Duration::ZERO,
            };
            let measured = self.measure(&server, &load)?;
            self.rows
                .push(measured.row("introspection", store, connections));
            let cpu = measured.cpu_milliseconds;
            let name = format!("opaque introspection, {connections} connections");
            self.figures
                .push(Figure::new(name, store.name, cpu, "ms CPU").wanted("<= 0.2"));
        }
        server.stop()
    }
}

/// Gets a token; answers the form that introspects it, once the server has said that it is active.
pub(super) fn active_token(server: &Server, password_grant: &str) -> Outcome<String> {
    let tokens = http::post(&server.url("/auth/token"), CLIENT, password_grant)?;
    let token = tokens.get("access_token").and_then(Value::as_str);
    let form = format!(
        "token={}",
        token.context("the token response has no access_token")?
    );
    let introspection = http::post(&server.url(PATH), CLIENT, &form)?;
    if introspection.get("active") == Some(&Value::Bool(true)) {
        Ok(form)
    } else {
        Err(Failure::new(format!(
            "the token is not active: {introspection}"
        )))
    }
}
