//! What every handler is given.

use std::sync::Arc;

use actix_web::web;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_domain::AuthorizationServer;
use grantor_domain::fault::Fault;
use grantor_domain::time::Timestamp;
use ipnet::IpNet;

use crate::blocking::{Dropped, Lanes};
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
        known(self.lanes.fast.run(self.of(workflow)).await)
    }

    /// Runs one for somebody who waits for a token or its fate: a store that does not answer in time is told as one
    /// that does not answer.
    pub(crate) async fn run_promptly<T, E>(
        &self,
        workflow: impl FnOnce(&AuthorizationServer) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Into<Failure> + Send + 'static,
    {
        known(self.lanes.fast.run_promptly(self.of(workflow)).await)
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
        known(self.lanes.login.run(self.of(workflow)).await)
    }

    /// Runs one that hashes a password for somebody who waits for a token.
    pub(crate) async fn run_login_promptly<T, E>(
        &self,
        workflow: impl FnOnce(&AuthorizationServer) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Into<Failure> + Send + 'static,
    {
        known(self.lanes.login.run_promptly(self.of(workflow)).await)
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

    /// A workflow as a job.
    fn of<T>(
        &self,
        workflow: impl FnOnce(&AuthorizationServer) -> T + Send + 'static,
    ) -> impl FnOnce() -> T + Send + 'static {
        let server = Arc::clone(&self.server);
        move || workflow(&server)
    }
}

/// What is known of a job.
fn known<T, E: Into<Failure>>(outcome: Result<Result<T, E>, Dropped>) -> Result<T, Failure> {
    match outcome {
        Ok(answer) => answer.map_err(Into::into),
        Err(Dropped::Full) => Err(Fault::Overloaded("the queue for workers is full").into()),
        Err(Dropped::Late) => Err(Fault::Overloaded("no worker was free in time").into()),
        Err(Dropped::Unfinished) => {
            Err(Fault::Unavailable("the store did not answer in time".to_owned()).into())
        }
        Err(Dropped::Panicked) => Err(Failure::Panicked),
    }
}
