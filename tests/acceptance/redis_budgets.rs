//! Budgets may be kept in a Redis: replicas share them there, and without it nobody guesses.

use crate::support::{Setup, Store, World};

fn url() -> String {
    let url = std::env::var_os("TEST_REDIS_URL").unwrap_or_else(|| {
        panic!(
            "TEST_REDIS_URL must name a Redis that tests may fill; `cargo xtask test` provides it"
        )
    });
    url.into_string().unwrap()
}

fn on(url: &str) -> Setup {
    Setup::on(Store::Sqlite)
        .set("throttle.store", "redis")
        .set("throttle.redis_url", url)
        .set("throttle.account.burst", "4")
}

/// How many of ten guesses at the name were compared with a password.
fn compared(world: &World, name: &str) -> usize {
    let statuses = (0..10).map(|_| world.myapp().password(name, "wrong").status);
    statuses.filter(|status| *status == 400).count()
}

#[test]
fn servers_of_one_installation_count_together() {
    // Two stores of one key: what they share is the Redis.
    let key = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";
    let [here, there] = [(); 2].map(|()| on(&url()).set("keys.master_key", key).start_in_process());
    // A name of this run alone, in a Redis that may have seen others.
    let name = format!("name-{}-{:p}", std::process::id(), &raw const here);
    let granted = compared(&here, &name) + compared(&there, &name);
    assert_eq!(granted, 4);
}

#[test]
fn right_passwords_cost_nothing() {
    let world = on(&url()).start_in_process();
    for _ in 0..10 {
        world.myapp().password("user", "password").expect(200);
    }
}

#[test]
fn without_it_logins_wait_and_everything_else_goes_on() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("redis://{}/", taken.local_addr().unwrap());
    drop(taken);
    let world = on(&nobody)
        .set("throttle.redis_timeout_ms", "50")
        .start_in_process();
    for password in ["password", "wrong"] {
        let answer = world.myapp().password("user", password);
        let answer = answer.refuse(503, "temporarily_unavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    assert!(!world.myapp().sees_active("a token of nobody"));
    world.admin().get("/User/user").expect(200);
}
