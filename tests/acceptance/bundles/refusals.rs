//! A transaction with one bad entry does nothing, and says which it was. Bundles have bounds.

use serde_json::{Value, json};

use crate::support::bundles::{batch, entry, get, put, transaction};
use crate::support::{Call, World};

fn client(body: &Value) -> Value {
    put("Client/bad", body)
}

/// An entry that cannot be done, and what is told of it: the status, and the place within it.
type Bad = (Value, u16, &'static str);

/// Entries about resources that break rules.
fn bad_resources() -> Vec<Bad> {
    let role = |reference: &str| json!({ "name": "x", "user": { "reference": reference } });
    vec![
        (client(&json!({ "nonsense": 1 })), 422, ".resource.nonsense"),
        (client(&json!({ "active": "yes" })), 400, ".resource.active"),
        (
            client(&json!({ "default_scope": ["x"] })),
            422,
            ".resource.default_scope",
        ),
        (client(&json!({ "id": "other" })), 422, ".resource.id"),
        (
            client(&json!({ "resourceType": "User" })),
            422,
            ".resource.resourceType",
        ),
        (
            put("User/bad", &json!({ "password": "" })),
            422,
            ".resource.password",
        ),
        (put("User/bad", &json!({ "userName": "user" })), 409, ""),
        (put("User/bad", &json!({ "userName": "good1" })), 409, ""),
        (put("User/a b", &json!({})), 422, ".resource.id"),
        (entry("POST", "Client", &json!({ "id": "myapp" })), 412, ""),
        (entry("PATCH", "Client/none", &json!({})), 404, ""),
        (
            entry("PATCH", "Client/myapp", &json!({ "nonsense": 1 })),
            422,
            ".resource.nonsense",
        ),
        (
            put("Role/bad", &role("urn:uuid:nowhere")),
            422,
            ".resource.user",
        ),
        (put("Role/bad", &role("Client/x")), 422, ".resource.user"),
        (
            put(
                "AccessPolicy/bad",
                &json!({ "engine": "cedar", "policy": "permit(" }),
            ),
            422,
            ".resource.policy",
        ),
        (put("User/good1", &json!({})), 422, ".resource.id"),
        (
            entry("DELETE", "User/good1", &Value::Null),
            422,
            ".resource.id",
        ),
    ]
}

/// Entries that ask for what there is not.
fn bad_requests() -> Vec<Bad> {
    vec![
        (entry("DELETE", "Session/x", &Value::Null), 405, ""),
        (put("AuditEvent/1", &json!({})), 405, ""),
        (put("Client", &json!({})), 405, ""),
        (entry("POST", "Client/bad", &json!({})), 405, ""),
        (put("Client/bad/_history/1", &json!({})), 405, ""),
        (put("Client/bad", &Value::Null), 422, ".resource"),
        (put("Nonsense/x", &json!({})), 422, ".request.url"),
        (put("", &json!({})), 422, ".request.url"),
        (put("Client/../User/x", &json!({})), 422, ".request.url"),
        (
            entry("put", "Client/bad", &json!({})),
            422,
            ".request.method",
        ),
        (json!({ "resource": {} }), 422, ".request"),
        (
            json!({ "request": { "method": "GET", "url": "Client" }, "nonsense": 1 }),
            422,
            ".nonsense",
        ),
        (json!({ "request": { "method": "GET" } }), 400, ".request"),
        (
            json!({ "request": { "method": "GET", "url": 7 } }),
            400,
            ".request.url",
        ),
        (
            json!({ "request": { "method": "GET", "url": "Client", "ifMatch": 7 } }),
            400,
            ".request.ifMatch",
        ),
        (nested("Client"), 422, ".resource.entry"),
        (nested("Bundle"), 422, ".request.url"),
        (nested(""), 422, ".request.url"),
    ]
}

/// A Bundle within a Bundle.
fn nested(url: &str) -> Value {
    entry("POST", url, &transaction(&[put("User/inner", &json!({}))]))
}

#[track_caller]
fn good(id: &str) -> Value {
    put(
        &format!("User/{id}"),
        &json!({ "userName": id, "password": "password" }),
    )
}

on_every_store!(a_half_bad_transaction_leaves_nothing, |world| {
    let before = world.kept();
    for (bad, status, place) in bad_resources().into_iter().chain(bad_requests()) {
        for mount in ["/", "/fhir"] {
            let wanted = [good("good1"), bad.clone(), good("good2")];
            let refused = world.admin().post(mount, &transaction(&wanted));
            // Which of two entries about one resource is too much depends on the order they are done in.
            let expected = [format!("entry[1]{place}"), format!("entry[0]{place}")];
            let told = refused.outcome(status);
            assert!(
                told.len() == 1 && expected.contains(&told[0]),
                "{bad}: {}",
                refused.text()
            );
            assert_eq!(world.kept(), before, "{bad}");
        }
    }
    world
        .myapp()
        .password("good1", "password")
        .refuse(400, "invalid_grant");
});

on_every_store!(who_may_do_only_half_does_nothing, |world| {
    let permit = json!({ "engine": "cedar", "link": [{ "reference": "User/user" }],
        "policy": "permit(principal, action in [Action::\"update:Role\", Action::\"create:User\"], resource);" });
    world.write(&[put("AccessPolicy/half", &permit)]);
    let role = json!({ "name": "x", "user": { "reference": "User/user" } });
    let user = world.user("user");
    user.post("/", &transaction(&[put("Role/mine", &role)]))
        .expect(200);
    let before = world.kept();
    for refused in [
        put("Client/bad", &json!({})),
        put("User/bad", &json!({})),
        entry("DELETE", "Role/mine", &Value::Null),
        entry("PATCH", "User/user", &json!({ "email": "x@y.z" })),
    ] {
        let wanted = [put("Role/more", &role), refused];
        assert_eq!(
            user.post("/", &transaction(&wanted)).outcome(403),
            ["entry[1]"]
        );
    }
    assert_eq!(world.kept(), before);
    let made = [
        put("Role/more", &role),
        entry("POST", "User", &json!({ "userName": "new" })),
    ];
    user.post("/", &transaction(&made)).expect(200);
});

on_every_store!(what_is_no_bundle_is_refused, |world| {
    let before = world.kept();
    let with = |name: &str, value: Value| {
        let mut bundle = transaction(&[good("x")]);
        bundle[name] = value;
        bundle
    };
    for (bundle, status, place) in [
        (json!({}), 422, &["resourceType"][..]),
        (
            with("resourceType", json!("Client")),
            422,
            &["resourceType"],
        ),
        (with("type", Value::Null), 422, &["type"]),
        (with("type", json!("document")), 422, &["type"]),
        (with("type", json!("Transaction")), 422, &["type"]),
        (with("type", json!(["batch"])), 400, &["type"]),
        (with("entry", json!({})), 400, &["entry"]),
        (with("entry", json!(["x"])), 400, &["entry[0]"]),
        (with("nonsense", json!(1)), 422, &["nonsense"]),
        (json!([]), 400, &[]),
        (json!("Bundle"), 400, &[]),
    ] {
        for mount in ["/", "/fhir"] {
            let refused = world.admin().post(mount, &bundle);
            assert_eq!(refused.outcome(status), place, "{bundle}");
        }
    }
    for method in ["PUT", "PATCH", "DELETE"] {
        let call = Call::new(method, "/").json(&transaction(&[good("x")]));
        assert_eq!(world.admin().send(call).status, 405, "{method}");
    }
    assert_eq!(world.kept(), before);
});

/// Refused whole, whatever is in it.
#[track_caller]
fn too_much(world: &World, entries: &[Value], status: u16) {
    for bundle in [batch(entries), transaction(entries)] {
        world.admin().post("/", &bundle).outcome(status);
    }
}

on_every_store!(huge_bundles_are_refused, |world| {
    let before = world.kept();
    too_much(world, &vec![get("Session"); 1001], 422);
    let users: Vec<Value> = (0..1001).map(|n| good(&format!("u{n}"))).collect();
    too_much(world, &users, 422);
    let long = json!({ "data": { "x": "x".repeat(1_048_576) } });
    too_much(world, &[put("User/x", &long)], 413);
    let deep = (0..40).fold(json!({}), |inner, _| json!({ "a": inner }));
    too_much(world, &[put("User/x", &json!({ "data": deep }))], 400);
    assert_eq!(world.kept(), before);
});
