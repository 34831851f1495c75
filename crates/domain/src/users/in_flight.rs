//! Tries that are being checked in this process. They hold their debits until it is known that the
//! password was right, so a budget may be without room because of them alone.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::ports::Debit;

/// How often a try waits for others before it is refused.
const MOST_WAITS: usize = 64;

/// How many tries hold a debit of each budget.
#[derive(Clone, Default)]
pub(crate) struct InFlight(Arc<Held>);

#[derive(Default)]
struct Held {
    counts: Mutex<HashMap<String, u32>>,
    ended: Condvar,
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One try that holds its debits; it ends when dropped.
pub(crate) struct Try {
    held: Arc<Held>,
    keys: Vec<String>,
}

impl Drop for Try {
    fn drop(&mut self) {
        let mut counts = self.held.lock();
        for key in &self.keys {
            if let Some(count) = counts.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(key);
                }
            }
        }
        self.held.ended.notify_all();
    }
}

impl InFlight {
    /// Asks for room until there is some. A refusal counts when tries in flight hold less than half of
    /// each budget: then failures have spent it, which waiting does not help. Otherwise the next of
    /// them to end may leave room.
    pub(crate) fn admit<E>(
        &self,
        debits: &[Debit],
        mut ask: impl FnMut() -> Result<bool, E>,
    ) -> Result<Option<Try>, E> {
        for _ in 0..MOST_WAITS {
            let held_before = holds_half(&self.0.lock(), debits);
            if ask()? {
                return Ok(Some(self.begin(debits)));
            }
            let counts = self.0.lock();
            if holds_half(&counts, debits) {
                let woken = self.0.ended.wait(counts);
                drop(woken.unwrap_or_else(PoisonError::into_inner));
            } else if !held_before {
                break;
            }
        }
        Ok(None)
    }

    fn begin(&self, debits: &[Debit]) -> Try {
        let keys: Vec<String> = debits.iter().map(|debit| debit.key.clone()).collect();
        let mut counts = self.0.lock();
        for key in &keys {
            *counts.entry(key.clone()).or_default() += 1;
        }
        drop(counts);
        Try {
            held: Arc::clone(&self.0),
            keys,
        }
    }
}

/// Whether tries in flight hold half of one of these budgets, or more.
fn holds_half(counts: &HashMap<String, u32>, debits: &[Debit]) -> bool {
    debits.iter().any(|debit| {
        let held = counts.get(&debit.key).copied().unwrap_or_default();
        held > 0 && held >= debit.budget.burst.div_ceil(2)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::fault::Fault;
    use crate::policy::{Budget, BudgetScope};

    fn debits(burst: u32) -> Vec<Debit> {
        vec![Debit {
            key: "a".to_owned(),
            scope: BudgetScope::Account,
            budget: Budget::per_minute(burst, 1),
        }]
    }

    fn held(in_flight: &InFlight, debits: &[Debit]) -> Try {
        let admitted = in_flight.admit(debits, || Ok::<_, Fault>(true)).unwrap();
        admitted.unwrap()
    }

    #[test]
    fn a_refusal_counts_at_once_when_failures_spent_the_budget() {
        let (in_flight, debits) = (InFlight::default(), debits(4));
        let _one = held(&in_flight, &debits);
        let mut asked = 0;
        let refused = in_flight.admit(&debits, || {
            asked += 1;
            Ok::<_, Fault>(false)
        });
        assert!(refused.unwrap().is_none());
        assert_eq!(asked, 1);
    }

    #[test]
    fn a_try_waits_for_those_that_hold_the_budget() {
        let (in_flight, debits) = (InFlight::default(), debits(2));
        let first = held(&in_flight, &debits);
        let room = AtomicU32::new(0);
        let (asked, asking) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                in_flight.admit(&debits, || {
                    let answer = room.load(Ordering::SeqCst) > 0;
                    asked.send(answer).unwrap();
                    Ok::<_, Fault>(answer)
                })
            });
            assert_eq!(asking.recv(), Ok(false));
            room.store(1, Ordering::SeqCst);
            drop(first);
            assert!(second.join().unwrap().unwrap().is_some());
        });
    }

    #[test]
    fn a_fault_is_passed_on_and_what_ended_is_forgotten() {
        let (in_flight, debits) = (InFlight::default(), debits(2));
        drop(held(&in_flight, &debits));
        assert!(in_flight.0.lock().is_empty());
        let fault = || Err::<bool, _>(Fault::Contended);
        let answer = in_flight.admit(&debits, fault);
        assert_eq!(answer.map(drop).unwrap_err(), Fault::Contended);
    }
}
