//! Changing a part of a resource: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902).

use serde_json::{Value, json};

use crate::support::bundles::put;
use crate::support::{Answer, Call, World};

const MERGE: &str = "application/merge-patch+json";
const OPERATIONS: &str = "application/json-patch+json";

fn populate(world: &World) {
    world.write(&[
        put(
            "User/amy",
            &json!({ "userName": "amy", "displayName": "Amy", "password": "password",
                "name": { "givenName": "Amy", "familyName": "Shaw" },
                "data": { "beds": [1, 2, 3], "ward": { "floor": 2 } } }),
        ),
        put(
            "Client/app",
            &json!({ "name": "App", "secret": "s", "grant_types": ["password"] }),
        ),
    ]);
}

#[track_caller]
fn patch(world: &World, path: &str, content_type: &str, body: &Value) -> Answer {
    let call = Call::patch(path).body(content_type, body.to_string());
    world.admin().send(call)
}

on_every_store!(a_merge_patch_replaces_what_it_names, |world| {
    populate(world);
    for content_type in [MERGE, "application/json"] {
        for mount in ["", "/fhir"] {
            populate(world);
            let before = world.admin().get("/User/amy").expect(200).json();
            let changed = patch(
                world,
                &format!("{mount}/User/amy"),
                content_type,
                &json!({ "displayName": null, "name": { "givenName": "Ann", "formatted": "Ann Shaw" },
                    "data": { "beds": [4], "ward": { "floor": null } } }),
            );
            let changed = changed.expect(200);
            let user = changed.json();
            assert_eq!(user.get("displayName"), None);
            assert_eq!(
                user["name"],
                json!({ "givenName": "Ann", "familyName": "Shaw", "formatted": "Ann Shaw" })
            );
            assert_eq!(user["data"], json!({ "beds": [4], "ward": {} }));
            assert_eq!(user["userName"], "amy");
            assert_ne!(user["meta"]["versionId"], before["meta"]["versionId"]);
            let tag = format!("W/{}", user["meta"]["versionId"]);
            assert_eq!(changed.header("etag"), Some(tag.as_str()));
            assert_eq!(world.admin().get("/User/amy").expect(200).json(), user);
        }
    }
    let yaml = Call::patch("/User/amy").yaml("displayName: Ann\ndata: null\n");
    let user = world.admin().send(yaml).expect(200).yaml();
    assert_eq!(
        (&user["displayName"], user.get("data")),
        (&json!("Ann"), None)
    );
    world.myapp().log_in("amy");
});

on_every_store!(the_operations_of_a_json_patch_follow_one_another, |world| {
    populate(world);
    let operations = json!([
        { "op": "test", "path": "/data/beds/1", "value": 2 },
        { "op": "add", "path": "/data/beds/1", "value": 9 },
        { "op": "add", "path": "/data/beds/-", "value": 4 },
        { "op": "remove", "path": "/data/beds/0" },
        { "op": "replace", "path": "/displayName", "value": "Dr Amy" },
        { "op": "copy", "from": "/data/ward", "path": "/data/a~1b~0c" },
        { "op": "move", "from": "/data/ward/floor", "path": "/data/floor" },
        { "op": "test", "path": "/data/ward", "value": {} },
    ]);
    let user = patch(world, "/User/amy", OPERATIONS, &operations)
        .expect(200)
        .json();
    assert_eq!(user["displayName"], "Dr Amy");
    assert_eq!(
        user["data"],
        json!({ "beds": [9, 2, 3, 4], "ward": {}, "a/b~c": { "floor": 2 }, "floor": 2 })
    );
    let client = json!([{ "op": "add", "path": "/grant_types/-", "value": "client_credentials" }]);
    let client = patch(world, "/fhir/Client/app", OPERATIONS, &client)
        .expect(200)
        .json();
    assert_eq!(
        client["grant_types"],
        json!(["password", "client_credentials"])
    );
    world.client("app", Some("s")).credentials().expect(200);
});

on_every_store!(a_patch_of_what_is_so_already_makes_no_version, |world| {
    populate(world);
    let before = world.kept();
    for (content_type, body) in [
        (MERGE, json!({})),
        (MERGE, json!({ "displayName": "Amy", "nickName": null })),
        (OPERATIONS, json!([])),
        (
            OPERATIONS,
            json!([{ "op": "test", "path": "/displayName", "value": "Amy" }]),
        ),
    ] {
        let answer = patch(world, "/User/amy", content_type, &body).expect(200);
        assert_eq!(answer.header("etag"), Some("W/\"1\""), "{body}");
    }
    assert_eq!(world.kept(), before);
});

on_every_store!(what_is_not_shown_can_be_set_and_removed, |world| {
    populate(world);
    let app = |secret: &str| {
        world
            .client("app", Some(secret))
            .password("amy", "password")
    };
    patch(world, "/Client/app", MERGE, &json!({ "secret": "merged" })).expect(200);
    app("merged").expect(200);
    app("s").refuse(401, "invalid_client");
    let replace = json!([{ "op": "replace", "path": "/secret", "value": "patched" }]);
    patch(world, "/Client/app", OPERATIONS, &replace).expect(200);
    app("patched").expect(200);
    app("merged").refuse(401, "invalid_client");
    patch(world, "/Client/app", MERGE, &json!({ "name": "Renamed" })).expect(200);
    app("patched").expect(200);
    let myapp = world.myapp();
    patch(world, "/User/amy", MERGE, &json!({ "password": "another" })).expect(200);
    myapp.password("amy", "another").expect(200);
    let remove = json!([{ "op": "remove", "path": "/password" }]);
    patch(world, "/User/amy", OPERATIONS, &remove).expect(200);
    myapp
        .password("amy", "another")
        .refuse(400, "invalid_grant");
});

on_every_store!(a_patch_that_does_not_fit_changes_nothing, |world| {
    populate(world);
    let before = world.kept();
    let operation = |op: &str, path: &str| json!([{ "op": op, "path": path, "value": "x" }]);
    let half = json!([
        { "op": "replace", "path": "/displayName", "value": "Half" },
        { "op": "remove", "path": "/nothing" },
    ]);
    for (body, status, places) in [
        (half, 422, &["[1]"][..]),
        (operation("test", "/displayName"), 422, &["[0]"]),
        (operation("replace", "/nickName"), 422, &["[0]"]),
        (operation("add", "/data/beds/9"), 422, &["[0]"]),
        (operation("add", "/data/none/here"), 422, &["[0]"]),
        (operation("remove", ""), 422, &["[0]"]),
        (operation("replace", ""), 422, &[]),
        (operation("replace", "/id"), 422, &["id"]),
        (
            operation("replace", "/resourceType"),
            422,
            &["resourceType"],
        ),
        (operation("test", "/meta/versionId"), 422, &["[0]"]),
        (operation("add", "/nonsense"), 422, &["nonsense"]),
        (operation("replace", "/name"), 400, &["name"]),
        (operation("replace", "/userName/x"), 422, &["[0]"]),
        (
            json!([{ "op": "replace", "path": "/userName", "value": "user" }]),
            409,
            &[],
        ),
        (json!([{ "op": "nonsense", "path": "/name" }]), 400, &[]),
        (
            json!([{ "op": "add", "path": "name", "value": 1 }]),
            400,
            &[],
        ),
        (json!([{ "op": "add", "value": 1 }]), 400, &[]),
        (
            json!([{ "op": "move", "from": "/name", "path": "/name/x" }]),
            422,
            &["[0]"],
        ),
        (json!(["add"]), 400, &[]),
        (
            json!(vec![
                json!({ "op": "test", "path": "/id", "value": "amy" });
                1001
            ]),
            400,
            &[],
        ),
        (json!("x"), 400, &[]),
        (json!(null), 400, &[]),
        (json!({ "nonsense": 1 }), 422, &["nonsense"]),
        (json!({ "id": "bob" }), 422, &["id"]),
        (
            json!({ "meta": { "versionId": "7", "lastUpdated": "x" } }),
            422,
            &["meta"],
        ),
        (json!({ "displayName": 7 }), 400, &["displayName"]),
        (
            json!({ "name": { "givenName": 7 }, "inactive": "no" }),
            400,
            &["inactive"],
        ),
        (json!({ "email": "no address\n" }), 422, &["email"]),
        (json!({ "password": "" }), 422, &["password"]),
        (json!({ "password": 7 }), 400, &["password"]),
    ] {
        let refused = patch(world, "/User/amy", OPERATIONS, &body);
        assert_eq!(refused.outcome(status), places, "{body}");
    }
    for (content_type, body) in [
        ("text/plain", "{}"),
        ("application/xml-patch+xml", "<diff/>"),
        (MERGE, "{\"displayName\":\"a\",\"displayName\":\"b\"}"),
        (OPERATIONS, "[{\"op\":\"remove\",\"path\":\"/displayName\"}"),
    ] {
        let call = Call::patch("/User/amy").body(content_type, body);
        let status = if content_type.contains("json") {
            400
        } else {
            415
        };
        world.admin().send(call).outcome(status);
    }
    assert_eq!(world.kept(), before);
});

on_every_store!(nothing_is_patched_that_is_not_there, |world| {
    populate(world);
    world.admin().delete("/User/amy").expect(200);
    let before = world.kept();
    for content_type in [MERGE, OPERATIONS] {
        let body = if content_type == MERGE {
            json!({})
        } else {
            json!([])
        };
        patch(world, "/User/amy", content_type, &body).outcome(410);
        patch(world, "/User/nobody", content_type, &body).outcome(404);
        patch(world, "/Client/nobody", content_type, &body).outcome(404);
    }
    assert_eq!(world.kept(), before);
});

/// Operations that double `/data` as often.
fn doubling(times: usize) -> Value {
    let double = |n| json!({ "op": "copy", "from": "/data", "path": format!("/data/{n}") });
    (0..times).map(double).collect()
}

on_every_store!(a_patch_makes_nothing_that_a_body_could_not_say, |world| {
    populate(world);
    let before = world.kept();
    let mut deep = vec![json!({ "op": "add", "path": "/data", "value": {} })];
    for levels in 1..200 {
        let path = format!("/data{}", "/a".repeat(levels));
        deep.push(json!({ "op": "add", "path": path, "value": {} }));
    }
    for operations in [doubling(20), json!(deep)] {
        patch(world, "/User/amy", OPERATIONS, &operations).outcome(422);
    }
    assert_eq!(world.kept(), before);
    let half = |name: &str| json!({ "data": { name: "x".repeat(600_000) } });
    patch(world, "/User/amy", MERGE, &half("a")).expect(200);
    let halved = world.kept();
    patch(world, "/User/amy", MERGE, &half("b")).outcome(422);
    assert_eq!(world.kept(), halved);
});

on_every_store!(who_may_not_change_a_resource_patches_nothing, |world| {
    let user = world.user("user");
    for body in [
        json!([{ "op": "add", "path": "/nonsense", "value": 1 }]),
        doubling(20),
    ] {
        let call = Call::patch("/User/user").body(OPERATIONS, body.to_string());
        user.send(call).outcome(403);
    }
});
