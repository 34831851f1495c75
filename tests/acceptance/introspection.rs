//! What is said of a token, and to whom (RFC 7662).

use serde_json::json;

use crate::support::settings::ISSUER;
use crate::support::{Call, Tokens};

const PATH: &str = "/auth/introspect";

on_every_store!(a_live_access_token_is_described, |world: InProcess| {
    let client = world.register(
        "described",
        &json!({
            "secret": "s",
            "grant_types": ["password"],
            "scope": ["read"],
            "default_scope": ["read"],
            "auth": { "password": { "audience": ["https://api.example.test"] } }
        }),
    );
    let tokens = client.log_in("user");
    let answer = client.post(PATH, &[("token", &tokens.access)]).expect(200);
    let seen = answer.json();
    assert_eq!(seen["active"], true);
    assert_eq!(seen["client_id"], "described");
    assert_eq!(seen["sub"], "user");
    assert_eq!(seen["scope"], "read");
    assert_eq!(seen["token_type"], "Bearer");
    assert_eq!(seen["iss"], ISSUER);
    assert!(
        seen["aud"].to_string().contains("https://api.example.test"),
        "{seen}"
    );
    assert_eq!(
        seen["exp"].as_i64().unwrap() - seen["iat"].as_i64().unwrap(),
        3600
    );
    assert_eq!(seen["nbf"], seen["iat"]);
    let session = world.admin().get("/Session").expect(200).json();
    assert_eq!(seen["sid"], session["entry"][0]["resource"]["id"]);
    assert_eq!(seen["jti"], session["entry"][0]["resource"]["jti"]);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
});

on_every_store!(a_refresh_token_is_described_too, |world| {
    let tokens = world.myapp().log_in("user");
    let seen = world.myapp().introspect(&tokens.refresh);
    assert_eq!(seen["active"], true);
    assert_eq!(seen["client_id"], "myapp");
    assert_eq!(seen["sub"], "user");
});

on_every_store!(the_user_name_is_told, |world| {
    world
        .admin()
        .put(
            "/User/amy",
            &json!({ "userName": "amy.s", "password": "password" }),
        )
        .expect(201);
    let tokens = world.myapp().log_in("amy.s");
    let seen = world.myapp().introspect(&tokens.access);
    assert_eq!(seen["username"], "amy.s");
    assert_eq!(seen["sub"], "amy");
});

on_every_store!(
    dead_foreign_and_malformed_tokens_are_only_inactive,
    |world| {
        let myapp = world.myapp();
        let tokens = myapp.log_in("user");
        world.bearer(&tokens.access).delete("/Session").expect(200);
        let long = "x".repeat(20_000);
        for token in [
            &tokens.access,
            &tokens.refresh,
            "x",
            "a.b.c",
            "gat_",
            "\u{7f}",
            &long,
            "{}",
        ] {
            assert!(!myapp.sees_active(token), "{token}");
        }
    }
);

on_every_store!(
    another_clients_token_is_inactive_unless_it_is_meant_for_the_asker,
    |world| {
        let owner = world.register("owner", &json!({
        "secret": "s", "grant_types": ["password"], "auth": { "password": { "audience": ["meant"] } }
    }));
        let tokens = owner.log_in("user");
        let stranger = world.register(
            "other",
            &json!({ "secret": "s", "grant_types": ["password"] }),
        );
        assert!(!stranger.sees_active(&tokens.access));
        let meant = world.register("meant", &json!({ "secret": "s" }));
        assert!(meant.sees_active(&tokens.access));
        let server = world.register("server", &json!({ "secret": "s", "introspect": "any" }));
        assert!(server.sees_active(&tokens.access));
        assert!(owner.sees_active(&tokens.access));
    }
);

on_every_store!(only_an_authenticated_client_may_ask, |world| {
    let tokens = world.myapp().log_in("user");
    let fields = [("token", tokens.access.as_str())];
    let refused = world
        .send(Call::post(PATH).form(&fields))
        .refuse(401, "invalid_client");
    assert!(
        refused
            .header("www-authenticate")
            .unwrap()
            .starts_with("Basic")
    );
    world
        .client("myapp", Some("wrong"))
        .post(PATH, &fields)
        .refuse(401, "invalid_client");
    world
        .client("nobody", Some("wrong"))
        .post(PATH, &fields)
        .refuse(401, "invalid_client");
    let public = world.register("spa", &json!({ "grant_types": ["password"] }));
    let mine = public.log_in("user");
    let refused = public.post(PATH, &[("token", &mine.access)]);
    assert!(matches!(refused.status, 400 | 401), "{}", refused.text());
    let user = world
        .bearer(&tokens.access)
        .send(Call::post(PATH).form(&fields));
    assert!(matches!(user.status, 401 | 403), "{}", user.text());
});

on_every_store!(an_administrators_bearer_token_may_ask_about_any, |world| {
    let root = world.client("root", Some(crate::support::settings::ROOT_SECRET));
    let bearer = Tokens::of(&root.credentials());
    let tokens = world.myapp().log_in("user");
    let call = Call::post(PATH).form(&[("token", &tokens.access)]);
    assert_eq!(
        world.bearer(&bearer.access).send(call).expect(200).json()["active"],
        true
    );
});

on_every_store!(json_asks_as_well_as_a_form, |world| {
    let tokens = world.myapp().log_in("user");
    let body =
        json!({ "token": tokens.access, "client_id": "myapp", "client_secret": "verysecret" });
    assert_eq!(
        world.send(Call::post(PATH).json(&body)).expect(200).json()["active"],
        true
    );
});

on_every_store!(a_question_without_a_token_is_an_error, |world| {
    world.myapp().post(PATH, &[]).refuse(400, "invalid_request");
    world
        .myapp()
        .post(PATH, &[("token", "")])
        .refuse(400, "invalid_request");
    let twice = [("token", "a"), ("token", "b")];
    world
        .myapp()
        .post(PATH, &twice)
        .refuse(400, "invalid_request");
});

on_every_store!(an_unknown_hint_is_ignored, |world| {
    let tokens = world.myapp().log_in("user");
    for hint in ["refresh_token", "access_token", "nonsense"] {
        let fields = [("token", tokens.access.as_str()), ("token_type_hint", hint)];
        assert_eq!(
            world.myapp().post(PATH, &fields).expect(200).json()["active"],
            true
        );
    }
});
