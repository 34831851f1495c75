//! More logins than can be hashed: the rest are told so at once, and nothing else waits behind them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Call, Setup, Store};

const LOGINS: usize = 16;

/// How long after its arrival a login that is not served is told so.
const TOLD_WITHIN: Duration = Duration::from_secs(2);

fn slow(setup: Setup) -> Setup {
    setup
        .set("passwords.argon2_m_cost", "19456")
        .set("passwords.argon2_t_cost", "24")
        .set("passwords.hash_threads", "1")
        .set("passwords.queue", "1")
        .set("passwords.max_wait_ms", "500")
}

on_every_store!(
    a_full_hash_queue_is_told_and_introspection_goes_on,
    |setup: Setup| {
        let world = slow(setup).start();
        let token = world.myapp().log_in("user").access;
        let ended = AtomicUsize::new(0);
        let (answers, asked) = std::thread::scope(|scope| {
            let log_in = || {
                let began = Instant::now();
                let answer = world.myapp().password("user", "password");
                ended.fetch_add(1, Ordering::SeqCst);
                (answer, began.elapsed())
            };
            let threads: Vec<_> = (0..LOGINS).map(|_| scope.spawn(log_in)).collect();
            let mut asked = 0;
            while ended.load(Ordering::SeqCst) < LOGINS {
                assert!(world.myapp().sees_active(&token));
                world.send(Call::get("/.well-known/jwks.json")).expect(200);
                asked += 1;
            }
            let answers = threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>();
            (answers, asked)
        });
        let (served, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|(a, _)| a.status == 200);
        assert!(!served.is_empty(), "some are served");
        assert!(
            !refused.is_empty(),
            "{LOGINS} logins fit into a queue of one"
        );
        for (answer, took) in refused {
            assert!(took <= TOLD_WITHIN, "{took:?}");
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
