//! What the server takes when it is asked much, beyond what it takes when it is asked nothing.

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::load::Load;
use crate::report::Figure;
use crate::server::{Bundle, CLIENT, JWT_CLIENT, Server};
use crate::store::Store;

use super::introspection::{self, active_token, asking};
use super::{Bench, TOKEN, credentials};

const CONNECTIONS: u32 = 64;
/// MiB that a thread may have for its hashes.
const HASHER: f64 = 20.0;

impl Bench<'_> {
    /// Logins, client credentials and introspection in turn, each by 64 connections.
    pub(super) fn memory(&mut self, store: &Store) -> Outcome<()> {
        let mut launch = self.launch(store, Cost::DEFAULT);
        let grant = launch.password_grant();
        Server::start(&launch)?.stop()?;
        launch.bundle = Bundle::None;
        let server = Server::start(&launch)?;
        server.settle()?;
        let idle = server.memory()?.resident;
        let (token, introspection) = (server.url(TOKEN), server.url(introspection::PATH));
        let tokens = [active_token(&server, CLIENT, &grant)?];
        for load in [
            Load::post(&token, CLIENT, &grant),
            Load::post(&token, JWT_CLIENT, credentials::FORM),
            asking(&introspection, CLIENT, &tokens),
        ] {
            self.loader
                .run(&load.by(CONNECTIONS), self.settings.pace.load)?;
        }
        server.settle()?;
        let loaded = server.memory()?;
        #[expect(clippy::cast_precision_loss, reason = "a machine has few cores")]
        let hashers = HASHER * self.cores as f64;
        let figure = |name: &str, value| Figure::new(name, store.name, value, "MiB");
        self.figures.extend([
            figure("memory idle (VmRSS)", idle).wanted("<= 20"),
            figure("memory loaded, peak (VmHWM)", loaded.peak),
            figure("memory after the load (VmRSS)", loaded.resident),
            figure(
                "memory loaded: beyond idle and 20 MiB a hasher",
                loaded.peak - idle - hashers,
            )
            .wanted("<= 30"),
        ]);
        server.stop()
    }
}
