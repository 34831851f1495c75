//! What a search finds, by each parameter and each modifier.

use serde_json::json;

use crate::support::bundles::{entries, ids, put};
use crate::support::{Call, World};

fn clients(world: &World) {
    world.write(&[
        put(
            "Client/shop",
            &json!({ "name": "Shop Floor", "first_party": true, "grant_types": ["password"],
                "secret": "s", "allowed_origins": ["https://shop.example"] }),
        ),
        put(
            "Client/till",
            &json!({ "name": "shoptill 100%_\\, \"Ünï\"", "active": false, "secret": "s",
                "grant_types": ["client_credentials"] }),
        ),
        put("Client/bare", &json!({})),
    ]);
}

fn users(world: &World) {
    world.write(&[
        put(
            "User/amy",
            &json!({ "userName": "Amy.S", "email": "amy@mail.com", "displayName": "Doc",
                "name": { "givenName": "Amy", "familyName": "Shaw" },
                "identifier": [{ "system": "urn:ward", "value": "7" }],
                "roles": [{ "value": "nurse" }] }),
        ),
        put(
            "User/bob",
            &json!({ "userName": "bob", "inactive": true, "identifier": [{ "value": "7" }] }),
        ),
        put("User/cy", &json!({ "email": "cy@MAIL.com" })),
        put(
            "Role/r1",
            &json!({ "name": "clerk", "user": { "reference": "User/bob" }, "description": "At the till" }),
        ),
        put(
            "Role/r2",
            &json!({ "name": "nurse", "user": { "resourceType": "User", "id": "cy" } }),
        ),
    ]);
}

fn policies(world: &World) {
    world.write(&[
        put(
            "AccessPolicy/all",
            &json!({ "engine": "allow", "description": "Everything",
                "link": [{ "reference": "User/amy" }, { "reference": "Client/shop" }] }),
        ),
        put(
            "AccessPolicy/clerks",
            &json!({ "engine": "matcho", "roleName": "clerk", "matcho": { "uri": "/" } }),
        ),
    ]);
}

/// A search finds these, by address and by form, at either mount.
#[track_caller]
fn finds(world: &World, kind: &str, query: &str, expected: &str) {
    let form = "application/x-www-form-urlencoded";
    for mount in ["", "/fhir"] {
        for call in [
            Call::get(&format!("{mount}/{kind}?{query}")),
            Call::post(&format!("{mount}/{kind}/_search")).body(form, query),
            Call::post(&format!("{mount}/{kind}/_search?{query}")),
        ] {
            let what = format!("{} {} {query}", call.method, call.path);
            let answer = world.admin().send(call);
            assert_eq!(answer.status, 200, "{what}: {}", answer.text());
            let found = answer.json();
            assert_eq!(found["type"], "searchset");
            assert_eq!(ids(&found).join(" "), expected, "{what}");
            assert_eq!(found["total"], entries(&found).len(), "{what}");
            for entry in entries(&found) {
                let id = entry["resource"]["id"].as_str().unwrap();
                let url = format!("https://auth.example.test{mount}/{kind}/{id}");
                assert_eq!(entry["fullUrl"], url);
                assert_eq!(entry["search"]["mode"], "match");
            }
        }
    }
}

on_every_store!(clients_are_found_by_each_parameter, |world| {
    clients(world);
    for (query, expected) in [
        ("", "bare myapp root shop till"),
        ("name=shop", "shop till"),
        ("name=SHOP%20f", "shop"),
        ("name=floor", ""),
        ("name=nothing,shoptill", "till"),
        ("name=shop&name:contains=till", "till"),
        ("name:exact=Shop+Floor", "shop"),
        ("name:exact=shop+floor", ""),
        ("name:contains=FLOOR", "shop"),
        ("name:contains=0%25_", "till"),
        ("name:contains=%25o", ""),
        ("name:contains=%5C%5C%5C,+%22", "till"),
        ("name:contains=%C3%9CN%C3%8F", "till"),
        ("name:not=Shop+Floor", "bare myapp root till"),
        ("name:missing=false", "root shop till"),
        ("name:missing=true", "bare myapp"),
        (".name=shop", "shop till"),
        ("active=false", "till"),
        ("active:not=true", "till"),
        ("grant_types=client_credentials", "root till"),
        ("grant_types=password,basic", "myapp root shop"),
        ("grant_types:missing=true", "bare"),
        ("first_party=true", "root shop"),
        ("first_party=true&active=false", ""),
        ("allowed_origins=https://shop.example", "shop"),
        ("allowed_origins:missing=true", "bare myapp root till"),
        ("_id=till,shop,nobody", "shop till"),
        ("_id=nobody", ""),
    ] {
        finds(world, "Client", query, expected);
    }
});

on_every_store!(users_are_found_by_each_parameter, |world| {
    users(world);
    for (query, expected) in [
        ("userName=amy", "amy"),
        ("userName:exact=amy.s", ""),
        ("userName:exact=Amy.S", "amy"),
        ("userName:contains=O", "bob"),
        ("userName:missing=true", "cy user"),
        ("email=amy", "amy"),
        ("email:contains=mail.com", "amy cy user"),
        ("email:not=amy@mail.com", "bob cy user"),
        ("name=shaw", "amy"),
        ("name:contains=OC", "amy"),
        ("name:missing=false", "amy"),
        ("identifier=7", "amy bob"),
        ("identifier=urn:ward%7C7", "amy"),
        ("identifier:not=7", "cy user"),
        ("inactive=true", "bob"),
        ("inactive=false", "amy cy user"),
        ("roleName=clerk", "bob"),
        ("roleName=nurse", "amy cy"),
        ("roleName:not=nurse", "bob user"),
        ("roleName:missing=true", "user"),
        ("_id=amy,cy&roleName=nurse&email=cy", "cy"),
    ] {
        finds(world, "User", query, expected);
    }
});

on_every_store!(roles_and_policies_are_found_by_each_parameter, |world| {
    users(world);
    policies(world);
    for (query, expected) in [
        ("name=clerk,nobody", "r1"),
        ("name=CLERK", ""),
        ("name:not=clerk", "r2"),
        ("user=bob", "r1"),
        ("user=User/cy,User/nobody", "r2"),
        ("user:not=User/bob", "r2"),
        ("description:contains=TILL", "r1"),
        ("description:missing=true", "r2"),
        ("_id=r1,r2", "r1 r2"),
    ] {
        finds(world, "Role", query, expected);
    }
    for (query, expected) in [
        ("engine=matcho", "clerks"),
        ("engine:not=allow", "clerks"),
        ("link=User/amy", "all"),
        ("link=Client/shop,Client/till", "all"),
        ("link=User/amy&link=Client/shop", "all"),
        ("link=User/amy&link=Client/root", ""),
        ("link=amy", ""),
        ("roleName=clerk", "clerks"),
        ("roleName:missing=true", "administrators all"),
        ("description=every", "all"),
    ] {
        finds(world, "AccessPolicy", query, expected);
    }
});

on_every_store!(
    what_was_changed_when_is_found_by_date,
    |world: InProcess| {
        for id in ["one", "two", "three"] {
            world.write(&[put(&format!("Client/{id}"), &json!({}))]);
            world.wait(60);
        }
        let updated = |id: &str| {
            let read = world.admin().get(&format!("/Client/{id}")).expect(200);
            read.json()["meta"]["lastUpdated"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let (one, two) = (updated("one"), updated("two"));
        for (query, expected) in [
            (format!("_lastUpdated={two}"), "two"),
            (format!("_lastUpdated=eq{two}"), "two"),
            (format!("_lastUpdated=gt{two}"), "three"),
            (format!("_lastUpdated=ge{two}"), "three two"),
            (format!("_lastUpdated=gt{one}&_lastUpdated=le{two}"), "two"),
            (format!("_lastUpdated=lt{two}&_id=one,two"), "one"),
            (format!("_lastUpdated={}&_id=one,two", &two[..4]), "one two"),
            ("_lastUpdated=gt9000".to_owned(), ""),
        ] {
            finds(world, "Client", &query, expected);
        }
        world.write(&[put("Client/one", &json!({ "name": "later" }))]);
        finds(
            world,
            "Client",
            &format!("_lastUpdated=gt{two}"),
            "one three",
        );
    }
);

on_every_store!(a_search_follows_what_is_changed_and_removed, |world| {
    clients(world);
    world.write(&[put("Client/bare", &json!({ "name": "shopper" }))]);
    finds(world, "Client", "name=shop", "bare shop till");
    world
        .admin()
        .patch("/Client/shop", &json!({ "name": null }))
        .expect(200);
    finds(world, "Client", "name=shop", "bare till");
    world.admin().delete("/Client/bare").expect(200);
    finds(world, "Client", "name=shop", "till");
    finds(world, "Client", "name:missing=true&_id=bare,shop", "shop");
});

on_every_store!(what_is_no_search_is_refused_and_named, |world| {
    let admin = world.admin();
    for (query, place) in [
        ("nonsense=1", "nonsense"),
        ("secret=s", "secret"),
        ("name:nonsense=1", "name"),
        ("name:exact:exact=1", "name"),
        ("active:contains=t", "active"),
        ("active:exact=true", "active"),
        ("name:missing=perhaps", "name"),
        ("_id:not=a", "_id"),
        ("_id=a&_id=b", "_id"),
        ("_lastUpdated=yesterday", "_lastUpdated"),
        ("_lastUpdated=2026-13", "_lastUpdated"),
        ("_lastUpdated:missing=true", "_lastUpdated"),
        ("_count=-1", "_count"),
        ("_count=1001", "_count"),
        ("_count=1&_count=2", "_count"),
        ("_page=0", "_page"),
        ("_page=4000000000", "_page"),
        ("_page=nonsense", "_page"),
        ("_sort=name", "_sort"),
        ("_sort=--_id", "_sort"),
        ("_total=perhaps", "_total"),
    ] {
        for kind in ["Client", "fhir/Client"] {
            let refused = admin.get(&format!("/{kind}?{query}"));
            assert_eq!(refused.outcome(400), [place], "{query}");
            let form = Call::post(&format!("/{kind}/_search"));
            let form = form.body("application/x-www-form-urlencoded", query);
            assert_eq!(admin.send(form).outcome(400), [place], "{query}");
        }
    }
    for query in [
        "access_token=x",
        "password=x",
        "name=%00",
        "name=%ff",
        "%3Cscript%3E=1",
    ] {
        let refused = admin.get(&format!("/User?{query}"));
        assert!(
            refused.outcome(400).is_empty(),
            "{query}: {}",
            refused.text()
        );
        assert!(!refused.text().contains("script"), "{}", refused.text());
    }
    let lenient = Call::get("/Client?nonsense=1&_id=myapp").header("Prefer", "handling=lenient");
    assert_eq!(ids(&admin.send(lenient).expect(200).json()), ["myapp"]);
});
