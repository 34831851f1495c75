//! What a [`Throttle`](grantor_domain::ports::Throttle) owes.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use std::sync::Barrier;
use std::thread;

use grantor_domain::policy::{Budget, BudgetScope};
use grantor_domain::ports::{Debit, Debited};
use grantor_domain::time::{Lifetime, Timestamp};

use super::Stores;
use super::samples::{NOW, after};

/// One try is given back every ten seconds.
fn debit(key: &str, burst: u32) -> Debit {
    Debit {
        key: key.to_owned(),
        scope: BudgetScope::Account,
        budget: Budget::per_minute(burst, 6),
    }
}

fn is_granted(stores: &Stores, debits: &[Debit], now: Timestamp) -> bool {
    stores.throttle.debit(debits, now).unwrap() == Debited::Granted
}

/// Of every key on its own.
pub fn a_burst_is_granted_and_no_more(stores: &Stores) {
    let a = [debit("a", 3)];
    let granted: Vec<bool> = (0..5).map(|_| is_granted(stores, &a, NOW)).collect();
    assert_eq!(granted, [true, true, true, false, false]);
    assert!(is_granted(stores, &[debit("b", 3)], NOW));
}

/// Not even the budgets that had room; waiting as long as it says is enough.
pub fn a_refusal_debits_nothing_and_says_when(stores: &Stores) {
    let (small, large) = (debit("small", 1), debit("a-large", 3));
    let both = [small.clone(), large.clone()];
    assert!(is_granted(stores, &both, NOW));
    let refused = Debited::Refused {
        retry_after: Lifetime::from_seconds(10),
        scope: BudgetScope::Account,
    };
    for _ in 0..5 {
        assert_eq!(stores.throttle.debit(&both, NOW), Ok(refused));
    }
    let refused = Debited::Refused {
        retry_after: Lifetime::from_seconds(3),
        scope: BudgetScope::Account,
    };
    assert_eq!(stores.throttle.debit(&both, after(7)), Ok(refused));
    let large = [large];
    let granted: Vec<bool> = (0..3).map(|_| is_granted(stores, &large, NOW)).collect();
    assert_eq!(
        granted,
        [true, true, false],
        "the refusals took nothing from it"
    );
    assert!(is_granted(stores, &[small], after(10)));
}

/// Whatever the order in which they are named, and though the first to be asked has room before the last.
pub fn a_refusal_says_when_every_budget_has_room_and_which_is_last(stores: &Stores) {
    let of = |key: &str, scope, per_minute| Debit {
        key: key.to_owned(),
        scope,
        budget: Budget::per_minute(1, per_minute),
    };
    let soon = of("a-soon", BudgetScope::Account, 6);
    let late = of("b-late", BudgetScope::Network, 1);
    let sooner = of("c-sooner", BudgetScope::Global, 60);
    let mut all = vec![soon, late, sooner];
    assert!(is_granted(stores, &all, NOW));
    let refused = Debited::Refused {
        retry_after: Lifetime::from_seconds(60),
        scope: BudgetScope::Network,
    };
    for _ in 0..3 {
        assert_eq!(stores.throttle.debit(&all, NOW), Ok(refused));
        all.rotate_left(1);
    }
    let refused = Debited::Refused {
        retry_after: Lifetime::from_seconds(1),
        scope: BudgetScope::Network,
    };
    assert_eq!(stores.throttle.debit(&all, after(59)), Ok(refused));
    assert!(is_granted(stores, &all, after(60)));
}

/// One try after another, evenly over the day.
pub fn a_budget_of_a_day_fills_as_slowly(stores: &Stores) {
    let day = [Debit {
        key: "day".to_owned(),
        scope: BudgetScope::Account,
        budget: Budget::per_day(2, 24),
    }];
    let tries = |now| (0..4).filter(|_| is_granted(stores, &day, now)).count();
    assert_eq!(tries(NOW), 2);
    assert_eq!(tries(after(3599)), 0);
    assert_eq!(tries(after(3600)), 1);
    let refused = Debited::Refused {
        retry_after: Lifetime::from_seconds(3600),
        scope: BudgetScope::Account,
    };
    assert_eq!(stores.throttle.debit(&day, after(3600)), Ok(refused));
    assert_eq!(tries(after(24 * 3600)), 2);
}

/// Never above its burst, however long nobody tried.
pub fn a_budget_fills_again_with_time(stores: &Stores) {
    let a = [debit("a", 2)];
    let tries = |now| (0..4).filter(|_| is_granted(stores, &a, now)).count();
    assert_eq!(tries(NOW), 2);
    assert_eq!(tries(after(9)), 0);
    assert_eq!(tries(after(10)), 1);
    assert_eq!(tries(after(1000)), 2);
}

/// To the budgets named and to no other; a budget unknown to it is full anyway.
pub fn a_refund_gives_the_try_back(stores: &Stores) {
    let (a, b) = (debit("a", 1), debit("b", 1));
    let both = [a.clone(), b.clone()];
    assert!(is_granted(stores, &both, NOW));
    stores
        .throttle
        .refund(&[a.clone(), debit("unknown", 1)], NOW)
        .unwrap();
    assert!(is_granted(stores, &[a], NOW));
    assert!(!is_granted(stores, &[b], NOW));
    assert!(is_granted(stores, &[debit("unknown", 1)], NOW));
}

/// From the first try on.
pub fn an_empty_budget_refuses_everything(stores: &Stores) {
    assert!(!is_granted(stores, &[debit("a", 0)], NOW));
    assert!(!is_granted(stores, &[debit("a", 0)], after(3600)));
}

/// 32 threads on two shared budgets, named in either order, with refunds between them.
pub fn many_threads_never_exceed_the_budget(stores: &Stores) {
    const THREADS: usize = 32;
    const TRIES: usize = 4;
    let (small, large) = (debit("m-small", 20), debit("a-large", 100));
    let barrier = Barrier::new(THREADS);
    let granted: usize = thread::scope(|scope| {
        let (barrier, small, large) = (&barrier, &small, &large);
        let racers: Vec<_> = (0..THREADS)
            .map(|racer| {
                let mut debits = vec![small.clone(), large.clone()];
                if racer % 2 == 0 {
                    debits.reverse();
                }
                scope.spawn(move || {
                    barrier.wait();
                    let kept = (0..TRIES).filter(|attempt| {
                        let granted = is_granted(stores, &debits, NOW);
                        let refunds = granted && racer % 4 == 0 && attempt % 2 == 0;
                        if refunds {
                            stores.throttle.refund(&debits, NOW).unwrap();
                        }
                        granted && !refunds
                    });
                    kept.count()
                })
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).sum()
    });
    assert_eq!(granted, 20, "more tries were made than there was room for");
    assert!(!is_granted(stores, &[small], NOW));
    let rest = [large];
    let left = (0..100).filter(|_| is_granted(stores, &rest, NOW)).count();
    assert_eq!(
        left, 80,
        "refusals and refunds took nothing from the other budget"
    );
}
