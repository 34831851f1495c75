//! What the attributes of a client do: several secrets, addresses, origins, scope, roles.

use serde_json::json;

use crate::support::actors::TOKEN;
use crate::support::settings::ISSUER;
use crate::support::{Answer, Call, Tokens, World, jwt};

#[track_caller]
fn patch(world: &World, body: &serde_json::Value) -> Answer {
    world.admin().patch("/Client/app", body).expect(200)
}

/// Client `app` for passwords, with secret `s`.
#[track_caller]
fn app(world: &World, more: &serde_json::Value) {
    let mut body = json!({
        "secret": "s", "grant_types": ["password", "basic"],
        "auth": { "password": { "refresh_token": true } }
    });
    let members = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(members);
    world.register("app", &body);
}

on_every_store!(a_new_secret_works_beside_the_old_one, |world: InProcess| {
    app(world, &json!({}));
    let old = world.client("app", Some("s"));
    let new = world.client("app", Some("t"));
    let tokens = old.log_in("user");
    new.password("user", "password")
        .refuse(401, "invalid_client");
    patch(
        world,
        &json!({ "secrets": [{ "id": "next", "secret": "t" }] }),
    );
    assert!(new.sees_active(&tokens.access), "adding ended a session");
    assert!(old.sees_active(&tokens.access));
});

on_every_store!(a_removed_secret_ends_the_sessions, |world| {
    app(
        world,
        &json!({ "secrets": [{ "id": "next", "secret": "t" }] }),
    );
    let (old, new) = (
        world.client("app", Some("s")),
        world.client("app", Some("t")),
    );
    let tokens = new.log_in("user");
    patch(world, &json!({ "secrets": null }));
    assert!(!old.sees_active(&tokens.access));
    new.password("user", "password")
        .refuse(401, "invalid_client");
});

on_every_store!(a_secret_is_never_shown, |world| {
    app(
        world,
        &json!({ "secrets": [{ "id": "next", "secret": "visible-once", "expires": "2999-01-01" }] }),
    );
    let shown = world.admin().get("/Client/app").expect(200).json();
    let entry = &shown["secrets"][0];
    assert_eq!(entry["id"], "next");
    assert_eq!(entry["expires"], "2999-01-01T00:00:00Z");
    assert!(entry["created"].is_string(), "{entry}");
    assert_eq!(entry.get("secret"), None);
    for path in ["/Client/app", "/Client/app/_history", "/Client?_id=app"] {
        let text = world.admin().get(path).expect(200).text();
        assert!(!text.contains("visible-once"), "{path}: {text}");
    }
});

on_every_store!(a_patch_of_something_else_keeps_the_secrets, |world| {
    app(world, &json!({ "secrets": [{ "secret": "t" }] }));
    let tokens = world.client("app", Some("t")).log_in("user");
    patch(world, &json!({ "name": "App" }));
    assert!(world.client("app", Some("t")).sees_active(&tokens.access));
});

on_every_store!(
    a_client_authenticates_from_its_addresses_only,
    |setup: Setup| {
        let world = setup.set("server.trusted_proxies", "127.0.0.1").start();
        app(
            &world,
            &json!({ "allowed_ips": ["192.0.2.0/24", "2001:db8::7"] }),
        );
        let log_in = |address: &str, secret: &str| {
            let form = [
                ("grant_type", "password"),
                ("username", "user"),
                ("password", "password"),
            ];
            let call = Call::post(TOKEN).basic("app", secret).form(&form);
            world.send(call.header("X-Forwarded-For", address))
        };
        for inside in ["192.0.2.200", "2001:db8::7"] {
            log_in(inside, "s").expect(200);
        }
        let elsewhere = log_in("198.51.100.1", "s").refuse(401, "invalid_client");
        let wrong = log_in("192.0.2.1", "wrong").refuse(401, "invalid_client");
        assert_eq!(elsewhere.body, wrong.body);
    }
);

on_every_store!(pages_of_a_listed_origin_may_read_answers, |world| {
    let origin = "https://app.example";
    let preflight = |origin: &str| {
        let call = Call::new("OPTIONS", TOKEN).header("Origin", origin);
        world.send(call.header("Access-Control-Request-Method", "POST"))
    };
    preflight(origin).expect(405);
    app(world, &json!({ "allowed_origins": [origin] }));
    let answer = preflight(origin).expect(204);
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
    let form = [("grant_type", "password")];
    let call = Call::post(TOKEN).basic("app", "wrong").form(&form);
    let refused = world.send(call.header("Origin", origin)).expect(400);
    assert_eq!(refused.header("access-control-allow-origin"), Some(origin));
    preflight("https://other.example").expect(405);
    patch(world, &json!({ "active": false }));
    preflight(origin).expect(405);
});

on_every_store!(attributes_that_are_wrong_are_refused, |world| {
    for (name, value) in [
        ("allowed_ips", json!(["192.0.2.0/33"])),
        ("allowed_ips", json!(["localhost"])),
        ("allowed_origins", json!(["*"])),
        ("allowed_origins", json!(["null"])),
        ("allowed_origins", json!(["http://app.example"])),
        ("allowed_origins", json!(["https://app.example/path"])),
        ("secrets", json!([{ "id": "unknown" }])),
        ("secrets", json!([{ "secret": "__sha256:00" }])),
        ("secrets", json!([{ "secret": "t", "expires": "soon" }])),
    ] {
        let body = json!({ "grant_types": ["password"], name: value });
        let answer = world.admin().put("/Client/app", &body).expect(422);
        assert!(answer.text().contains(name), "{name}: {}", answer.text());
    }
});

on_every_store!(
    the_default_scope_is_granted_and_others_are_refused,
    |world| {
        app(
            world,
            &json!({ "scope": ["read", "write"], "default_scope": ["read"] }),
        );
        let client = world.client("app", Some("s"));
        assert_eq!(client.log_in("user").json["scope"], "read");
        let more = client.password_for("user", "password", &[("scope", "read write")]);
        assert_eq!(Tokens::of(&more).json["scope"], "read write");
        client
            .password_for("user", "password", &[("scope", "admin")])
            .refuse(400, "invalid_scope");
    }
);

on_every_store!(an_inactive_client_and_an_inactive_user_are_out, |world| {
    app(world, &json!({}));
    world.enrol("amy");
    let client = world.client("app", Some("s"));
    let tokens = client.log_in("amy");
    world
        .admin()
        .patch("/User/amy", &json!({ "inactive": true }))
        .expect(200);
    assert!(!client.sees_active(&tokens.access));
    client
        .password("amy", "password")
        .refuse(400, "invalid_grant");
    patch(world, &json!({ "active": false }));
    client
        .password("user", "password")
        .refuse(401, "invalid_client");
});

on_every_store!(a_token_tells_roles_to_whoever_asks_for_them, |world| {
    app(
        world,
        &json!({
            "scope": ["roles"],
            "auth": { "password": { "refresh_token": true, "token_format": "jwt" } }
        }),
    );
    world
        .admin()
        .patch("/User/user", &json!({ "roles": [{ "value": "nurse" }] }))
        .expect(200);
    let role = json!({ "name": "clerk", "user": { "resourceType": "User", "id": "user" } });
    world.admin().put("/Role/one", &role).expect(201);
    let client = world.client("app", Some("s"));
    let asked = Tokens::of(&client.password_for("user", "password", &[("scope", "roles")]));
    let roles = json!(["clerk", "nurse"]);
    let claims = jwt::verify(world, &asked.access, ISSUER).unwrap();
    assert_eq!(claims["roles"], roles);
    assert_eq!(client.introspect(&asked.access)["roles"], roles);
    let info = world.bearer(&asked.access).get("/auth/userinfo");
    assert_eq!(info.expect(200).json()["roles"], roles);
    let plain = client.log_in("user");
    let claims = jwt::verify(world, &plain.access, ISSUER).unwrap();
    assert_eq!(claims.get("roles"), None);
});
