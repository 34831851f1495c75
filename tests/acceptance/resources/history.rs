//! The versions a resource had, and what is left of one that was removed.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::bundles::{entries, put};

/// A resource of each type in two forms.
fn kinds() -> [(&'static str, Value, Value); 4] {
    let user = json!({ "resourceType": "User", "id": "user" });
    [
        (
            "Client",
            json!({ "name": "One", "grant_types": ["password"], "secret": "s" }),
            json!({ "name": "Two", "grant_types": ["password"] }),
        ),
        (
            "User",
            json!({ "displayName": "One" }),
            json!({ "displayName": "Two" }),
        ),
        (
            "Role",
            json!({ "name": "one", "user": user }),
            json!({ "name": "two", "user": user }),
        ),
        (
            "AccessPolicy",
            json!({ "engine": "allow", "link": [user] }),
            json!({ "engine": "matcho", "link": [user], "matcho": { "uri": "/" } }),
        ),
    ]
}

/// What a history says of each version: method, status, tag.
fn told(history: &Value) -> Vec<String> {
    let told = entries(history).iter().map(|entry| {
        let (request, response) = (&entry["request"], &entry["response"]);
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let (method, status) = (word(&request["method"]), word(&response["status"]));
        format!("{method} {status} {}", word(&response["etag"]))
    });
    told.collect()
}

on_every_store!(every_version_is_told_and_can_be_read, |world| {
    let admin = world.admin();
    for (kind, one, two) in kinds() {
        let url = format!("/{kind}/x");
        let created = admin.put(&url, &one).expect(201);
        let updated = admin.put(&url, &two).expect(200);
        assert_eq!(
            admin.put(&url, &two).expect(200).header("etag"),
            Some("W/\"2\""),
            "unchanged"
        );
        admin.delete(&url).expect(200);
        let again = admin.put(&url, &one).expect(201);
        assert_eq!(
            again.header("etag"),
            Some("W/\"4\""),
            "{kind}: versions go on"
        );
        for mount in ["", "/fhir"] {
            let history = admin
                .get(&format!("{mount}{url}/_history"))
                .expect(200)
                .json();
            assert_eq!(history["type"], "history");
            assert_eq!(
                told(&history),
                [
                    "POST 201 Created W/\"4\"",
                    "DELETE 204 No Content W/\"3\"",
                    "PUT 200 OK W/\"2\"",
                    "POST 201 Created W/\"1\"",
                ]
            );
            for entry in entries(&history) {
                assert_eq!(
                    entry["fullUrl"],
                    format!("https://auth.example.test{mount}{url}")
                );
                assert_eq!(entry["request"]["url"], url[1..]);
            }
            assert_eq!(entries(&history)[1].get("resource"), None);
        }
        let history = admin.get(&format!("{url}/_history")).expect(200).json();
        for (place, answer) in [(3, &created), (2, &updated), (0, &again)] {
            let mut told = answer.json();
            told.as_object_mut().unwrap().remove("secret");
            assert_eq!(entries(&history)[place]["resource"], told, "{kind}");
            let version = told["meta"]["versionId"].as_str().unwrap();
            let read = admin.get(&format!("{url}/_history/{version}")).expect(200);
            assert_eq!(read.json(), told, "{kind}");
            assert_eq!(
                read.header("etag"),
                Some(format!("W/\"{version}\"").as_str())
            );
            assert!(read.header("last-modified").is_some());
            let location = answer.header("location");
            let own = format!("https://auth.example.test{url}/_history/{version}");
            assert!(
                answer.status == 200 || location == Some(own.as_str()),
                "{location:?}"
            );
        }
        admin.get(&format!("{url}/_history/3")).outcome(410);
    }
});

on_every_store!(what_was_removed_is_gone_and_not_unknown, |world| {
    let admin = world.admin();
    for (kind, one, _) in kinds() {
        let url = format!("/{kind}/x");
        admin.get(&url).outcome(404);
        admin.get(&format!("{url}/_history")).outcome(404);
        assert!(admin.delete(&url).expect(204).body.is_empty());
        admin.get(&url).outcome(404);
        admin.put(&url, &one).expect(201);
        let before = admin.get(&url).expect(200).json();
        assert_eq!(admin.delete(&url).expect(200).json(), before, "as it was");
        for mount in ["", "/fhir"] {
            admin.get(&format!("{mount}{url}")).outcome(410);
            assert!(
                admin
                    .delete(&format!("{mount}{url}"))
                    .expect(204)
                    .body
                    .is_empty()
            );
        }
        let history = admin.get(&format!("{url}/_history")).expect(200).json();
        assert_eq!(told(&history).len(), 2, "removing nothing is no version");
        assert_eq!(
            admin.get(&format!("/{kind}?_id=x")).expect(200).json()["total"],
            0
        );
    }
});

on_every_store!(versions_that_never_were_are_not_found, |world| {
    let admin = world.admin();
    for version in ["2", "0", "-1", "x", "01x", "9223372036854775808", "1/2"] {
        let answer = admin.get(&format!("/Client/myapp/_history/{version}"));
        answer.outcome(404);
    }
    for id in ["nobody", "a%20b", "%F0%9F%92%A9"] {
        admin.get(&format!("/User/{id}/_history")).outcome(404);
        admin.get(&format!("/User/{id}/_history/1")).outcome(404);
    }
    for path in ["/Client/myapp/_history", "/Client/myapp/_history/1"] {
        assert_eq!(admin.put(path, &json!({})).status, 405, "{path}");
        assert_eq!(admin.delete(path).status, 405, "{path}");
    }
    assert_eq!(
        told(&admin.get("/Client/myapp/_history").expect(200).json()).len(),
        1
    );
});

on_every_store!(a_history_begins_when_it_is_asked_to, |world: InProcess| {
    for name in ["one", "two", "three"] {
        world.wait(60);
        let client = json!({ "name": name, "grant_types": ["password"] });
        world.write(&[
            put("Client/a", &client),
            put("Client/b", &client),
            put("User/c", &json!({ "displayName": name })),
        ]);
    }
    let read = |path: &str| world.admin().get(path).expect(200).json();
    let two = read("/Client/a/_history/2")["meta"]["lastUpdated"].clone();
    let two = two.as_str().unwrap();
    let count = |path: &str| entries(&read(path)).len();
    assert_eq!(count(&format!("/Client/a/_history?_since={two}")), 2);
    assert_eq!(count(&format!("/Client/_history?_since={two}")), 4);
    assert_eq!(count(&format!("/fhir/User/_history?_since={two}")), 2);
    assert_eq!(count("/Client/a/_history?_since=9000"), 0);
    assert_eq!(count("/Client/a/_history?_count=2"), 2);
    assert_eq!(count("/Client/a/_history?_count=2&_page=2"), 1);
    let newest = read("/Client/_history?_count=2");
    let ids: Vec<&Value> = entries(&newest)
        .iter()
        .map(|e| &e["resource"]["id"])
        .collect();
    assert_eq!(ids, ["b", "a"], "the latest first");
    for (query, place) in [
        ("_since=yesterday", "_since"),
        ("_since=2020&_since=2021", "_since"),
        ("_sort=_id", "_sort"),
        ("name=a", "name"),
        ("_count=1001", "_count"),
    ] {
        let refused = world.admin().get(&format!("/Client/_history?{query}"));
        assert_eq!(refused.outcome(400), [place], "{query}");
    }
});

/// What a version says does not change with what happens later.
#[track_caller]
fn is_still(world: &World, path: &str, then: &Value) {
    assert_eq!(world.admin().get(path).expect(200).json(), *then, "{path}");
}

on_every_store!(a_version_stays_as_it_was, |world| {
    let admin = world.admin();
    for (kind, one, two) in kinds() {
        let url = format!("/{kind}/x");
        admin.put(&url, &one).expect(201);
        let version = format!("{url}/_history/1");
        let then = admin.get(&version).expect(200).json();
        admin.put(&url, &two).expect(200);
        is_still(world, &version, &then);
        admin.delete(&url).expect(200);
        is_still(world, &version, &then);
        admin.put(&url, &two).expect(201);
        is_still(world, &version, &then);
    }
});
