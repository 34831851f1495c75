//! Budgets for guesses, and the networks whose guesses are their own.

use grantor_domain::Fault;
use grantor_domain::ports::{Debit, Debited, FamiliarNetworks, Place, Throttle};
use grantor_domain::time::Timestamp;

use super::super::queries::{familiar_networks, throttle};
use super::super::relax_durability;
use super::Adapter;

impl Throttle for Adapter {
    fn debit(&self, debits: &[Debit], now: Timestamp) -> Result<Debited, Fault> {
        self.write(|conn| {
            relax_durability(conn)?;
            throttle::debit(conn, debits, now)
        })
    }

    fn refund(&self, debits: &[Debit], _now: Timestamp) -> Result<(), Fault> {
        self.write(|conn| {
            relax_durability(conn)?;
            Ok(throttle::refund(conn, debits)?)
        })
    }
}

impl FamiliarNetworks for Adapter {
    fn last_success(&self, place: &Place) -> Result<Option<Timestamp>, Fault> {
        self.read(|conn| Ok(familiar_networks::last_success(conn, place)?))
    }

    /// Each statement by itself: none waits for another's while it holds a row.
    fn remember(&self, place: &Place, at: Timestamp, most: u32) -> Result<(), Fault> {
        self.write(|conn| {
            relax_durability(conn)?;
            Ok(familiar_networks::remember(conn, place, at)?)
        })?;
        let beyond = self.read(|conn| Ok(familiar_networks::beyond(conn, place, most)?))?;
        if beyond.is_empty() {
            return Ok(());
        }
        self.write(|conn| {
            relax_durability(conn)?;
            Ok(familiar_networks::remove(conn, place, &beyond)?)
        })
    }

    fn forget(&self, before: Timestamp, limit: u32) -> Result<u32, Fault> {
        self.write(|conn| Ok(familiar_networks::forget(conn, before, limit)?))
    }
}
