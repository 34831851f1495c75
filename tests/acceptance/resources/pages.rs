//! Pages: how many, in which order, and the links between them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::bundles::{entries, ids, link, put};
use crate::support::{Call, World};

const USERS: usize = 7;

/// Seven users beside the seeds' one, each a minute younger than the last, and the first changed since.
fn populate(world: &World) {
    for place in 0..USERS {
        world.wait(60);
        world.write(&[put(&format!("User/u{place}"), &json!({}))]);
    }
    world.wait(60);
    world.write(&[put("User/u0", &json!({ "displayName": "Changed" }))]);
}

#[track_caller]
fn page(world: &World, path: &str) -> Value {
    world.admin().get(path).expect(200).json()
}

/// The pages from a first one on, as its links lead.
#[track_caller]
fn pages(world: &World, first: Value, relation: &str) -> Vec<Value> {
    let mut all = vec![first];
    while let Some(path) = link(all.last().unwrap(), relation) {
        assert!(all.len() < 100, "{path} leads nowhere");
        all.push(page(world, &path));
    }
    all
}

/// What identifies each entry, version and all, page after page.
fn seen(pages: &[Value]) -> Vec<String> {
    let all = pages.iter().flat_map(entries);
    all.map(|entry| format!("{} {}", entry["fullUrl"], entry["response"]["etag"]))
        .collect()
}

/// The links of a search lead forth and back to every entry, once each. Answers them in order.
#[track_caller]
fn all_are_reached(world: &World, call: Call, size: usize) -> Vec<String> {
    let what = format!("{} {}", call.method, call.path);
    let first = world.admin().send(call).expect(200).json();
    let forth = pages(world, first.clone(), "next");
    let found = seen(&forth);
    assert_eq!(
        found.iter().collect::<BTreeSet<_>>().len(),
        found.len(),
        "{what}: twice"
    );
    assert_eq!(found.len(), first["total"], "{what}");
    for full in &forth[..forth.len() - 1] {
        assert_eq!(entries(full).len(), size, "{what}");
    }
    assert_eq!(link(&first, "previous"), None, "{what}");
    let last = page(world, &link(&first, "last").unwrap());
    assert_eq!(link(&last, "next"), None, "{what}");
    let mut back = pages(world, last, "previous");
    back.reverse();
    assert_eq!(seen(&back), found, "{what} backwards");
    let again = page(world, &link(&back[1], "first").unwrap());
    assert_eq!(seen(std::slice::from_ref(&again)), seen(&[first]), "{what}");
    assert_eq!(page(world, &link(&again, "self").unwrap()), again, "{what}");
    found
}

on_every_store!(links_lead_to_every_resource_once, |world: InProcess| {
    populate(world);
    let orders = [
        ("_id", "u0 u1 u2 u3 u4 u5 u6 user"),
        ("-_id", "user u6 u5 u4 u3 u2 u1 u0"),
        ("_created", "user u0 u1 u2 u3 u4 u5 u6"),
        ("-_created", "u6 u5 u4 u3 u2 u1 u0 user"),
        ("_lastUpdated", "user u1 u2 u3 u4 u5 u6 u0"),
        ("-_lastUpdated", "u0 u6 u5 u4 u3 u2 u1 user"),
    ];
    for (sort, order) in orders {
        for (mount, size) in [("", 3), ("/fhir", 4)] {
            let parameters = format!("_sort={sort}&_count={size}&_total=accurate");
            let url = format!("https://auth.example.test{mount}/User/");
            let expected: Vec<String> = order
                .split(' ')
                .map(|id| format!("\"{url}{id}\" null"))
                .collect();
            let by_address = Call::get(&format!("{mount}/User?{parameters}"));
            assert_eq!(all_are_reached(world, by_address, size), expected, "{sort}");
            let by_form = Call::post(&format!("{mount}/User/_search"))
                .body("application/x-www-form-urlencoded", parameters);
            assert_eq!(all_are_reached(world, by_form, size), expected, "{sort}");
        }
    }
});

on_every_store!(links_lead_through_every_search_and_history, |world| {
    for n in 0..4 {
        let user = json!({ "reference": "User/user" });
        world.write(&[
            put(&format!("Client/c%20{n}"), &json!({ "name": "a&b=c" })),
            put(&format!("User/u{n}"), &json!({})),
            put(
                &format!("Role/r{n}"),
                &json!({ "name": "clerk", "user": user }),
            ),
            put(
                &format!("AccessPolicy/p{n}"),
                &json!({ "engine": "allow", "link": [user] }),
            ),
            put(
                "Client/myapp",
                &json!({ "grant_types": ["password"], "name": format!("{n}") }),
            ),
        ]);
        world.myapp().log_in("user");
    }
    for path in [
        "/Client?_count=2",
        "/Client?name=a%26b%3Dc&name:not=x,y&_count=3&_elements=name",
        "/Client/_history?_count=3",
        "/Client/myapp/_history?_since=2000&_count=2",
        "/User/_history?_count=2",
        "/Role?user=User/user&_count=3",
        "/Role/_history?_count=3",
        "/AccessPolicy?_count=1",
        "/AccessPolicy/_history?_count=4",
        "/Session?user=user&_sort=-start&_count=1",
        "/Session?_count=3&_sort=_lastUpdated",
        "/AuditEvent?type=login.ok&_count=3",
    ] {
        for mount in ["", "/fhir"] {
            let size = path.split("_count=").nth(1).unwrap()[..1].parse().unwrap();
            all_are_reached(world, Call::get(&format!("{mount}{path}")), size);
        }
    }
});

on_every_store!(
    what_is_added_between_pages_moves_nothing,
    |world: InProcess| {
        populate(world);
        let first = page(world, "/User?_count=3");
        assert_eq!(ids(&first), ["u0", "u1", "u2"]);
        world.write(&[put("User/aa", &json!({})), put("User/u3a", &json!({}))]);
        world.admin().delete("/User/u2").expect(200);
        let rest = pages(world, page(world, &link(&first, "next").unwrap()), "next");
        let rest: Vec<String> = rest.iter().flat_map(ids).collect();
        assert_eq!(rest, ["u3", "u3a", "u4", "u5", "u6", "user"]);
    }
);

on_every_store!(pages_have_numbers_too, |world: InProcess| {
    populate(world);
    for (query, expected) in [
        ("_count=3&_page=1", "u0 u1 u2"),
        ("_count=3&_page=2", "u3 u4 u5"),
        ("_count=3&_page=3", "u6 user"),
        ("_count=3&_page=4", ""),
        ("_count=0", ""),
        ("_count=1000", "u0 u1 u2 u3 u4 u5 u6 user"),
        ("", "u0 u1 u2 u3 u4 u5 u6 user"),
    ] {
        let found = page(world, &format!("/User?{query}"));
        assert_eq!(ids(&found).join(" "), expected, "{query}");
        assert_eq!(found["total"], USERS + 1, "{query}");
    }
    let second = page(world, "/User?_count=3&_page=2");
    assert_eq!(
        ids(&page(world, &link(&second, "next").unwrap())),
        ["u6", "user"]
    );
    let previous = page(world, &link(&second, "previous").unwrap());
    assert_eq!(ids(&previous), ["u0", "u1", "u2"]);
    let beyond = page(world, "/User?_count=3&_page=4");
    assert_eq!(link(&beyond, "next"), None);
    assert!(link(&page(world, "/User?_count=0"), "next").is_none());
});

on_every_store!(the_total_is_counted_where_it_is_wanted, |world| {
    for (query, total) in [
        ("_total=accurate&_count=1", json!(2)),
        ("_total=estimate&_count=1", json!(2)),
        ("_total=none&_count=1", Value::Null),
        ("_id=nobody", json!(0)),
    ] {
        let found = page(world, &format!("/Client?{query}"));
        assert_eq!(found["total"], total, "{query}");
    }
});

on_every_store!(elements_are_shown_or_left_out, |world| {
    let body = json!({ "name": "Shop", "secret": "hidden-secret", "grant_types": ["password"],
        "details": { "a": 1 } });
    world.write(&[put("Client/shop", &body)]);
    for (elements, expected) in [
        ("name", "resourceType id meta name"),
        ("name,details", "resourceType id meta name details"),
        ("-name,-details", "resourceType id meta active grant_types"),
        ("secret,nonsense", "resourceType id meta"),
        (
            "-id",
            "resourceType id meta name active grant_types details",
        ),
    ] {
        for path in [
            "/Client?_id=shop&",
            "/Client/shop/_history?",
            "/Client/_history?",
        ] {
            let found = page(world, &format!("{path}_elements={elements}"));
            let shown = entries(&found)[0]["resource"].as_object().unwrap();
            let shown: Vec<&str> = shown.keys().map(String::as_str).collect();
            assert_eq!(shown.join(" "), expected, "{path} {elements}");
        }
    }
});

on_every_store!(a_link_that_was_tampered_with_is_refused, |world| {
    for n in 0..4 {
        world.write(&[
            put(&format!("Client/c{n}"), &json!({ "name": "c" })),
            put(&format!("User/c{n}"), &json!({})),
        ]);
    }
    let first = page(world, "/Client?name=c&_count=2");
    let next = link(&first, "next").unwrap();
    let (_, cursor) = next.split_once("_page=").unwrap();
    page(world, &format!("/Client?name=c&_count=3&_page={cursor}"));
    let mut forged = Vec::new();
    for place in 0..cursor.len() {
        let mut bytes = cursor.as_bytes().to_vec();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        forged.push(format!("/Client?name=c&_count=2&_page={changed}"));
    }
    for path in [
        "/Client?name=d&_page=",
        "/Client?name:not=c&_page=",
        "/Client?name=c&active=true&_page=",
        "/Client?name=c&_sort=-_id&_page=",
        "/Client?_page=",
        "/User?name=c&_page=",
        "/Client/_history?_page=",
        "/Client/c0/_history?_page=",
        "/Client?name=c&_page=A",
    ] {
        forged.push(format!("{path}{cursor}"));
    }
    forged.push(next[..next.len() - 1].to_owned());
    forged.push(format!("{next}AAAA"));
    for path in forged {
        let refused = world.admin().get(&path);
        assert_eq!(refused.outcome(400), ["_page"], "{path}");
    }
});
