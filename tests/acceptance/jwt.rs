//! JWT access tokens: RFC 9068, verified with a library that is not ours; and what is no token of ours.

use serde_json::{Value, json};

use jwt_simple::prelude::{Claims, Duration as Validity, HS256Key, MACLike as _};

use crate::support::jwt::Parts;
use crate::support::settings::ISSUER;
use crate::support::{Client, Setup, Store, World, jwt};

/// A client whose tokens are JWTs for one resource server.
fn register(world: &World) -> Client<'_> {
    world.register(
        "signed",
        &json!({
            "secret": "s",
            "grant_types": ["password"],
            "scope": ["read", "write"],
            "default_scope": ["read"],
            "auth": { "password": {
                "token_format": "jwt",
                "access_token_expiration": 300,
                "refresh_token": true,
                "refresh_token_format": "jwt",
                "audience": ["https://api.example.test"]
            }}
        }),
    )
}

#[track_caller]
fn fits_rfc_9068(world: &World, algorithm: &str) {
    let client = register(world);
    let tokens = client.log_in("user");
    let claims = jwt::verify(world, &tokens.access, ISSUER).unwrap();
    let header = jwt::decode(&tokens.access).header;
    assert_eq!(header["alg"], algorithm);
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["sub"], "user");
    assert_eq!(claims["client_id"], "signed");
    assert_eq!(claims["scope"], "read");
    assert!(
        claims["aud"]
            .to_string()
            .contains("https://api.example.test"),
        "{claims}"
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        300
    );
    assert_eq!(tokens.json["expires_in"], 300);
    assert_eq!(claims["nbf"], claims["iat"]);
    let session = world
        .bearer(&tokens.access)
        .get("/Session")
        .expect(200)
        .json();
    let session = &session["entry"][0]["resource"];
    assert_eq!(claims["sid"], session["id"]);
    assert_eq!(claims["jti"], session["jti"]);
    assert_eq!(claims.get("cid"), None);
    let again = jwt::decode(&client.log_in("user").access).claims;
    assert_ne!(again["jti"], claims["jti"]);
}

/// Nothing of a private key is published (RFC 7517 §4, RFC 7518 §6).
#[track_caller]
fn keys_are_public(world: &World) {
    let keys = jwt::published(world);
    assert!(!keys.is_empty());
    for key in &keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert_eq!(key.get(private), None, "{key}");
        }
        assert_eq!(key["use"], "sig", "{key}");
        assert!(key["alg"].is_string() && key["kid"].is_string(), "{key}");
    }
}

fn on_algorithm(algorithm: &str) {
    let setup = Setup::on(Store::Sqlite).set("tokens.signing_algorithm", algorithm);
    let world = setup.start();
    fits_rfc_9068(&world, algorithm);
    keys_are_public(&world);
}

on_every_store!(es256_is_the_default_and_fits_rfc_9068, |world| {
    fits_rfc_9068(world, "ES256");
    keys_are_public(world);
});

#[test]
fn eddsa_tokens_fit_rfc_9068() {
    on_algorithm("EdDSA");
}

#[test]
fn rs256_tokens_fit_rfc_9068() {
    on_algorithm("RS256");
}

#[test]
fn ps256_tokens_fit_rfc_9068() {
    on_algorithm("PS256");
}

#[test]
fn cid_names_the_client_when_compatibility_asks_for_it() {
    let world = Setup::on(Store::Sqlite)
        .set("tokens.compat_cid", "true")
        .start();
    let tokens = register(&world).log_in("user");
    assert_eq!(jwt::decode(&tokens.access).claims["cid"], "signed");
}

on_every_store!(a_refresh_token_that_is_a_jwt_is_no_access_token, |world| {
    let client = register(world);
    let tokens = client.log_in("user");
    let refresh = jwt::decode(&tokens.refresh);
    assert_eq!(refresh.header["typ"], "rt+jwt");
    assert!(
        refresh.claims["aud"].to_string().contains(ISSUER),
        "{}",
        refresh.claims
    );
    jwt::verify(world, &tokens.refresh, ISSUER).unwrap_err();
    world
        .bearer(&tokens.refresh)
        .get("/auth/userinfo")
        .expect(401);
    world.bearer(&tokens.refresh).get("/Session").expect(401);
    world.bearer(&tokens.refresh).delete("/Session").expect(401);
    assert!(client.sees_active(&tokens.access), "nothing was closed");
    client.refresh(&tokens.access).refuse(400, "invalid_grant");
});

/// The object with one member changed.
fn with(object: &Value, name: &str, value: &Value) -> Value {
    let mut object = object.clone();
    object[name] = value.clone();
    object
}

/// Tokens that look like `token` and are not ours.
fn forgeries(world: &World, token: &str) -> Vec<String> {
    let published = &jwt::published(world)[0];
    let mut forged = other_headers(token, published);
    forged.extend(other_claims(token));
    forged.extend(other_signatures(token));
    forged.extend(symmetric_signatures(token, published));
    forged.extend(other_texts(token));
    forged
}

fn other_headers(token: &str, published: &Value) -> Vec<String> {
    let Parts {
        header,
        claims,
        signature,
    } = jwt::decode(token);
    let headers = [
        ("alg", json!("ES384")),
        ("alg", json!("RS256")),
        ("alg", json!("HS256")),
        ("alg", Value::Null),
        ("typ", json!("JWT")),
        ("typ", json!("rt+jwt")),
        ("typ", Value::Null),
        ("kid", json!("nobody")),
        ("kid", json!("../../etc/passwd")),
        ("kid", Value::Null),
        ("jwk", published.clone()),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/x5c")),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("junk", json!("x".repeat(10_000))),
    ];
    let headers = headers
        .iter()
        .map(|(name, value)| with(&header, name, value));
    let mut forged: Vec<String> = headers
        .map(|header| jwt::encode(&header, &claims, &signature))
        .collect();
    let unsigned = ["none", "NONE", "nOnE", ""].map(|name| with(&header, "alg", &json!(name)));
    forged.extend(unsigned.map(|header| jwt::encode(&header, &claims, &[])));
    forged
}

fn other_claims(token: &str) -> Vec<String> {
    let Parts {
        header,
        claims,
        signature,
    } = jwt::decode(token);
    let changes = [
        ("sub", json!("admin")),
        ("iss", json!("https://evil.example")),
        ("aud", json!("https://evil.example")),
        ("exp", json!(4_102_444_800_i64)),
        ("exp", json!("4102444800")),
        ("exp", Value::Null),
        ("nbf", json!(0)),
        ("scope", json!("read write admin")),
        ("client_id", json!("root")),
        ("jti", json!("another")),
        ("sid", json!("another")),
    ];
    let objects = changes
        .iter()
        .map(|(name, value)| with(&claims, name, value));
    objects
        .map(|claims| jwt::encode(&header, &claims, &signature))
        .collect()
}

fn other_signatures(token: &str) -> Vec<String> {
    let Parts {
        header,
        claims,
        signature,
    } = jwt::decode(token);
    let mut tampered = signature.clone();
    tampered[0] ^= 1;
    let signatures = [
        vec![],
        vec![0; 64],
        vec![0; 32],
        tampered,
        [&signature[..], &[0]].concat(),
    ];
    signatures
        .iter()
        .map(|signature| jwt::encode(&header, &claims, signature))
        .collect()
}

/// HS256 with what everybody knows or can guess.
fn symmetric_signatures(token: &str, published: &Value) -> Vec<String> {
    let kid = jwt::decode(token).header["kid"]
        .as_str()
        .unwrap()
        .to_owned();
    let (set, x) = (published.to_string(), published["x"].as_str().unwrap());
    let keys = [
        set.as_bytes(),
        x.as_bytes(),
        b"secretsecretsecretsecretsecretse",
    ];
    let sign = |key: &[u8]| {
        let claims = Claims::create(Validity::from_mins(5));
        let claims = claims.with_issuer(ISSUER).with_subject("user");
        HS256Key::from_bytes(key)
            .with_key_id(&kid)
            .authenticate(claims)
            .unwrap()
    };
    keys.map(sign).into()
}

fn other_texts(token: &str) -> Vec<String> {
    vec![
        token[..token.len() - 1].to_owned(),
        format!("{token}A"),
        format!("{token}="),
        format!("{token}.AAAA"),
        format!("{token}."),
        token.rsplit_once('.').unwrap().0.to_owned(),
        swap_case(token),
        token.replace('.', ".."),
    ]
}

fn swap_case(text: &str) -> String {
    let swap = |c: char| {
        if c.is_ascii_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    text.chars().map(swap).collect()
}

on_every_store!(nothing_that_was_tampered_with_is_a_token, |world| {
    let client = register(world);
    let tokens = client.log_in("user");
    for forged in forgeries(world, &tokens.access) {
        assert_ne!(forged, tokens.access, "nothing was changed");
        assert!(!client.sees_active(&forged), "{forged} is active");
        let answer = world.bearer(&forged).get("/auth/userinfo");
        assert_eq!(answer.status, 401, "{forged}: {}", answer.text());
        let answer = world.bearer(&forged).delete("/Session");
        assert_eq!(answer.status, 401, "{forged}: {}", answer.text());
        client.revoke(&forged).expect(200);
    }
    assert!(
        client.sees_active(&tokens.access),
        "the true one still lives"
    );
});

on_every_store!(a_jwt_is_dead_the_moment_its_session_is_closed, |world| {
    let client = register(world);
    let tokens = client.log_in("user");
    world.bearer(&tokens.access).delete("/Session").expect(200);
    assert!(!client.sees_active(&tokens.access));
    world
        .bearer(&tokens.access)
        .get("/auth/userinfo")
        .expect(401);
});
