//! What every handler is given.

use std::sync::Arc;

use actix_web::web;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_domain::AuthorizationServer;
use grantor_domain::fault::Fault;
use grantor_domain::time::Timestamp;
use ipnet::IpNet;

use crate::blocking::{Dropped, Lane, Lanes};
use crate::error::Failure;
use crate::options::{SpanSink, TimeLimits};
use crate::resources::{Dialect, PageKey, Place};

/// The authorization server, the lanes its workflows run in, and the proxies that are believed.
pub(crate) struct State {
    pub(crate) server: Arc<AuthorizationServer>,
    pub(crate) lanes: Lanes,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) pages: PageKey,
    pub(crate) limits: TimeLimits,
    pub(crate) spans: Option<SpanSink>,
}

/// [`State`] as handlers take it.
pub(crate) type Server = web::Data<State>;

impl State {
    /// Runs a workflow that never waits for a password hash.
    pub(crate) async fn run<T, E>(
        &self,
        workflow: impl FnOnce(&AuthorizationServer) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Into<Failure> + Send + 'static,
    {
        self.run_in(&self.lanes.fast, workflow).await
    }

    /// Runs a workflow that hashes a password.
    pub(crate) async fn run_login<T, E>(
        &self,
        workflow: impl FnOnce(&AuthorizationServer) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Into<Failure> + Send + 'static,
    {
        self.run_in(&self.lanes.login, workflow).await
    }

    /// The issuer, which every link begins with.
    pub(crate) fn issuer(&self) -> &str {
        &self.server.policy().issuer
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        self.server.ports().clock.now()
    }

    /// 32 random bytes, as text.
    pub(crate) fn random_text(&self) -> Result<String, Failure> {
        let mut bytes = [0; 32];
        self.server.ports().randomness.fill(&mut bytes)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The path of the issuer: what links within this server begin with.
    pub(crate) fn root(&self) -> &str {
        let after_scheme = self.issuer().split_once("://").map_or("", |(_, rest)| rest);
        after_scheme
            .find('/')
            .map_or("", |at| after_scheme.split_at(at).1)
    }

    /// Where resources are, as a request to `path` addresses them.
    pub(crate) fn place(&self, path: &str) -> Place {
        let dialect = Dialect::of(path);
        Place {
            base: format!("{}{}", self.issuer(), dialect.prefix()),
            dialect,
        }
    }

    async fn run_in<T, E>(
        &self,
        lane: &Lane,
        workflow: impl FnOnce(&AuthorizationServer) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Into<Failure> + Send + 'static,
    {
        let server = Arc::clone(&self.server);
        match lane.run(move || workflow(&server)).await {
            Ok(answer) => answer.map_err(Into::into),
            Err(Dropped::Full) => Err(Fault::Overloaded("the queue for workers is full").into()),
            Err(Dropped::Late) => Err(Fault::Overloaded("no worker was free in time").into()),
            Err(Dropped::Panicked) => Err(Failure::Panicked),
        }
    }
}
