//! No answer of a login tells which names exist: not its status, nor its headers, nor its body. The order of
//! headers is drawn anew for each answer, by a table with a random key, and so tells nothing either.
//!
//! How long it takes is measured by `cargo run -p acceptance --example sameness`.

use serde_json::json;

use crate::support::actors::TOKEN;
use crate::support::http::basic;
use crate::support::{Answer, World, raw};

/// Users of every kind whose password is not the one that is tried, and a name of nobody.
fn populate(world: &World) -> [(&'static str, &'static str); 8] {
    for id in ["inactive", "resetting"] {
        world.enrol(id);
    }
    let admin = world.admin();
    let inactive = json!({ "password": "password", "inactive": true });
    admin.put("/User/inactive", &inactive).expect(200);
    admin.put("/User/nopassword", &json!({})).expect(201);
    let reset = json!({ "userId": "resetting" });
    admin.post("/auth/force-reset-password", &reset).expect(200);
    [
        ("unknown", "nobody"),
        ("wrong", "user"),
        ("wrong, by another name", "user@mail.com"),
        ("inactive", "inactive"),
        ("without a password", "nopassword"),
        ("must choose another", "resetting"),
        ("no name at all", "two words"),
        (
            "a very long name",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
    ]
}

/// What comes back, without what differs from request to request.
fn answer(world: &World, username: &str, password: &str) -> Answer {
    let mut encoder = form_urlencoded::Serializer::new(String::new());
    let form = [
        ("grant_type", "password"),
        ("username", username),
        ("password", password),
    ];
    let body = encoder.extend_pairs(form).finish();
    let credentials = basic("myapp", "verysecret");
    let headers: [(&str, &[u8]); 2] = [
        ("Authorization", credentials.as_bytes()),
        ("Content-Type", b"application/x-www-form-urlencoded"),
    ];
    let bytes = raw::post(TOKEN, &headers, body.as_bytes());
    let mut answer = raw::exchange(world.http.authority(), &bytes).unwrap();
    for (name, value) in &mut answer.headers {
        if ["date", "x-request-id"].contains(&name.to_lowercase().as_str()) {
            value.clear();
        }
    }
    answer.headers.sort();
    answer
}

on_every_store!(wrong_logins_are_answered_alike_whoever_they_name, |world| {
    let names = populate(world);
    let expected = answer(world, "nobody", "wrong");
    assert_eq!(expected.status, 400);
    // A parameter without a value is as one that is missing (RFC 6749 §3.2), whoever is named.
    let empty = answer(world, "nobody", "");
    assert_eq!(empty.status, 400);
    for (kind, name) in names {
        assert_eq!(answer(world, name, "wrong"), expected, "{kind}");
        assert_eq!(answer(world, name, ""), empty, "{kind}, empty password");
    }
});

on_every_store!(
    throttled_logins_are_answered_alike_whoever_they_name,
    |setup: Setup| {
        let setup = setup
            .set("throttle.account.burst", "1")
            .set("throttle.account.per_minute", "1")
            .set("throttle.network.burst", "1000");
        let world = setup.start_in_process();
        let names = populate(&world);
        answer(&world, "nobody", "wrong");
        let expected = answer(&world, "nobody", "wrong");
        assert_eq!(expected.status, 429);
        assert_eq!(expected.header("retry-after"), Some("60"));
        for (kind, name) in names {
            answer(&world, name, "wrong");
            assert_eq!(answer(&world, name, "wrong"), expected, "{kind}");
            assert_eq!(
                answer(&world, name, "password"),
                expected,
                "{kind}, right password"
            );
        }
    }
);
