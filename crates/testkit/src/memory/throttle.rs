//! Budgets in memory: the generic cell rate algorithm, one instant per key.

use grantor_domain::Fault;
use grantor_domain::policy::BudgetScope;
use grantor_domain::ports::{Debit, Debited, Throttle};
use grantor_domain::time::Timestamp;

use super::Memory;

impl Throttle for Memory {
    fn debit(&self, debits: &[Debit], now: Timestamp) -> Result<Debited, Fault> {
        let mut state = self.state();
        let mut levels = Vec::with_capacity(debits.len());
        let mut refused: Option<(i64, BudgetScope)> = None;
        for debit in debits {
            let level = state.levels.get(&debit.key).copied().unwrap_or(i64::MIN);
            let cost = debit.budget.interval();
            let next = level.max(now.as_micros()) + cost;
            let most = now.as_micros() + cost * i64::from(debit.budget.burst);
            if refused.map_or(0, |(wait, _)| wait) < next - most {
                refused = Some((next - most, debit.scope));
            }
            levels.push((debit.key.clone(), next));
        }
        if let Some((wait, scope)) = refused {
            let room = Timestamp::from_micros(now.as_micros() + wait);
            return Ok(Debited::Refused {
                retry_after: room.since(now),
                scope,
            });
        }
        state.levels.extend(levels);
        Ok(Debited::Granted)
    }

    fn refund(&self, debits: &[Debit], _now: Timestamp) -> Result<(), Fault> {
        let mut state = self.state();
        for debit in debits {
            if let Some(level) = state.levels.get_mut(&debit.key) {
                *level -= debit.budget.interval();
            }
        }
        Ok(())
    }
}
