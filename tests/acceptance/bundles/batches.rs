//! A batch does what it can and tells of each entry.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::bundles::{batch, entries, entry, get, ids, put};

/// An entry with conditions.
fn with(mut entry: Value, conditions: &Value) -> Value {
    let request = entry["request"].as_object_mut().unwrap();
    request.extend(conditions.as_object().unwrap().clone());
    entry
}

/// The code of an entry's outcome.
fn status(entry: &Value) -> &str {
    let status = entry["response"]["status"].as_str().unwrap();
    status.split(' ').next().unwrap()
}

#[track_caller]
fn answers(world: &World, mount: &str, wanted: &[Value]) -> Vec<Value> {
    let answer = world.admin().post(mount, &batch(wanted)).expect(200).json();
    assert_eq!(answer["type"], "batch-response");
    assert_eq!(entries(&answer).len(), wanted.len());
    entries(&answer).to_vec()
}

on_every_store!(each_entry_has_its_own_outcome, |world| {
    world.myapp().log_in("user");
    let merge = json!({ "name": "Patched" });
    let wanted = [
        ("201", put("Client/a", &json!({ "name": "A" }))),
        ("404", get("Client/none")),
        ("422", put("Client/b", &json!({ "nonsense": 1 }))),
        ("200", entry("PATCH", "Client/a", &merge)),
        (
            "304",
            with(get("Client/a"), &json!({ "ifNoneMatch": "W/\"2\"" })),
        ),
        (
            "412",
            with(
                put("Client/a", &json!({})),
                &json!({ "ifMatch": "W/\"1\"" }),
            ),
        ),
        (
            "412",
            with(put("Client/a", &json!({})), &json!({ "ifNoneMatch": "*" })),
        ),
        ("409", entry("POST", "Client", &json!({ "id": "a" }))),
        (
            "200",
            with(
                entry("POST", "User", &json!({})),
                &json!({ "ifNoneExist": "email=user@" }),
            ),
        ),
        ("201", entry("POST", "User", &json!({ "userName": "new" }))),
        ("200", get("Client?name=pat")),
        ("200", get("Client/a/_history")),
        ("200", get("Client/a/_history/1")),
        ("200", get("Client/_history?_count=1")),
        ("200", get("https://auth.example.test/Client/a")),
        ("200", get("Session?user=user")),
        ("200", get("AuditEvent?type=login.ok")),
        ("405", put("Session/x", &json!({}))),
        ("405", entry("DELETE", "AuditEvent/1", &Value::Null)),
        ("422", get("Nonsense/a")),
        ("422", get("https://other.example/Client/a")),
        ("422", entry("OPTIONS", "Client/a", &Value::Null)),
        ("400", get("Client?nonsense=1")),
        ("200", entry("DELETE", "Client/a", &Value::Null)),
        ("204", entry("DELETE", "Client/a", &Value::Null)),
        ("410", get("Client/a")),
        ("410", entry("PATCH", "Client/a", &merge)),
    ];
    let (statuses, wanted): (Vec<_>, Vec<_>) = wanted.into_iter().unzip();
    let told = answers(world, "/", &wanted);
    let found: Vec<&str> = told.iter().map(status).collect();
    assert_eq!(found, statuses);
    for (entry, status) in told.iter().zip(statuses) {
        let is_good = matches!(status, "200" | "201" | "204" | "304");
        let outcome = &entry["response"]["outcome"]["resourceType"];
        assert_eq!(*outcome == "OperationOutcome", !is_good, "{entry}");
        assert_eq!(
            entry.get("resource").is_some(),
            matches!(status, "200" | "201"),
            "{entry}"
        );
    }
    let made = &told[0]["response"];
    assert_eq!(
        made["location"],
        "https://auth.example.test/Client/a/_history/1"
    );
    assert_eq!(made["etag"], "W/\"1\"");
    assert_eq!(
        told[2]["response"]["outcome"]["issue"][0]["expression"],
        json!(["nonsense"])
    );
    assert_eq!(told[3]["resource"]["name"], "Patched");
    assert_eq!(told[8]["resource"]["id"], "user");
    assert_eq!(ids(&told[10]["resource"]), ["a"]);
    assert_eq!(told[11]["resource"]["type"], "history");
    assert_eq!(told[12]["resource"]["name"], "A");
    world.admin().get("/Client/b").expect(404);
    world.admin().get("/User?userName:exact=new").expect(200);
});

on_every_store!(
    entries_are_done_in_their_order_and_as_the_mount_speaks,
    |world| {
        let role = json!({ "name": "clerk", "user": { "resourceType": "User", "id": "user" } });
        for (mount, spelled) in [
            ("/", json!({ "resourceType": "User", "id": "user" })),
            ("/fhir", json!({ "reference": "User/user" })),
            ("/fhir/", json!({ "reference": "User/user" })),
        ] {
            let told = answers(
                world,
                mount,
                &[
                    entry("DELETE", "Role/r", &Value::Null),
                    get("Role/r"),
                    put("Role/r", &role),
                    get("Role/r"),
                    get("fhir/Role/r"),
                ],
            );
            assert!(matches!(status(&told[1]), "404" | "410"), "{told:?}");
            for read in &told[2..] {
                assert_eq!(read["resource"]["user"], spelled, "{mount}");
            }
            let location = told[2]["response"]["location"].as_str().unwrap();
            let mount = mount.trim_end_matches('/');
            assert!(location.starts_with(&format!("https://auth.example.test{mount}/Role/r/")));
        }
    }
);

on_every_store!(a_batch_gives_nobody_more_than_single_requests, |world| {
    world.enrol("amy");
    let before = world.kept();
    let wanted = [
        get("User/user"),
        get("User/amy"),
        get("Session?_count=0"),
        get("Client"),
        put("User/user", &json!({ "roles": [{ "value": "admin" }] })),
        entry("PATCH", "User/user", &json!({ "email": "x@y.z" })),
        entry("POST", "AccessPolicy", &json!({ "engine": "allow" })),
        entry("DELETE", "Client/myapp", &Value::Null),
        get("AuditEvent"),
    ];
    let answer = world
        .user("user")
        .post("/", &batch(&wanted))
        .expect(200)
        .json();
    let found: Vec<&str> = entries(&answer).iter().map(status).collect();
    assert_eq!(
        found,
        [
            "200", "404", "200", "403", "403", "403", "403", "403", "403"
        ]
    );
    assert_eq!(entries(&answer)[2]["resource"]["total"], 1, "its own");
    assert_eq!(world.kept(), before);
});
