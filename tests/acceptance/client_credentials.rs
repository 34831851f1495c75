//! A client that acts for itself (RFC 6749 §4.4).

use serde_json::json;

use crate::support::settings::ISSUER;
use crate::support::{Client, Tokens, World, jwt};

fn machine<'w>(world: &'w World, attributes: &serde_json::Value) -> Client<'w> {
    world.register(
        "machine",
        &json!({
            "secret": "s",
            "grant_types": ["client_credentials"],
            "scope": ["read", "write"],
            "default_scope": ["read"],
            "auth": { "client_credentials": attributes }
        }),
    )
}

on_every_store!(
    it_gets_a_token_without_user_and_without_refresh_token,
    |world| {
        let client = machine(world, &json!({}));
        let answer = client.credentials().expect(200);
        let json = answer.json();
        assert_eq!(json["token_type"], "Bearer");
        assert_eq!(json["expires_in"], 3600);
        assert_eq!(json["scope"], "read");
        assert_eq!(json.get("refresh_token"), None);
        assert_eq!(json.get("userinfo"), None);
        let seen = client.introspect(json["access_token"].as_str().unwrap());
        assert_eq!(seen["sub"], "machine");
        assert_eq!(seen["client_id"], "machine");
        assert_eq!(seen.get("username"), None);
    }
);

on_every_store!(its_attributes_have_their_effect, |world| {
    let attributes = json!({
        "token_format": "jwt", "access_token_expiration": 90, "audience": ["https://api.example.test"]
    });
    let tokens = Tokens::of(&machine(world, &attributes).credentials());
    let claims = jwt::verify(world, &tokens.access, ISSUER).unwrap();
    assert_eq!(claims["sub"], "machine");
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        90
    );
    assert!(
        claims["aud"]
            .to_string()
            .contains("https://api.example.test")
    );
});

on_every_store!(scope_is_asked_for_and_refused_like_elsewhere, |world| {
    let client = machine(world, &json!({}));
    let ask = |scope: &str| {
        client.post(
            "/auth/token",
            &[("grant_type", "client_credentials"), ("scope", scope)],
        )
    };
    assert_eq!(ask("write").expect(200).json()["scope"], "write");
    ask("admin").refuse(400, "invalid_scope");
});

on_every_store!(public_and_unproven_clients_get_none, |world| {
    machine(world, &json!({}));
    let refused = world.client("machine", None).credentials();
    assert!(matches!(refused.status, 400 | 401), "{}", refused.text());
    world
        .client("machine", Some("wrong"))
        .credentials()
        .refuse(401, "invalid_client");
    world
        .myapp()
        .credentials()
        .refuse(400, "unauthorized_client");
    let public = json!({ "grant_types": ["client_credentials"], "secret": null });
    let refused = world.admin().put("/Client/public", &public);
    assert!(matches!(refused.status, 400 | 422), "{}", refused.text());
});

on_every_store!(
    a_secret_that_need_not_be_shown_must_be_shown_here,
    |world| {
        let auth = json!({ "password": { "secret_required": false } });
        world.register(
            "lax",
            &json!({
                "secret": "s", "grant_types": ["password", "client_credentials"], "auth": auth
            }),
        );
        world
            .client("lax", None)
            .password("user", "password")
            .expect(200);
        world
            .client("lax", None)
            .credentials()
            .refuse(400, "unauthorized_client");
        world.client("lax", Some("s")).credentials().expect(200);
    }
);

on_every_store!(its_token_is_its_own_and_opens_no_user, |world| {
    let tokens = Tokens::of(&machine(world, &json!({})).credentials());
    let caller = world.bearer(&tokens.access);
    let info = caller.get("/auth/userinfo");
    assert!(matches!(info.status, 401 | 403), "{}", info.text());
    for path in ["/User/user", "/Client/myapp", "/Session"] {
        let answer = caller.get(path);
        assert!(
            matches!(answer.status, 403 | 404),
            "{path}: {}",
            answer.text()
        );
    }
    caller.delete("/Session").expect(200);
    caller.delete("/Session").expect(401);
});
