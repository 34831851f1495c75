//! Ending sessions: each connection opens one, ends it, and so on. Every request commits something.

use crate::ceiling::{Cost, Table, Yardstick};
use crate::failure::Outcome;
use crate::load::{Chain, Load};
use crate::server::{CLIENT, Server};
use crate::store::Store;

use super::credentials::FORM;
use super::measure::{Subject, Wanted};
use super::{Bench, TOKEN};

impl Bench<'_> {
    /// Revocation, and `DELETE /Session`, beside commits of one row.
    pub(super) fn revoke(&mut self, store: &Store) -> Outcome<()> {
        let server = Server::start(&self.launch(store, Cost::DEFAULT))?;
        let url = server.url(TOKEN);
        let inserts = self.yardstick(|| Table::make(store).map(Yardstick::Inserts))?;
        for (name, chain) in [
            ("token, then POST /auth/revoke", Chain::Revoke),
            ("token, then DELETE /Session", Chain::Close),
        ] {
            let load = Load::post(&url, CLIENT, FORM);
            let subject = Subject {
                name,
                load: Load { chain, ..load },
                yardstick: inserts.as_ref(),
                wanted: &|_| Wanted::default(),
            };
            self.measure_each(store, &server, &subject)?;
        }
        server.stop()
    }
}
