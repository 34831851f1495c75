//! More logins than can be hashed: the rest are told so at once, and nothing else waits behind them.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Setup, Store};

const LOGINS: usize = 16;

fn slow(setup: Setup) -> Setup {
    setup
        .set("passwords.argon2_m_cost", "19456")
        .set("passwords.argon2_t_cost", "24")
        .set("passwords.hash_threads", "1")
        .set("passwords.queue", "1")
        .set("passwords.max_wait_ms", "1000")
}

on_every_store!(
    a_full_hash_queue_is_told_and_introspection_goes_on,
    |setup: Setup| {
        let world = slow(setup).start();
        let token = world.myapp().log_in("user").access;
        let ended = AtomicUsize::new(0);
        let (answers, asked) = std::thread::scope(|scope| {
            let log_in = || {
                let answer = world.myapp().password("user", "password");
                ended.fetch_add(1, Ordering::SeqCst);
                answer
            };
            let threads: Vec<_> = (0..LOGINS).map(|_| scope.spawn(log_in)).collect();
            let mut asked = 0;
            while ended.load(Ordering::SeqCst) < LOGINS {
                assert!(world.myapp().sees_active(&token));
                asked += 1;
            }
            let answers = threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>();
            (answers, asked)
        });
        let (served, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|a| a.status == 200);
        assert!(!served.is_empty(), "some are served");
        assert!(
            !refused.is_empty(),
            "{LOGINS} logins fit into a queue of one"
        );
        for answer in refused {
            let answer = answer.refuse(503, "temporarily_unavailable");
            let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!(wait >= 1);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        assert!(
            asked > LOGINS / 2,
            "introspection was asked {asked} times while logins waited"
        );
        world.myapp().password("user", "password").expect(200);
    }
);

#[test]
fn a_refused_login_opens_no_session() {
    let world = slow(Setup::on(Store::Sqlite)).start();
    let served: u64 = std::thread::scope(|scope| {
        let log_in = || u64::from(world.myapp().password("user", "password").status == 200);
        let threads: Vec<_> = (0..LOGINS).map(|_| scope.spawn(log_in)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(world.admin().count_sessions(""), served);
}
