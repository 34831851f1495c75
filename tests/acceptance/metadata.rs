//! What the server says of itself is true.

use serde_json::{Value, json};

use crate::support::settings::ISSUER;
use crate::support::{Call, Setup, Store, World, jwt};

const PATH: &str = "/.well-known/oauth-authorization-server";

fn metadata(world: &World) -> Value {
    world.send(Call::get(PATH)).expect(200).json()
}

fn texts(list: &Value) -> Vec<&str> {
    let mut texts: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap())
        .collect();
    texts.sort_unstable();
    texts
}

on_every_store!(it_names_the_configured_issuer_whatever_the_host, |world| {
    assert_eq!(metadata(world)["issuer"], ISSUER);
    let call = Call::get(PATH)
        .header("Host", "evil.example")
        .header("X-Forwarded-Host", "evil.example")
        .header("X-Forwarded-Proto", "http")
        .header("Forwarded", "host=evil.example");
    let answer = world.send(call).expect(200);
    assert!(!answer.text().contains("evil"), "{}", answer.text());
    assert_eq!(answer.json(), metadata(world));
});

on_every_store!(nothing_in_it_is_null_or_empty, |world| {
    for (name, value) in metadata(world).as_object().unwrap() {
        assert!(!value.is_null(), "{name}");
        assert!(
            value.as_array().is_none_or(|list| !list.is_empty()),
            "{name}"
        );
        assert!(value.as_str().is_none_or(|text| !text.is_empty()), "{name}");
    }
});

on_every_store!(its_lists_are_the_truth, |world| {
    let metadata = metadata(world);
    assert_eq!(
        texts(&metadata["grant_types_supported"]),
        ["client_credentials", "password", "refresh_token"]
    );
    let methods = texts(&metadata["token_endpoint_auth_methods_supported"]);
    assert_eq!(
        methods,
        ["client_secret_basic", "client_secret_post", "none"]
    );
    let methods = texts(&metadata["revocation_endpoint_auth_methods_supported"]);
    assert_eq!(
        methods,
        ["client_secret_basic", "client_secret_post", "none"]
    );
    let methods = texts(&metadata["introspection_endpoint_auth_methods_supported"]);
    assert!(
        !methods.contains(&"none"),
        "public clients may not introspect"
    );
    assert_eq!(
        metadata.get("authorization_endpoint"),
        None,
        "there is none yet"
    );
});

on_every_store!(a_grant_that_is_off_is_not_listed, |setup: Setup| {
    let world = setup.set("grants.enabled", "client_credentials").start();
    assert_eq!(
        metadata(&world)["grant_types_supported"],
        json!(["client_credentials"])
    );
});

on_every_store!(every_endpoint_it_names_exists, |world| {
    let metadata = metadata(world);
    let mut found = 0;
    for (name, value) in metadata.as_object().unwrap() {
        if !name.ends_with("_endpoint") && name != "jwks_uri" {
            continue;
        }
        let url = value.as_str().unwrap();
        let path = url
            .strip_prefix(ISSUER)
            .unwrap_or_else(|| panic!("{name} is elsewhere: {url}"));
        let get = world.send(Call::get(path));
        assert_ne!(get.status, 404, "{name}");
        let post = world.send(Call::post(path).form(&[]));
        assert_ne!(post.status, 404, "{name}");
        found += 1;
    }
    for name in [
        "token_endpoint",
        "introspection_endpoint",
        "revocation_endpoint",
        "jwks_uri",
    ] {
        assert!(metadata[name].is_string(), "{name} is not named");
    }
    assert!(found >= 4);
});

on_every_store!(metadata_and_keys_can_be_kept_and_asked_for_again, |world| {
    for path in [PATH, "/.well-known/jwks.json"] {
        let first = world.send(Call::get(path)).expect(200);
        let etag = first
            .header("etag")
            .unwrap_or_else(|| panic!("{path} has no ETag"));
        let again = world
            .send(Call::get(path).header("If-None-Match", etag))
            .expect(304);
        assert_eq!(again.body, b"");
        let other = world.send(Call::get(path).header("If-None-Match", "\"other\""));
        assert_eq!(other.expect(200).json(), first.json());
        let control = first.header("cache-control").unwrap();
        assert!(
            control.contains("public") && control.contains("max-age"),
            "{path}: {control}"
        );
    }
});

on_every_store!(
    metadata_and_keys_may_be_read_from_any_origin_and_nothing_else,
    |world| {
        for path in [PATH, "/.well-known/jwks.json"] {
            let answer = world
                .send(Call::get(path).header("Origin", "https://app.example"))
                .expect(200);
            assert_eq!(
                answer.header("access-control-allow-origin"),
                Some("*"),
                "{path}"
            );
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
        let call = Call::get("/Session").header("Origin", "https://evil.example");
        assert_eq!(
            world
                .admin()
                .send(call)
                .header("access-control-allow-origin"),
            None
        );
    }
);

on_every_store!(head_is_get_without_the_body, |world| {
    let head = world.send(Call::new("HEAD", PATH)).expect(200);
    let get = world.send(Call::get(PATH)).expect(200);
    assert_eq!(head.body, b"");
    assert_eq!(head.header("etag"), get.header("etag"));
    assert_eq!(head.content_type(), get.content_type());
});

on_every_store!(every_answer_carries_the_headers_that_protect_it, |world| {
    for call in [
        Call::get(PATH),
        Call::get("/nowhere"),
        Call::post("/auth/token").form(&[]),
        Call::get("/Session"),
        Call::get("/docs"),
        Call::get("/openapi.json"),
        Call::delete("/auth/token"),
    ] {
        let path = call.path.clone();
        let answer = world.send(call);
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        assert!(answer.header("x-request-id").is_some(), "{path}");
        assert!(
            answer
                .header("server")
                .is_none_or(|server| !server.contains('/')),
            "{path}"
        );
    }
    let echoed = world.send(Call::get(PATH).header("X-Request-Id", "abc-123"));
    assert_eq!(echoed.header("x-request-id"), Some("abc-123"));
    let refused = world.send(Call::get(PATH).header("X-Request-Id", "<script>alert(1)</script>"));
    assert!(!refused.header("x-request-id").unwrap().contains("script"));
});

on_every_store!(
    what_carries_or_judges_a_credential_is_never_stored,
    |world| {
        let tokens = world.myapp().log_in("user");
        let user = world.bearer(&tokens.access);
        let machine = json!({ "grant_types": ["client_credentials"] });
        for (what, answer) in [
            ("a grant", world.myapp().password("user", "password")),
            ("a refused grant", world.myapp().password("user", "wrong")),
            (
                "an unknown client",
                world.client("nobody", None).password("user", "x"),
            ),
            ("a refresh", world.myapp().refresh(&tokens.refresh)),
            ("a dead token", user.get("/auth/userinfo")),
            ("no token", world.stranger().get("/Session")),
            (
                "a generated secret",
                world.admin().put("/Client/machine", &machine),
            ),
            ("a user", world.admin().get("/User/user")),
            ("sessions", world.admin().get("/Session")),
            (
                "setting up",
                world.send(Call::post("/auth/setup").form(&[])),
            ),
        ] {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
            assert_eq!(answer.header("pragma"), Some("no-cache"), "{what}");
        }
    }
);

#[test]
fn without_an_issuer_it_is_the_address_served_on() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let bind = format!("127.0.0.1:{port}");
    let world = Setup::on(Store::Sqlite)
        .unset("server.issuer")
        .set("server.bind", &bind)
        .start();
    assert_eq!(metadata(&world)["issuer"], format!("http://{bind}"));
}

#[test]
fn the_algorithm_of_the_keys_is_the_configured_one() {
    for algorithm in ["ES256", "EdDSA"] {
        let world = Setup::on(Store::Sqlite)
            .set("tokens.signing_algorithm", algorithm)
            .start();
        for key in jwt::published(&world) {
            assert_eq!(key["alg"], algorithm);
        }
    }
}
