//! Familiar networks in memory.

use grantor_domain::Fault;
use grantor_domain::ports::{FamiliarNetworks, Place};
use grantor_domain::time::Timestamp;

use super::Memory;

impl FamiliarNetworks for Memory {
    fn last_success(&self, place: &Place) -> Result<Option<Timestamp>, Fault> {
        Ok(self.state().familiar.get(place).copied())
    }

    fn remember(&self, place: &Place, at: Timestamp, most: u32) -> Result<(), Fault> {
        let mut state = self.state();
        let last = state.familiar.entry(place.clone()).or_insert(at);
        *last = at.max(*last);
        let mut known: Vec<(Timestamp, Place)> = state
            .familiar
            .iter()
            .filter(|(known, _)| known.account == place.account)
            .map(|(known, last)| (*last, known.clone()))
            .collect();
        known.sort_by(|a, b| b.cmp(a));
        for (_, oldest) in known.into_iter().skip(most as usize) {
            state.familiar.remove(&oldest);
        }
        Ok(())
    }

    fn forget(&self, before: Timestamp, limit: u32) -> Result<u32, Fault> {
        let mut state = self.state();
        let old: Vec<Place> = state
            .familiar
            .iter()
            .filter(|(_, last)| **last < before)
            .map(|(place, _)| place.clone())
            .take(limit as usize)
            .collect();
        for place in &old {
            state.familiar.remove(place);
        }
        Ok(u32::try_from(old.len()).unwrap_or(limit))
    }
}
