//! The contract of budgets on a Redis, and what happens when there is none.
//!
//! The Redis is where `TEST_REDIS_URL` says; `cargo xtask test` provides one.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use grantor_domain::Fault;
use grantor_domain::policy::{Budget, BudgetScope};
use grantor_domain::ports::{Debit, Debited, Throttle as _};
use grantor_domain::time::Timestamp;
use grantor_testkit::contracts::Stores;
use grantor_testkit::contracts::samples::NOW;
use grantor_throttle_redis::{RedisOptions, RedisThrottle, TimeSource};

fn url() -> String {
    #[expect(clippy::disallowed_methods, reason = "the test runner says where Redis is")]
    std::env::var("TEST_REDIS_URL").expect(
        "TEST_REDIS_URL is not set: run `cargo xtask test`, which provides a Redis, or set it to the URL of one",
    )
}

/// Budgets that no other test has.
fn options() -> RedisOptions {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    RedisOptions {
        prefix: format!("{{grantor-test-{}-{number}}}:", std::process::id()),
        time: TimeSource::Caller,
        ..RedisOptions::new(&url(), Duration::from_secs(10))
    }
}

fn one(key: &str, budget: Budget) -> [Debit; 1] {
    [Debit {
        key: key.to_owned(),
        scope: BudgetScope::Account,
        budget,
    }]
}

macro_rules! claims {
    ($port:ident: $($claim:ident),+) => {
        mod $port {
            $(
                #[test]
                fn $claim() {
                    grantor_testkit::contracts::$port::$claim(&super::stores());
                }
            )+
        }
    };
}

/// Everything but the budgets in memory.
fn stores() -> Stores {
    Stores {
        throttle: Arc::new(RedisThrottle::connect(&options()).unwrap()),
        ..Stores::default()
    }
}

grantor_testkit::every_claim_of_a_throttle!(claims);

#[test]
fn replicas_count_together() {
    let options = options();
    let [here, there] = [(); 2].map(|()| RedisThrottle::connect(&options).unwrap());
    let debit = one("a", Budget::per_minute(5, 1));
    let tries = |replica: &RedisThrottle| {
        let debited = (0..50).map(|_| replica.debit(&debit, NOW).unwrap());
        debited.filter(|it| *it == Debited::Granted).count()
    };
    let granted = std::thread::scope(|scope| {
        let other = scope.spawn(|| tries(&there));
        tries(&here) + other.join().unwrap()
    });
    assert_eq!(granted, 5);
}

#[test]
fn the_time_is_that_of_the_server() {
    let options = RedisOptions {
        time: TimeSource::Redis,
        ..options()
    };
    let throttle = RedisThrottle::connect(&options).unwrap();
    let debit = one("a", Budget::per_minute(1, 1));
    let far_ahead = Timestamp::from_seconds(4_000_000_000);
    assert_eq!(throttle.debit(&debit, NOW), Ok(Debited::Granted));
    for now in [NOW, far_ahead] {
        let Ok(Debited::Refused { retry_after, .. }) = throttle.debit(&debit, now) else {
            panic!("not refused");
        };
        assert!(
            (1..=60).contains(&retry_after.as_seconds()),
            "{retry_after:?}"
        );
    }
}

#[test]
fn a_clock_that_was_put_back_leaves_no_more_than_a_spent_budget() {
    let throttle = RedisThrottle::connect(&options()).unwrap();
    let debit = one("a", Budget::per_minute(2, 6));
    let tomorrow = NOW.plus(grantor_domain::time::Lifetime::from_days(1));
    assert_eq!(throttle.debit(&debit, tomorrow), Ok(Debited::Granted));
    let Ok(Debited::Refused { retry_after, .. }) = throttle.debit(&debit, NOW) else {
        panic!("not refused");
    };
    assert_eq!(retry_after.as_seconds(), 10);
}

#[test]
fn budgets_go_away_once_they_are_full() {
    let options = options();
    let throttle = RedisThrottle::connect(&options).unwrap();
    let debit = one("a", Budget::per_minute(5, 60));
    assert_eq!(throttle.debit(&debit, NOW), Ok(Debited::Granted));
    let mut connection = redis::Client::open(url())
        .unwrap()
        .get_connection()
        .unwrap();
    let key = format!("{}a", options.prefix);
    let left: i64 = redis::cmd("PTTL").arg(&key).query(&mut connection).unwrap();
    assert!((1..=2000).contains(&left), "{left} ms");
    throttle.refund(&debit, NOW).unwrap();
    let left: i64 = redis::cmd("PTTL").arg(&key).query(&mut connection).unwrap();
    assert!((1..=2000).contains(&left), "{left} ms after a refund");
}

fn is_unavailable(options: &RedisOptions) -> bool {
    let throttle = RedisThrottle::connect(options).unwrap();
    let debit = one("a", Budget::per_minute(5, 1));
    let debited = throttle.debit(&debit, NOW);
    let refunded = throttle.refund(&debit, NOW);
    matches!(debited, Err(Fault::Unavailable(_))) && matches!(refunded, Err(Fault::Unavailable(_)))
}

#[test]
fn a_redis_that_is_away_is_a_fault() {
    let short = Duration::from_millis(50);
    assert!(is_unavailable(&RedisOptions::new(
        "redis+unix:///nowhere/redis.sock",
        short
    )));
}

#[test]
fn a_redis_that_does_not_answer_is_a_fault_and_waited_for_no_longer_than_it_says() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}/", silent.local_addr().unwrap());
    assert!(is_unavailable(&RedisOptions::new(
        &url,
        Duration::from_millis(50)
    )));
}

#[test]
fn connections_that_died_fail_nobody() {
    // A database of its own, by which its connections are found.
    let own = match url() {
        url if url.starts_with("redis+unix:") => format!("{url}?db=9"),
        url => url.trim_end_matches("/0").trim_end_matches('/').to_owned() + "/9",
    };
    let throttle = RedisThrottle::connect(&RedisOptions {
        url: own,
        ..options()
    })
    .unwrap();
    let debit = one("a", Budget::per_minute(1000, 1));
    let mut connection = redis::Client::open(url())
        .unwrap()
        .get_connection()
        .unwrap();
    for _ in 0..5 {
        assert_eq!(throttle.debit(&debit, NOW), Ok(Debited::Granted));
        assert!(kill_those_of_database_nine(&mut connection) > 0);
    }
    assert_eq!(throttle.debit(&debit, NOW), Ok(Debited::Granted));
}

fn kill_those_of_database_nine(connection: &mut redis::Connection) -> usize {
    let list: String = redis::cmd("CLIENT").arg("LIST").query(connection).unwrap();
    let theirs = list.lines().filter(|client| client.contains(" db=9 "));
    let ids = theirs.map(|client| client.split(' ').next().unwrap().trim_start_matches("id="));
    let kill = |id: &str| {
        let mut kill = redis::cmd("CLIENT");
        kill.arg("KILL").arg("ID").arg(id);
        kill.query::<i64>(&mut *connection).unwrap()
    };
    ids.map(kill).count()
}

#[test]
fn a_url_of_something_else_is_refused_without_being_repeated() {
    let options = RedisOptions::new("http://user:secret@example.com/", Duration::from_secs(1));
    let refused = RedisThrottle::connect(&options).map(drop).unwrap_err();
    assert!(!format!("{refused} {refused:?} {options:?}").contains("secret"));
}
