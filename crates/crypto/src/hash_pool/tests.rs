use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use grantor_domain::ports::MockRandomness;

use super::*;
use crate::fakes::CountingRandomness;

const LONG: Duration = Duration::from_secs(60);

fn options() -> HashPoolOptions {
    HashPoolOptions {
        m_cost: 64,
        t_cost: 1,
        p_cost: 1,
        threads: 1,
        queue: 8,
        max_wait: LONG,
    }
}

fn start(options: &HashPoolOptions) -> HashPool {
    HashPool::start(options, Arc::new(CountingRandomness::default())).unwrap()
}

/// Keeps the only thread of `pool` busy until the sender is dropped.
fn occupy(pool: &HashPool) -> Sender<()> {
    let (begun, has_begun) = channel();
    let (release, released) = channel::<()>();
    pool.queue
        .add(Box::new(move |_| {
            begun.send(()).unwrap();
            let _ = released.recv();
        }))
        .unwrap();
    has_begun.recv().unwrap();
    release
}

fn add_silent(pool: &HashPool) -> Receiver<()> {
    let (done, is_done) = channel();
    pool.queue.add(Box::new(move |_| drop(done))).unwrap();
    is_done
}

fn password(text: &str) -> Password {
    Password::new(text.into())
}

#[test]
fn hashes_and_compares() {
    let pool = start(&options());
    let hash = pool.hash(&password("hunter2")).unwrap();
    let again = pool.hash(&password("hunter2")).unwrap();
    assert_ne!(hash.expose(), again.expose(), "every hash has its own salt");
    let verify = |text: &str, hash: Option<&PasswordHash>| pool.verify(&password(text), hash);
    assert_eq!(
        verify("hunter2", Some(&hash)),
        Ok(PasswordCheck::Right { outdated: false })
    );
    assert_eq!(verify("hunter3", Some(&hash)), Ok(PasswordCheck::Wrong));
    assert_eq!(verify("hunter2", None), Ok(PasswordCheck::Wrong));
}

#[test]
fn a_hash_made_at_a_lower_cost_is_outdated() {
    let hash = start(&options()).hash(&password("p")).unwrap();
    let pool = start(&HashPoolOptions {
        t_cost: 2,
        ..options()
    });
    let answer = pool.verify(&password("p"), Some(&hash));
    assert_eq!(answer, Ok(PasswordCheck::Right { outdated: true }));
}

#[test]
fn without_randomness_nothing_is_hashed() {
    let mut randomness = MockRandomness::new();
    let away = Fault::Unavailable("no entropy".into());
    let fault = away.clone();
    randomness
        .expect_fill()
        .times(1)
        .returning(move |_| Err(fault.clone()));
    let pool = HashPool::start(&options(), Arc::new(randomness)).unwrap();
    assert_eq!(pool.hash(&password("p")), Err(away));
}

#[test]
fn a_full_queue_refuses_at_once() {
    let pool = start(&HashPoolOptions {
        queue: 2,
        ..options()
    });
    let release = occupy(&pool);
    let waiting = [add_silent(&pool), add_silent(&pool)];
    assert_eq!(pool.queue_depth(), 2);
    let refused = pool.verify(&password("p"), None);
    let at_once = Fault::Overloaded("too many passwords wait to be hashed");
    assert_eq!(refused, Err(at_once), "and not after the longest wait");
    drop(release);
    for job in waiting {
        assert!(
            job.recv().is_err(),
            "a waiting job ends by dropping its sender"
        );
    }
    assert_eq!(pool.verify(&password("p"), None), Ok(PasswordCheck::Wrong));
}

#[test]
fn a_job_that_waited_too_long_is_refused_and_never_done() {
    let pool = start(&HashPoolOptions {
        max_wait: Duration::ZERO,
        ..options()
    });
    let release = occupy(&pool);
    let done = Arc::new(AtomicBool::new(false));
    let mark = Arc::clone(&done);
    let answer = pool.run(move |_| {
        mark.store(true, Ordering::SeqCst);
        Ok(())
    });
    assert!(matches!(answer, Err(Fault::Overloaded(_))), "{answer:?}");
    assert_eq!(pool.queue_depth(), 0, "its place is free again");
    drop(release);
    assert!(add_silent(&pool).recv().is_err());
    assert!(!done.load(Ordering::SeqCst));
}

#[test]
fn a_job_that_has_begun_is_waited_for() {
    let max_wait = Duration::from_millis(100);
    let pool = start(&HashPoolOptions {
        max_wait,
        ..options()
    });
    // It takes longer than the longest wait, so any answer shows that it was waited for. A busy
    // machine may begin it too late; then it is asked for again.
    let answer = (0..50).find_map(|_| {
        let (_open, never) = channel::<()>();
        let long = move |_: &mut Argon2Hasher| {
            let _ = never.recv_timeout(2 * max_wait);
            Ok(7)
        };
        pool.run(long).ok()
    });
    assert_eq!(answer, Some(7));
}

#[test]
fn a_panic_costs_its_caller_an_answer_and_nobody_else() {
    let pool = start(&options());
    let answer = pool.run::<()>(|_| panic!("as this test wants"));
    assert!(matches!(answer, Err(Fault::Unavailable(_))), "{answer:?}");
    assert_eq!(pool.verify(&password("p"), None), Ok(PasswordCheck::Wrong));
}

#[test]
fn first_come_first_served() {
    let pool = start(&options());
    let release = occupy(&pool);
    let (served, order) = channel();
    for number in 0..8 {
        let served = served.clone();
        pool.queue
            .add(Box::new(move |_| served.send(number).unwrap()))
            .unwrap();
    }
    drop((served, release));
    assert_eq!(order.iter().collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
}

#[test]
fn threads_have_a_name_and_end_with_the_pool() {
    let pool = start(&HashPoolOptions {
        threads: 3,
        ..options()
    });
    let name = pool
        .run(|_| Ok(thread::current().name().map(str::to_owned)))
        .unwrap()
        .unwrap();
    assert!(name.starts_with("grantor-hash-"), "{name}");
    let queue = Arc::clone(&pool.queue);
    assert_eq!(Arc::strong_count(&queue), 5);
    drop(pool);
    assert_eq!(Arc::strong_count(&queue), 1);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let start = |options: HashPoolOptions| {
        HashPool::start(&options, Arc::new(CountingRandomness::default())).err()
    };
    for options in [
        HashPoolOptions {
            threads: 0,
            ..options()
        },
        HashPoolOptions {
            queue: 0,
            ..options()
        },
    ] {
        assert!(
            matches!(start(options), Some(HashPoolError::Empty)),
            "{options:?}"
        );
    }
    for options in [
        HashPoolOptions {
            m_cost: 7,
            ..options()
        },
        HashPoolOptions {
            m_cost: 1024 * 1024 + 1,
            ..options()
        },
        HashPoolOptions {
            m_cost: 15,
            p_cost: 2,
            ..options()
        },
        HashPoolOptions {
            t_cost: 0,
            ..options()
        },
        HashPoolOptions {
            t_cost: 65,
            ..options()
        },
        HashPoolOptions {
            p_cost: 0,
            ..options()
        },
        HashPoolOptions {
            p_cost: 17,
            ..options()
        },
    ] {
        assert!(
            matches!(start(options), Some(HashPoolError::Cost(_))),
            "{options:?}"
        );
    }
}
