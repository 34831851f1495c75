//! Bodies of resources that break rules: an `OperationOutcome`, and nothing is written.

use super::{JSON, YAML};
use crate::support::{Call, World};

const PATHS: [&str; 3] = ["/Client/hostile", "/User/hostile", "/fhir/Client/hostile"];

/// Each of these bodies, written by an administrator, is refused with one of these statuses.
#[track_caller]
fn all_refused(world: &World, content_type: &str, statuses: &[u16], bodies: &[&[u8]]) {
    for body in bodies {
        for path in PATHS {
            let call = Call::put(path)
                .header("Accept", JSON)
                .body(content_type, *body);
            let answer = world.admin().send(call);
            let what = format!(
                "{path} {}",
                String::from_utf8_lossy(&body[..body.len().min(200)])
            );
            assert!(
                statuses.contains(&answer.status),
                "{what}: {} {}",
                answer.status,
                answer.text()
            );
            assert_eq!(answer.json()["resourceType"], "OperationOutcome", "{what}");
            assert!(
                !answer.text().contains("HOSTILE"),
                "{what} is echoed: {}",
                answer.text()
            );
        }
    }
}

/// Nothing was written under any of the paths.
#[track_caller]
fn nothing_was_written(world: &World) {
    for path in PATHS {
        world.admin().get(path).expect(404);
    }
    world.myapp().password("user", "password").expect(200);
}

on_every_store!(json_that_cannot_be_read_is_refused, |world| {
    let deep = format!("{{\"data\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let details = format!("{{\"details\":{}{}}}", "{\"a\":".repeat(500), "1");
    let big = format!("{{\"name\":\"{}\"}}", "x".repeat(1_100_000));
    all_refused(
        world,
        JSON,
        &[400, 422],
        &[
            b"",
            b"{",
            b"[]",
            b"null",
            b"7",
            b"\"HOSTILE\"",
            b"{\"<HOSTILE>\":1}",
            b"{\"id\":7}",
            b"{\"id\":null,\"id\":null}",
            b"{\"id\":\"hostile\"}{}",
            b"{\"id\":\"HOSTILE\"}",
            b"{\"meta\":{\"versionId\":\"9\"}}",
            b"{\"resourceType\":\"HOSTILE\"}",
            b"{\"id\":\"\xff\"}",
            b"id: hostile",
            b"{\"__proto__\":{}}",
            b"{\"\":1}",
            deep.as_bytes(),
            details.as_bytes(),
        ],
    );
    all_refused(world, JSON, &[413], &[big.as_bytes()]);
    nothing_was_written(world);
});

on_every_store!(yaml_that_cannot_be_read_is_refused, |world| {
    let deep = format!("data: {}{}", "[".repeat(500), "]".repeat(500));
    all_refused(
        world,
        YAML,
        &[400, 422],
        &[
            b"",
            b"- a",
            b"HOSTILE",
            b"id: hostile\nid: hostile\n",
            b"id: &a hostile\n",
            b"id: *a\n",
            b"id: !!str hostile\n",
            b"id: !HOSTILE x\n",
            b"---\nid: hostile\n---\nid: hostile\n",
            b"<<: {id: hostile}\n",
            b"id: [hostile]\n",
            b"\xff",
            deep.as_bytes(),
        ],
    );
    nothing_was_written(world);
});

on_every_store!(a_yaml_number_is_no_secret_and_no_password, |world| {
    for (path, body) in [
        ("/Client/hostile", "secret: 0123\ngrant_types: [password]\n"),
        ("/Client/hostile", "secret: true\ngrant_types: [password]\n"),
        ("/User/hostile", "password: 1234\n"),
        ("/User/hostile", "password: 1e3\n"),
    ] {
        let refused = world.admin().send(Call::put(path).yaml(body));
        assert!(
            matches!(refused.status, 400 | 422),
            "{body}: {}",
            refused.text()
        );
    }
    let word = "secret: no\ngrant_types: [password]\n";
    world
        .admin()
        .send(Call::put("/Client/word").yaml(word))
        .expect(201);
    world
        .client("word", Some("no"))
        .password("user", "password")
        .expect(200);
});

on_every_store!(other_types_are_not_read, |world| {
    let types = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "HOSTILE",
    ];
    for content_type in types {
        all_refused(world, content_type, &[415], &[b"{}"]);
    }
    nothing_was_written(world);
});

on_every_store!(hostile_paths_are_found_nowhere, |world| {
    for path in [
        "/Client/%00",
        "/Session/..%2f..%2fetc",
        "/User/%ff",
        "/User/'%20OR%201=1--",
        "/Session/%F0%9F%92%A9",
        "/Nonsense/1",
        "/fhir/fhir/Client/myapp",
        "//Client/myapp",
        "/Client/myapp/secret",
        "/Client/%zz",
        "/auth/nowhere",
        "/.well-known/nowhere",
        "/.git/config",
        "/Client/../Client/root",
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let call = Call::new(method, path).json(&serde_json::json!({}));
            let answer = world.admin().send(call);
            // What was not there may also be removed.
            let known =
                (400..500).contains(&answer.status) || (method == "DELETE" && answer.status == 204);
            assert!(
                known,
                "{method} {path}: {} {}",
                answer.status,
                answer.text()
            );
        }
    }
    world.admin().get("/Client/root").expect(200);
});
