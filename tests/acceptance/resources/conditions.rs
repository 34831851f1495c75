//! Requests that set conditions: `If-Match`, `If-None-Match`, `If-Modified-Since`, `If-None-Exist`.

use serde_json::{Value, json};

use crate::support::bundles::put;
use crate::support::{Answer, Call, World};

const CLIENT: &str = "/Client/app";

fn populate(world: &World) {
    let client = |name: &str| json!({ "name": name, "grant_types": ["password"] });
    world.write(&[put("Client/app", &client("One"))]);
    world.write(&[put("Client/app", &client("Two"))]);
}

/// A request with a header.
#[track_caller]
fn with(world: &World, call: Call, header: (&str, &str)) -> Answer {
    world.admin().send(call.header(header.0, header.1))
}

fn changes() -> [Call; 3] {
    let body = json!({ "grant_types": ["password"], "name": "Three" });
    let merge = Call::patch(CLIENT).body("application/merge-patch+json", body.to_string());
    [Call::put(CLIENT).json(&body), merge, Call::delete(CLIENT)]
}

on_every_store!(a_change_of_another_version_is_not_made, |world| {
    populate(world);
    let before = world.kept();
    for call in changes() {
        for tag in ["W/\"1\"", "\"1\"", "W/\"3\"", "W/\"x\"", "\"\"", "1"] {
            with(world, call.clone(), ("If-Match", tag)).outcome(412);
        }
        for tag in ["x", "W/\"2\", W/\"1\"", "W/2", "\"2", "2\"", "-2"] {
            with(world, call.clone(), ("If-Match", tag)).outcome(400);
        }
        let twice = call.clone().header("If-Match", "W/\"2\"");
        with(world, twice, ("If-Match", "W/\"2\"")).outcome(400);
        let both = call.clone().header("If-None-Match", "*");
        with(world, both, ("If-Match", "W/\"2\"")).outcome(400);
        with(world, call.clone(), ("If-None-Match", "*")).outcome(412);
        with(world, call.clone(), ("If-None-Match", "W/\"1\"")).outcome(400);
    }
    assert_eq!(world.kept(), before);
});

on_every_store!(a_change_of_this_version_is_made, |world| {
    for tag in ["W/\"2\"", "\"2\"", "2", "*"] {
        for call in changes() {
            let setup = world.admin();
            setup.delete(CLIENT);
            let first = setup.put(CLIENT, &json!({ "name": "One" })).expect(201);
            let version = first.json()["meta"]["versionId"]
                .as_str()
                .unwrap()
                .to_owned();
            let tag = tag.replace('2', &version);
            with(world, call, ("If-Match", &tag)).expect(200);
        }
    }
    for call in changes() {
        world.admin().delete(CLIENT);
        let absent = with(world, call, ("If-Match", "*"));
        assert!(matches!(absent.status, 410 | 412), "{}", absent.text());
    }
});

on_every_store!(a_reader_is_not_told_what_it_knows, |world| {
    populate(world);
    let current = world.admin().get(CLIENT).expect(200);
    let modified = current.header("last-modified").unwrap();
    for (name, value, status) in [
        ("If-None-Match", "W/\"2\"", 304),
        ("If-None-Match", "\"2\"", 304),
        ("If-None-Match", "W/\"7\", W/\"2\"", 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", "W/\"1\"", 200),
        ("If-None-Match", "nonsense", 200),
        ("If-Modified-Since", modified, 304),
        ("If-Modified-Since", "Fri, 31 Dec 9999 23:59:59 GMT", 304),
        ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("If-Modified-Since", "yesterday", 200),
    ] {
        for path in [CLIENT, "/fhir/Client/app"] {
            let answer = with(world, Call::get(path), (name, value));
            assert_eq!(answer.status, status, "{name}: {value}");
            assert_eq!(answer.header("etag"), Some("W/\"2\""));
            assert_eq!(answer.header("last-modified"), Some(modified));
            assert_eq!(answer.body.is_empty(), status == 304);
        }
    }
    let known = Call::get(CLIENT).header("If-Modified-Since", modified);
    assert_eq!(
        with(world, known, ("If-None-Match", "W/\"1\"")).status,
        200,
        "the tag decides"
    );
    world.admin().delete(CLIENT).expect(200);
    with(world, Call::get(CLIENT), ("If-None-Match", "W/\"3\"")).outcome(410);
});

/// A `POST` that wants nothing else to be found.
#[track_caller]
fn unless(world: &World, query: &str, user: &Value) -> Answer {
    with(
        world,
        Call::post("/User").json(user),
        ("If-None-Exist", query),
    )
}

on_every_store!(a_conditional_creation_makes_one_and_finds_it, |world| {
    let amy = json!({ "userName": "amy", "email": "amy@mail.com", "password": "password" });
    let made = unless(world, "userName:exact=amy", &amy).expect(201);
    let before = world.kept();
    for query in [
        "userName:exact=amy",
        "email=amy%40mail.com",
        "userName=AM&inactive=false",
    ] {
        let found = unless(world, query, &json!({ "displayName": "Other" })).expect(200);
        assert_eq!(found.json(), made.json());
        assert_eq!(found.header("etag"), Some("W/\"1\""));
        assert_eq!(found.header("location"), None);
    }
    let several = unless(world, "inactive=false", &json!({}));
    several.outcome(412);
    for (query, places) in [
        ("", &[][..]),
        ("_count=1", &[]),
        ("userName=", &[]),
        ("nonsense=1", &["nonsense"]),
        ("userName:nonsense=1", &["userName"]),
        ("password=password", &[]),
        ("userName=%00", &[]),
    ] {
        let refused = unless(world, query, &json!({ "userName": "new" }));
        assert_eq!(refused.outcome(400), places, "{query}");
    }
    let broken = unless(world, "userName:exact=amy", &json!({ "nonsense": 1 }));
    assert_eq!(broken.outcome(422), ["nonsense"]);
    let useless = Call::post("/User").json(&json!({})).header("If-Match", "*");
    world.admin().send(useless).outcome(400);
    assert_eq!(world.kept(), before);
    unless(
        world,
        "userName:exact=bob",
        &json!({ "id": "bob", "userName": "bob" }),
    )
    .expect(201);
});
