//! Logins that fail, which are to take as long as those that do not: a wrong password, and nobody's name.

use crate::ceiling::{Cost, Yardstick};
use crate::failure::{Failure, Outcome};
use crate::http;
use crate::load::Load;
use crate::server::{CLIENT, Server};
use crate::store::Store;

use super::measure::{Subject, Wanted};
use super::{Bench, TOKEN};

impl Bench<'_> {
    /// Both, beside Argon2id alone.
    pub(super) fn wrong(&mut self, store: &Store) -> Outcome<()> {
        let launch = self.launch(store, Cost::DEFAULT);
        let user = launch.user();
        let server = Server::start(&launch)?;
        let url = server.url(TOKEN);
        let hashes = self.yardstick(|| Ok(Yardstick::Hashes(Cost::DEFAULT)))?;
        for (name, user) in [
            ("wrong password", user.as_str()),
            ("unknown user", "nobody-of-that-name"),
        ] {
            let form = format!("grant_type=password&username={user}&password=wrong-password");
            let status = http::status_of_post(&url, CLIENT, &form)?;
            if !(400..500).contains(&status) {
                return Err(Failure::new(format!("{name}: answered {status}")));
            }
            let load = Load::post(&url, CLIENT, &form);
            let subject = Subject {
                name,
                load: Load {
                    wanted: Some(status),
                    ..load
                },
                yardstick: hashes.as_ref(),
                wanted: &|_| Wanted::default(),
            };
            self.measure_each(store, &server, &subject)?;
        }
        server.stop()
    }
}
