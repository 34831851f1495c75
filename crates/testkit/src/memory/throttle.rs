//! Budgets in memory: the generic cell rate algorithm, one instant per key.

use grantor_domain::Fault;
use grantor_domain::policy::Budget;
use grantor_domain::ports::{Debit, Debited, Throttle};
use grantor_domain::time::Timestamp;

use super::Memory;

const MINUTE: i64 = 60_000_000;

fn interval(budget: Budget) -> i64 {
    MINUTE / i64::from(budget.per_minute.max(1))
}

impl Throttle for Memory {
    fn debit(&self, debits: &[Debit], now: Timestamp) -> Result<Debited, Fault> {
        let mut state = self.state();
        let mut levels = Vec::with_capacity(debits.len());
        for debit in debits {
            let level = state.levels.get(&debit.key).copied().unwrap_or(i64::MIN);
            let next = level.max(now.as_micros()) + interval(debit.budget);
            let most = now.as_micros() + interval(debit.budget) * i64::from(debit.budget.burst);
            if next > most {
                let room = Timestamp::from_micros(now.as_micros() + (next - most));
                return Ok(Debited::Refused {
                    retry_after: room.since(now),
                });
            }
            levels.push((debit.key.clone(), next));
        }
        state.levels.extend(levels);
        Ok(Debited::Granted)
    }

    fn refund(&self, debits: &[Debit], _now: Timestamp) -> Result<(), Fault> {
        let mut state = self.state();
        for debit in debits {
            if let Some(level) = state.levels.get_mut(&debit.key) {
                *level -= interval(debit.budget);
            }
        }
        Ok(())
    }
}
