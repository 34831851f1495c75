//! Several programs on one Postgres are one server.

use std::sync::Barrier;

use serde_json::json;

use crate::support::actors::TOKEN;
use crate::support::server::Replica;
use crate::support::settings::ISSUER;
use crate::support::{Answer, Call, Setup, Store, Tokens, World, jwt};

fn refresh(token: &str) -> Call {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    Call::post(TOKEN).basic("myapp", "verysecret").form(&fields)
}

/// Sends one request to the first program and one to the second at the same moment.
fn race(world: &World, replica: &Replica, here: &Call, there: &Call) -> (Answer, Answer) {
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            barrier.wait();
            replica.http.send(there.clone())
        });
        barrier.wait();
        let answer = world.send(here.clone());
        (answer, other.join().unwrap())
    })
}

#[test]
fn they_start_at_once_on_an_empty_database_and_publish_the_same_keys() {
    let (world, replicas) = Setup::on(Store::Postgres).start_at_once(3);
    let client = world.register_for_passwords("signed", &json!({ "token_format": "jwt" }));
    let token = client.log_in("user").access;
    jwt::verify(&world, &token, ISSUER).unwrap();
    let keys = world
        .send(Call::get("/.well-known/jwks.json"))
        .expect(200)
        .json();
    for replica in replicas {
        let theirs = replica
            .http
            .send(Call::get("/.well-known/jwks.json"))
            .expect(200)
            .json();
        assert_eq!(theirs, keys);
        replica
            .http
            .send(Call::get("/auth/userinfo").bearer(&token))
            .expect(200);
    }
}

#[test]
fn what_one_has_closed_is_closed_for_all_at_once() {
    let world = Setup::on(Store::Postgres).start();
    let replica = world.replica();
    for _ in 0..5 {
        let tokens = world.myapp().log_in("user");
        let call = Call::get("/auth/userinfo").bearer(&tokens.access);
        replica.http.send(call.clone()).expect(200);
        replica
            .http
            .send(Call::delete("/Session").bearer(&tokens.access))
            .expect(200);
        world.send(call).expect(401);
        assert!(!world.myapp().sees_active(&tokens.refresh));
    }
}

#[test]
fn of_two_refreshes_in_two_places_one_branch_lives() {
    let world = Setup::on(Store::Postgres).start();
    let replica = world.replica();
    for _ in 0..20 {
        let tokens = world.myapp().log_in("user");
        let call = refresh(&tokens.refresh);
        let (here, there) = race(&world, &replica, &call, &call);
        let mut alive = 0;
        for answer in [here, there] {
            assert!(
                matches!(answer.status, 200 | 400 | 503),
                "{}",
                answer.text()
            );
            let won = answer.status == 200;
            alive += u32::from(won && world.myapp().sees_active(&Tokens::of(&answer).access));
        }
        assert!(alive <= 1, "{alive} branches live");
    }
}

#[test]
fn a_close_here_beats_a_refresh_there() {
    let world = Setup::on(Store::Postgres).start();
    let replica = world.replica();
    for _ in 0..20 {
        let tokens = world.myapp().log_in("user");
        let close = Call::delete("/Session").bearer(&tokens.access);
        let (closed, refreshed) = race(&world, &replica, &close, &refresh(&tokens.refresh));
        assert!(matches!(closed.status, 200 | 401), "{}", closed.text());
        if closed.status == 200 && refreshed.status == 200 {
            let survivor = Tokens::of(&refreshed);
            assert!(!world.myapp().sees_active(&survivor.access));
            assert!(!world.myapp().sees_active(&survivor.refresh));
        }
    }
}

#[test]
fn a_changed_password_here_beats_a_refresh_there() {
    let world = Setup::on(Store::Postgres).start();
    let replica = world.replica();
    for round in 0..10 {
        world.enrol("amy");
        let tokens = world.myapp().log_in("amy");
        let change = json!({ "password": format!("changed{round}") });
        let change = Call::put("/User/amy").json(&change);
        let change = change.basic("root", crate::support::settings::ROOT_SECRET);
        let (changed, refreshed) = race(&world, &replica, &change, &refresh(&tokens.refresh));
        assert_eq!(changed.status, 200, "{}", changed.text());
        if refreshed.status == 200 {
            assert!(!world.myapp().sees_active(&Tokens::of(&refreshed).access));
        }
        assert!(!world.myapp().sees_active(&tokens.access));
    }
}

#[test]
fn guesses_in_two_places_count_together() {
    let setup = Setup::on(Store::Postgres).set("throttle.account.burst", "4");
    let world = setup.set("throttle.account.per_minute", "1").start();
    let replica = world.replica();
    let form = [
        ("grant_type", "password"),
        ("username", "user"),
        ("password", "wrong"),
    ];
    let call = Call::post(TOKEN).basic("myapp", "verysecret").form(&form);
    for _ in 0..2 {
        world.send(call.clone()).refuse(400, "invalid_grant");
        replica.http.send(call.clone()).refuse(400, "invalid_grant");
    }
    world.send(call.clone()).expect(429);
    replica.http.send(call).expect(429);
}
