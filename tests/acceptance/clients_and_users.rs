//! Clients and users as resources: written, read, removed, and what that does to sessions.

use serde_json::{Value, json};

use crate::support::{Answer, Call, World};

#[track_caller]
fn is_outcome(answer: &Answer) {
    assert_eq!(
        answer.json()["resourceType"],
        "OperationOutcome",
        "{}",
        answer.text()
    );
}

on_every_store!(a_client_is_created_read_replaced_and_removed, |world| {
    let admin = world.admin();
    let body = json!({
        "name": "App", "description": "An app", "type": "web", "first_party": true,
        "secret": "s3cret", "grant_types": ["password"], "details": { "team": ["a", "b"] }
    });
    let created = admin.put("/Client/app", &body).expect(201);
    let client = created.json();
    assert_eq!(client["resourceType"], "Client");
    assert_eq!(client["id"], "app");
    assert_eq!(client["name"], "App");
    assert_eq!(client["details"], json!({ "team": ["a", "b"] }));
    assert_eq!(client["meta"]["versionId"], "1");
    assert_eq!(created.header("etag"), Some("W/\"1\""));
    assert!(
        created
            .header("location")
            .is_some_and(|url| url.ends_with("/Client/app/_history/1"))
    );
    let read = admin.get("/Client/app").expect(200);
    assert_eq!(read.json(), client);
    let replaced = admin
        .put("/Client/app", &json!({ "grant_types": ["password"] }))
        .expect(200);
    assert_eq!(replaced.json().get("name"), None, "a PUT replaces");
    assert_eq!(replaced.header("etag"), Some("W/\"2\""));
    let removed = admin.delete("/Client/app");
    assert!(matches!(removed.status, 200 | 204), "{}", removed.text());
    let gone = admin.get("/Client/app");
    assert!(matches!(gone.status, 404 | 410), "{}", gone.text());
    is_outcome(&gone);
    admin.delete("/Client/app").expect(204);
});

on_every_store!(a_user_is_created_read_replaced_and_removed, |world| {
    let admin = world.admin();
    let body = json!({
        "userName": "amy.s", "email": "amy@mail.com", "email_verified": true,
        "name": { "givenName": "Amy", "familyName": "Shaw" }, "displayName": "Amy",
        "data": { "ward": 7 }, "password": "password"
    });
    let user = admin.put("/User/amy", &body).expect(201).json();
    assert_eq!(user["resourceType"], "User");
    assert_eq!(user["name"]["givenName"], "Amy");
    assert_eq!(user["data"]["ward"], 7);
    assert_eq!(admin.get("/User/amy").expect(200).json(), user);
    world.myapp().password("amy.s", "password").expect(200);
    world
        .myapp()
        .password("Amy@mail.com", "password")
        .expect(200);
    admin
        .put("/User/amy", &json!({ "userName": "amy.t" }))
        .expect(200);
    world.myapp().password("amy.t", "password").expect(200);
    world
        .myapp()
        .password("amy.s", "password")
        .refuse(400, "invalid_grant");
    let removed = admin.delete("/User/amy");
    assert!(matches!(removed.status, 200 | 204), "{}", removed.text());
    let gone = admin.get("/User/amy");
    assert!(matches!(gone.status, 404 | 410), "{}", gone.text());
    world
        .myapp()
        .password("amy.t", "password")
        .refuse(400, "invalid_grant");
});

on_every_store!(a_post_makes_an_id_or_takes_the_one_in_the_body, |world| {
    let admin = world.admin();
    let made = admin
        .post("/User", &json!({ "userName": "bob" }))
        .expect(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!(
        made.header("location")
            .unwrap()
            .contains(&format!("/User/{id}"))
    );
    assert_eq!(
        admin.get(&format!("/User/{id}")).expect(200).json()["userName"],
        "bob"
    );
    admin.post("/User", &json!({ "id": "carl" })).expect(201);
    let taken = admin.post("/User", &json!({ "id": "carl" })).expect(409);
    is_outcome(&taken);
    admin
        .post(
            "/Client",
            &json!({ "id": "posted", "grant_types": ["password"] }),
        )
        .expect(201);
});

on_every_store!(yaml_goes_in_and_out, |world| {
    let admin = world.admin();
    let yaml = "email: yam@mail.com\npassword: password\ndata:\n  beds: [1, 2]\n";
    let call = Call::put("/User/yam")
        .header("Accept", "text/yaml")
        .yaml(yaml);
    let user = admin.send(call).expect(201).yaml();
    assert_eq!(user["email"], "yam@mail.com");
    assert_eq!(user["data"]["beds"], json!([1, 2]));
    for accept in ["text/yaml", "application/yaml"] {
        let read = admin
            .send(Call::get("/User/yam").header("Accept", accept))
            .expect(200);
        assert_eq!(read.yaml()["email"], "yam@mail.com");
    }
    assert_eq!(
        admin.get("/User/yam?_format=yaml").expect(200).yaml()["id"],
        "yam"
    );
    assert_eq!(admin.get("/User/yam").expect(200).json()["id"], "yam");
    let fhir = Call::get("/fhir/User/yam").header("Accept", "application/fhir+json");
    assert_eq!(admin.send(fhir).expect(200).json()["id"], "yam");
});

on_every_store!(both_mounts_show_the_same_resources, |world| {
    let admin = world.admin();
    admin
        .put(
            "/fhir/Client/both",
            &json!({ "secret": "s", "grant_types": ["password"] }),
        )
        .expect(201);
    admin.get("/Client/both").expect(200);
    admin.put("/User/both", &json!({})).expect(201);
    admin.get("/fhir/User/both").expect(200);
    admin.delete("/fhir/User/both").expect(200);
    let gone = admin.get("/User/both");
    assert!(matches!(gone.status, 404 | 410));
});

on_every_store!(conditions_guard_writes, |world| {
    let admin = world.admin();
    let body = json!({ "name": "one", "grant_types": ["password"] });
    let put = |header: &str, value: &str| {
        admin.send(Call::put("/Client/cond").header(header, value).json(&body))
    };
    put("If-Match", "W/\"1\"").expect(412);
    put("If-None-Match", "*").expect(201);
    put("If-None-Match", "*").expect(412);
    let stale = put("If-Match", "W/\"7\"").expect(412);
    is_outcome(&stale);
    admin
        .put(
            "/Client/cond",
            &json!({ "name": "two", "grant_types": ["password"] }),
        )
        .expect(200);
    put("If-Match", "W/\"1\"").expect(412);
    put("If-Match", "W/\"2\"").expect(200);
    let read = Call::get("/Client/cond").header("If-None-Match", "W/\"3\"");
    assert_eq!(admin.send(read).expect(304).body, b"");
    admin
        .send(Call::delete("/Client/cond").header("If-Match", "W/\"1\""))
        .expect(412);
    admin
        .send(Call::delete("/Client/cond").header("If-Match", "W/\"3\""))
        .expect(200);
});

on_every_store!(secrets_and_passwords_are_never_read_back, |world| {
    let admin = world.admin();
    let client = json!({ "secret": "hidden-secret", "grant_types": ["password"] });
    let user = json!({ "password": "hidden-password" });
    let mut texts = Vec::new();
    for (path, body) in [("/Client/c", &client), ("/User/u", &user)] {
        texts.push(admin.put(path, body).expect(201).text());
        texts.push(admin.put(path, body).expect(200).text());
        texts.push(admin.get(path).expect(200).text());
        texts.push(admin.get(&format!("/fhir{path}")).expect(200).text());
        texts.push(admin.delete(path).text());
    }
    for text in texts {
        for secret in [
            "hidden-secret",
            "hidden-password",
            "sha256",
            "argon2",
            "$",
            "hash",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(
            !text.contains("\"secret\"") && !text.contains("\"password\":\""),
            "{text}"
        );
    }
});

on_every_store!(a_secret_that_was_generated_is_shown_once, |world| {
    let admin = world.admin();
    let body = json!({ "grant_types": ["client_credentials"] });
    let created = admin.put("/Client/machine", &body).expect(201).json();
    let secret = created["secret"].as_str().unwrap().to_owned();
    assert!(secret.len() >= 43, "256 bits at least");
    assert_eq!(
        admin
            .get("/Client/machine")
            .expect(200)
            .json()
            .get("secret"),
        None
    );
    assert_eq!(
        admin
            .put("/Client/machine", &body)
            .expect(200)
            .json()
            .get("secret"),
        None
    );
    world
        .client("machine", Some(&secret))
        .credentials()
        .expect(200);
});

on_every_store!(a_hash_from_another_server_is_taken_for_a_secret, |world| {
    // SHA-256 of "imported".
    let hash = "__sha256:5F54227B74FBBA7743C47CD286B4873F2E17331518D56FACFC03E34CDE4A0950";
    let body = json!({ "secret": hash, "grant_types": ["password"] });
    world.admin().put("/Client/imported", &body).expect(201);
    world
        .client("imported", Some("imported"))
        .password("user", "password")
        .expect(200);
    let as_text = world
        .client("imported", Some(hash))
        .password("user", "password");
    as_text.refuse(401, "invalid_client");
});

on_every_store!(
    members_that_are_unknown_or_the_servers_own_are_refused,
    |world| {
        let admin = world.admin();
        let bodies = [
            json!({ "nonsense": 1 }),
            json!({ "secret_hash": "x" }),
            json!({ "password_hash": "x" }),
            json!({ "epoch": 7 }),
            json!({ "administrator": true }),
            json!({ "_id": "x" }),
        ];
        for path in ["/Client/strict", "/User/strict"] {
            for body in &bodies {
                let refused = admin.put(path, body).expect(422);
                is_outcome(&refused);
            }
            let read = admin.get(path);
            assert_eq!(read.status, 404, "nothing was written: {}", read.text());
        }
        let nested = json!({ "auth": { "password": { "nonsense": 1 } } });
        admin.put("/Client/strict", &nested).expect(422);
    }
);

on_every_store!(
    values_of_the_wrong_kind_are_refused_and_nothing_is_written,
    |world| {
        let admin = world.admin();
        for body in [
            json!({ "grant_types": "password" }),
            json!({ "grant_types": ["nonsense"] }),
            json!({ "active": "yes" }),
            json!({ "secret": 7 }),
            json!({ "name": null, "scope": [1] }),
            json!({ "id": "another" }),
            json!({ "resourceType": "User" }),
            json!({ "default_scope": ["x"] }),
            json!({ "auth": { "password": { "access_token_expiration": 0 } } }),
            json!({ "auth": { "password": { "access_token_expiration": -1 } } }),
            json!({ "auth": { "password": { "access_token_expiration": "3600" } } }),
            json!({ "auth": { "password": { "token_format": "paseto" } } }),
            json!({ "auth": { "password": { "refresh_token": "yes" } } }),
            json!([]),
            json!("x"),
            json!(null),
        ] {
            let refused = admin.put("/Client/kinds", &body);
            assert!(
                matches!(refused.status, 400 | 422),
                "{body}: {} {}",
                refused.status,
                refused.text()
            );
            is_outcome(&refused);
        }
        admin.get("/Client/kinds").expect(404);
        for body in [
            json!({ "email": 7 }),
            json!({ "userName": "two words" }),
            json!({ "password": "" }),
            json!({ "password": "x".repeat(1025) }),
            json!({ "inactive": "no" }),
        ] {
            let refused = admin.put("/User/kinds", &body);
            assert!(
                matches!(refused.status, 400 | 422),
                "{body}: {} {}",
                refused.status,
                refused.text()
            );
        }
        admin.get("/User/kinds").expect(404);
    }
);

on_every_store!(two_users_never_share_a_name, |world| {
    let admin = world.admin();
    admin
        .put(
            "/User/amy",
            &json!({ "userName": "Amy", "email": "amy@mail.com" }),
        )
        .expect(201);
    for body in [
        json!({ "userName": "AMY" }),
        json!({ "email": "amy@MAIL.com" }),
        json!({ "userName": "amy@mail.com" }),
        json!({ "userName": "user" }),
    ] {
        let taken = admin.put("/User/impostor", &body);
        assert!(
            matches!(taken.status, 409 | 422),
            "{body}: {} {}",
            taken.status,
            taken.text()
        );
    }
    admin.get("/User/impostor").expect(404);
});

on_every_store!(ids_outside_the_grammar_are_no_resources, |world| {
    let admin = world.admin();
    let long = "x".repeat(65);
    for id in ["a%20b", "a_b", "%C3%A9", "a%2Fb", long.as_str()] {
        let refused = admin.put(&format!("/User/{id}"), &json!({}));
        assert!(
            (400..500).contains(&refused.status),
            "{id}: {}",
            refused.status
        );
    }
    let odd = admin.put(
        "/Client/a%20b%3Ac",
        &json!({ "secret": "s", "grant_types": ["password"] }),
    );
    assert_eq!(odd.expect(201).json()["id"], "a b:c");
    world
        .client("a b:c", Some("s"))
        .password("user", "password")
        .expect(200);
});

/// A session of `user` through `app`, and whether it lives.
fn session(world: &World) -> impl Fn() -> bool {
    world.enrol("amy");
    let client = json!({ "secret": "s", "grant_types": ["password"], "auth": { "password": { "refresh_token": true } } });
    let tokens = world.register("app", &client).log_in("amy");
    let judge = world
        .register("judge", &json!({ "secret": "s", "introspect": "any" }))
        .id;
    move || {
        let judge = world.client(&judge, Some("s"));
        let (access, refresh) = (
            judge.sees_active(&tokens.access),
            judge.sees_active(&tokens.refresh),
        );
        assert_eq!(access, refresh, "both live or neither does");
        access
    }
}

const APP: &str = "/Client/app";
const AMY: &str = "/User/amy";

fn app(more: &Value) -> Value {
    let mut body =
        json!({ "grant_types": ["password"], "auth": { "password": { "refresh_token": true } } });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

on_every_store!(disabling_a_client_ends_its_sessions, |world| {
    let lives = session(world);
    assert!(lives());
    world
        .admin()
        .put(APP, &app(&json!({ "active": false })))
        .expect(200);
    assert!(!lives());
    world
        .client("app", Some("s"))
        .password("amy", "password")
        .refuse(401, "invalid_client");
    world
        .admin()
        .put(APP, &app(&json!({ "active": true })))
        .expect(200);
    assert!(!lives(), "what ended stays ended");
    world
        .client("app", Some("s"))
        .password("amy", "password")
        .expect(200);
});

on_every_store!(deleting_a_client_ends_its_sessions_for_good, |world| {
    let lives = session(world);
    world.admin().delete(APP).expect(200);
    assert!(!lives());
    world
        .client("app", Some("s"))
        .password("amy", "password")
        .refuse(401, "invalid_client");
    world
        .admin()
        .put(APP, &app(&json!({ "secret": "s" })))
        .expect(201);
    assert!(!lives(), "a client of the same id is another client");
});

on_every_store!(a_changed_secret_works_at_once_and_ends_sessions, |world| {
    let lives = session(world);
    world
        .admin()
        .put(APP, &app(&json!({ "secret": "new" })))
        .expect(200);
    assert!(!lives());
    world
        .client("app", Some("s"))
        .password("amy", "password")
        .refuse(401, "invalid_client");
    world
        .client("app", Some("new"))
        .password("amy", "password")
        .expect(200);
});

on_every_store!(
    a_client_written_again_keeps_its_secret_and_its_sessions,
    |world| {
        let lives = session(world);
        world
            .admin()
            .put(APP, &app(&json!({ "name": "renamed" })))
            .expect(200);
        assert!(lives());
        world
            .client("app", Some("s"))
            .password("amy", "password")
            .expect(200);
    }
);

on_every_store!(an_inactive_user_has_no_sessions_and_gets_none, |world| {
    let lives = session(world);
    world
        .admin()
        .put(AMY, &json!({ "inactive": true }))
        .expect(200);
    assert!(!lives());
    let client = world.client("app", Some("s"));
    let refused = client
        .password("amy", "password")
        .refuse(400, "invalid_grant");
    assert_eq!(refused.json()["error_description"], "User is inactive");
    let wrong = client.password("amy", "wrong").refuse(400, "invalid_grant");
    assert_ne!(wrong.json()["error_description"], "User is inactive");
    world
        .admin()
        .put(AMY, &json!({ "inactive": false }))
        .expect(200);
    assert!(!lives());
    client.password("amy", "password").expect(200);
});

on_every_store!(deleting_a_user_ends_its_sessions, |world| {
    let lives = session(world);
    world.admin().delete(AMY).expect(200);
    assert!(!lives());
    world
        .client("app", Some("s"))
        .password("amy", "password")
        .refuse(400, "invalid_grant");
});

on_every_store!(
    a_changed_password_works_at_once_and_ends_sessions,
    |world| {
        let lives = session(world);
        world
            .admin()
            .put(AMY, &json!({ "password": "new" }))
            .expect(200);
        assert!(!lives());
        let client = world.client("app", Some("s"));
        client
            .password("amy", "password")
            .refuse(400, "invalid_grant");
        client.password("amy", "new").expect(200);
    }
);

on_every_store!(
    a_user_without_a_password_is_like_a_wrong_password,
    |world| {
        world.admin().put("/User/bare", &json!({})).expect(201);
        let client = world.myapp();
        let bare = client.password("bare", "x").refuse(400, "invalid_grant");
        let unknown = client.password("nobody", "x").refuse(400, "invalid_grant");
        let wrong = client.password("user", "x").refuse(400, "invalid_grant");
        assert_eq!(bare.text(), unknown.text());
        assert_eq!(wrong.text(), unknown.text());
    }
);
