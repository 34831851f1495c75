//! Bodies that break the rules of their type: refused with the place, and nothing is written.

use serde_json::{Value, json};

use crate::support::bundles::{put, transaction};

/// Bodies, and the status and places each is told.
type Broken = Vec<(Value, u16, &'static [&'static str])>;

/// Bodies of a type that break rules.
fn broken(kind: &str) -> Broken {
    let common = [
        (json!({ "nonsense": 1 }), 422, &["nonsense"][..]),
        (json!({ "__proto__": {} }), 422, &["__proto__"]),
        (json!({ "<script>": 1 }), 422, &[]),
        (json!({ "resourceType": "Session" }), 422, &["resourceType"]),
        (json!({ "resourceType": 7 }), 400, &["resourceType"]),
        (json!({ "id": "root" }), 422, &["id"]),
        (json!({ "id": ["x"] }), 400, &["id"]),
        (
            json!({ "meta": { "versionId": "7", "lastUpdated": "x" } }),
            422,
            &["meta"],
        ),
    ];
    let (base, own) = match kind {
        "Client" => (json!({}), clients()),
        "User" => (json!({}), users()),
        "Role" => (
            json!({ "name": "x", "user": { "reference": "User/x" } }),
            roles(),
        ),
        _ => (json!({ "engine": "allow" }), policies()),
    };
    let common = common.map(|(body, status, places)| {
        let mut whole = base.clone();
        let members = whole.as_object_mut().unwrap();
        members.extend(body.as_object().unwrap().clone());
        (whole, status, places)
    });
    common.into_iter().chain(own).collect()
}

fn clients() -> Broken {
    let password = |settings: Value| json!({ "auth": { "password": settings } });
    vec![
        (json!({ "name": 7 }), 400, &["name"]),
        (json!({ "active": "yes" }), 400, &["active"]),
        (json!({ "grant_types": "password" }), 400, &["grant_types"]),
        (
            json!({ "grant_types": ["nonsense"] }),
            422,
            &["grant_types"],
        ),
        (json!({ "secret": 7 }), 400, &["secret"]),
        (json!({ "secret": "" }), 422, &["secret"]),
        (
            json!({ "secrets": [{ "nonsense": "s" }] }),
            422,
            &["secrets[0].nonsense"],
        ),
        (json!({ "scope": "a  b" }), 422, &["scope"]),
        (json!({ "default_scope": ["x"] }), 422, &["default_scope"]),
        (json!({ "allowed_ips": ["1.2.3"] }), 422, &["allowed_ips"]),
        (
            json!({ "allowed_origins": ["x"] }),
            422,
            &["allowed_origins"],
        ),
        (json!({ "details": [] }), 400, &["details"]),
        (password(json!([])), 400, &["auth.password"]),
        (
            password(json!({ "nonsense": 1 })),
            422,
            &["auth.password.nonsense"],
        ),
        (
            password(json!({ "access_token_expiration": "1" })),
            400,
            &["auth.password.access_token_expiration"],
        ),
        (
            password(json!({ "access_token_expiration": 0 })),
            422,
            &["auth.password.access_token_expiration"],
        ),
    ]
}

fn users() -> Broken {
    vec![
        (json!({ "email": 7 }), 400, &["email"]),
        (json!({ "userName": "two words" }), 422, &["userName"]),
        (
            json!({ "userName": "x\u{202e}", "email": "@\u{7}" }),
            422,
            &["userName", "email"],
        ),
        (json!({ "inactive": "no" }), 400, &["inactive"]),
        (json!({ "password": {} }), 400, &["password"]),
        (json!({ "password": "" }), 422, &["password"]),
        (json!({ "password": "x".repeat(1025) }), 422, &["password"]),
        (json!({ "password": "$2b$99$nonsense" }), 422, &["password"]),
        (json!({ "name": [] }), 400, &["name"]),
        (json!({ "identifier": {} }), 400, &["identifier"]),
        (json!({ "identifier": ["x"] }), 400, &["identifier[0]"]),
        (json!({ "roles": ["admin"] }), 400, &["roles[0]"]),
        (json!({ "data": "x" }), 400, &["data"]),
        (json!({ "userName": "user" }), 409, &[]),
    ]
}

fn roles() -> Broken {
    let user = |user: Value| json!({ "name": "clerk", "user": user });
    vec![
        (json!({}), 422, &["user", "name"]),
        (json!({ "name": "clerk" }), 422, &["user"]),
        (user(json!("User/user")), 400, &["user"]),
        (user(json!({ "reference": "Client/myapp" })), 422, &["user"]),
        (user(json!({ "reference": "User/a b" })), 422, &["user"]),
        (user(json!({ "resourceType": "User" })), 422, &["user"]),
        (
            user(json!({ "reference": "User/user", "nonsense": 1 })),
            422,
            &["user.nonsense"],
        ),
        (
            json!({ "name": "x".repeat(257), "user": { "reference": "User/user" } }),
            422,
            &["name"],
        ),
        (json!({ "name": "clerk", "links": [] }), 400, &["links"]),
    ]
}

fn policies() -> Broken {
    vec![
        (json!({}), 422, &["engine"]),
        (json!({ "engine": "nonsense" }), 422, &["engine"]),
        (json!({ "engine": ["allow"] }), 400, &["engine"]),
        (json!({ "engine": "matcho" }), 422, &["matcho"]),
        (json!({ "engine": "allow", "matcho": {} }), 422, &["matcho"]),
        (
            json!({ "engine": "matcho", "matcho": { "uri": "#[a-z]+" } }),
            422,
            &["matcho"],
        ),
        (
            json!({ "engine": "cedar", "policy": "permit(" }),
            422,
            &["policy"],
        ),
        (json!({ "engine": "complex", "and": [] }), 422, &["engine"]),
        (
            json!({ "engine": "allow", "link": [{ "reference": "Session/x" }] }),
            422,
            &["link"],
        ),
        (
            json!({ "engine": "allow", "link": "User/user" }),
            400,
            &["link"],
        ),
    ]
}

on_every_store!(broken_bodies_are_told_where_and_write_nothing, |world| {
    let admin = world.admin();
    let before = world.kept();
    for kind in ["Client", "User", "Role", "AccessPolicy"] {
        for (body, status, places) in broken(kind) {
            for mount in ["", "/fhir"] {
                let refused = admin.put(&format!("{mount}/{kind}/x"), &body);
                assert_eq!(refused.outcome(status), places, "{kind} {body}");
                assert!(!refused.text().contains("script"), "{}", refused.text());
            }
            let mut posted = body.clone();
            if posted["id"] == "root" {
                posted["id"] = json!("a b\u{e9}");
            }
            let refused = admin.post(&format!("/{kind}"), &posted);
            assert_eq!(refused.outcome(status), places, "POST {kind} {posted}");
            let within: Vec<String> = places
                .iter()
                .map(|place| format!("entry[1].resource.{place}"))
                .collect();
            let good = put("User/good", &json!({ "password": "password" }));
            let both = transaction(&[good, put(&format!("{kind}/x"), &body)]);
            let refused = admin.post("/", &both).outcome(status);
            if !within.is_empty() {
                assert_eq!(refused, within, "{kind} {body}");
            }
        }
    }
    assert_eq!(world.kept(), before);
});

on_every_store!(texts_that_no_index_takes_are_refused_and_named, |world| {
    let before = world.kept();
    let long = "x".repeat(1025);
    let user = json!({ "reference": "User/user" });
    let many: Vec<Value> = (0..3000)
        .map(|n| json!({ "value": n.to_string() }))
        .collect();
    for (path, body, place) in [
        ("/Client/x", json!({ "name": long }), "name"),
        ("/User/x", json!({ "displayName": long }), "name"),
        ("/User/x", json!({ "name": { "formatted": long } }), "name"),
        (
            "/User/x",
            json!({ "identifier": [{ "value": long }] }),
            "identifier",
        ),
        ("/User/x", json!({ "identifier": many }), "identifier"),
        (
            "/User/x",
            json!({ "roles": [{ "value": long }] }),
            "roleName",
        ),
        (
            "/Role/x",
            json!({ "name": "x", "user": user, "description": long }),
            "description",
        ),
        (
            "/AccessPolicy/x",
            json!({ "engine": "allow", "description": long }),
            "description",
        ),
    ] {
        assert_eq!(
            world.admin().put(path, &body).outcome(422),
            [place],
            "{path}"
        );
        let bundle = transaction(&[put(&path[1..], &body)]);
        let refused = world.admin().post("/", &bundle).outcome(422);
        assert_eq!(refused, [format!("entry[0].resource.{place}")], "{path}");
    }
    assert_eq!(world.kept(), before);
    let longest = json!({ "displayName": "İ".repeat(512), "data": { "x": "x".repeat(500_000) } });
    world.admin().put("/User/x", &longest).expect(201);
});
