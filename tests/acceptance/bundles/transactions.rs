//! A transaction does everything in one commit: removals first, then what is new, then changes.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::bundles::{entries, entry, get, put, transaction};

/// An entry that others refer to.
fn named(url: &str, mut entry: Value) -> Value {
    entry["fullUrl"] = json!(url);
    entry
}

/// A creation unless something is found.
fn unless(query: &str, mut entry: Value) -> Value {
    entry["request"]["ifNoneExist"] = json!(query);
    entry
}

fn role_of(reference: &str) -> Value {
    json!({ "name": "clerk", "user": { "reference": reference } })
}

/// The answers to a transaction.
#[track_caller]
fn done(world: &World, wanted: &[Value]) -> Vec<Value> {
    let answer = world
        .admin()
        .post("/", &transaction(wanted))
        .expect(200)
        .json();
    assert_eq!(answer["type"], "transaction-response");
    assert_eq!(entries(&answer).len(), wanted.len());
    entries(&answer).to_vec()
}

/// Whose role this is.
#[track_caller]
fn holder(world: &World, role: &str) -> String {
    let role = world
        .admin()
        .get(&format!("/Role/{role}"))
        .expect(200)
        .json();
    role["user"]["id"].as_str().unwrap().to_owned()
}

on_every_store!(everything_is_done_and_told_in_order, |world| {
    world.write(&[
        put("Client/old", &json!({ "name": "Old" })),
        put("User/amy", &json!({})),
    ]);
    let told = done(
        world,
        &[
            get("Client/app"),
            put(
                "Client/app",
                &json!({ "name": "App", "grant_types": ["client_credentials"] }),
            ),
            entry("PATCH", "User/amy", &json!({ "displayName": "Amy" })),
            entry("POST", "Role", &role_of("User/amy")),
            entry("DELETE", "Client/old", &Value::Null),
            entry("DELETE", "Client/none", &Value::Null),
            get("Client/old"),
            put("User/user", &json!({ "email": "user@mail.com" })),
        ],
    );
    let status = |entry: &Value| entry["response"]["status"].as_str().unwrap()[..3].to_owned();
    let statuses: Vec<String> = told.iter().map(status).collect();
    assert_eq!(
        statuses,
        ["200", "201", "200", "201", "200", "204", "410", "200"]
    );
    assert_eq!(told[0]["resource"]["name"], "App", "reads come last");
    assert_eq!(told[7]["response"]["etag"], "W/\"1\"", "it was so already");
    let secret = told[1]["resource"]["secret"].as_str().unwrap();
    world.client("app", Some(secret)).credentials().expect(200);
    let role = told[3]["resource"]["id"].as_str().unwrap();
    assert_eq!(holder(world, role), "amy");
    let updated: Vec<&Value> = told[1..4]
        .iter()
        .map(|e| &e["response"]["lastModified"])
        .collect();
    assert_eq!(updated[0], updated[1], "one commit");
    assert_eq!(updated[1], updated[2], "one commit");
});

on_every_store!(what_is_new_is_referred_to_before_it_has_an_id, |world| {
    let told = done(
        world,
        &[
            entry("POST", "Role", &role_of("urn:uuid:amy")),
            put(
                "AccessPolicy/p",
                &json!({ "engine": "allow", "link": [
                    { "reference": "urn:uuid:amy" }, { "reference": "urn:uuid:app" },
                    { "reference": "User/user" },
                ] }),
            ),
            named(
                "urn:uuid:amy",
                entry("POST", "User", &json!({ "userName": "amy" })),
            ),
            named(
                "urn:uuid:app",
                put("Client/a%20b", &json!({ "name": "App" })),
            ),
        ],
    );
    let amy = told[2]["resource"]["id"].as_str().unwrap();
    assert_eq!(told[0]["resource"]["user"]["id"], amy);
    let links = &told[1]["resource"]["link"];
    let ids: Vec<&Value> = links
        .as_array()
        .unwrap()
        .iter()
        .map(|link| &link["id"])
        .collect();
    assert_eq!(ids, [amy, "a b", "user"]);
    world.admin().get(&format!("/User/{amy}")).expect(200);
});

on_every_store!(conditions_hold_for_single_entries, |world| {
    let with = |mut entry: Value, name: &str, value: &str| {
        entry["request"][name] = json!(value);
        entry
    };
    let app = |name: &str| put("Client/app", &json!({ "name": name }));
    done(world, &[with(app("One"), "ifNoneMatch", "*")]);
    done(world, &[with(app("Two"), "ifMatch", "W/\"1\"")]);
    let before = world.kept();
    for refused in [
        with(app("Three"), "ifNoneMatch", "*"),
        with(app("Three"), "ifMatch", "W/\"1\""),
        with(
            entry("DELETE", "Client/app", &Value::Null),
            "ifMatch",
            "W/\"1\"",
        ),
        with(
            entry("PATCH", "Client/app", &json!({})),
            "ifMatch",
            "W/\"1\"",
        ),
        unless("inactive=false", entry("POST", "User", &json!({}))),
    ] {
        world.write(&[
            put("User/user", &json!({ "email": "user@mail.com" })),
            put("User/b", &json!({})),
        ]);
        let wanted = [put("User/new", &json!({})), refused];
        world.admin().post("/", &transaction(&wanted)).outcome(412);
        world.admin().get("/User/new").expect(404);
        world.admin().delete("/User/b").expect(200);
    }
    assert_ne!(world.kept(), before);
    done(
        world,
        &[with(
            entry("DELETE", "Client/app", &Value::Null),
            "ifMatch",
            "W/\"2\"",
        )],
    );
});

on_every_store!(a_second_import_of_the_same_finds_the_first, |world| {
    let import = || {
        [
            named(
                "urn:uuid:1",
                unless(
                    "userName:exact=amy",
                    entry("POST", "User", &json!({ "userName": "amy" })),
                ),
            ),
            put("Role/r", &role_of("urn:uuid:1")),
        ]
    };
    let first = done(world, &import());
    let amy = first[0]["resource"]["id"].as_str().unwrap();
    assert_eq!(holder(world, "r"), amy);
    let before = world.kept();
    let second = done(world, &import());
    assert_eq!(second[0]["resource"]["id"], amy);
    assert_eq!(second[0]["response"]["status"], "200 OK");
    assert_eq!(holder(world, "r"), amy, "a reference to what was found");
    assert_eq!(world.kept(), before);
});
