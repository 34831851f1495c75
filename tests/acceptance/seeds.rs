//! The walk-through that Grantor is built after: every request and answer of it, word for word.

use serde_json::{Value, json};

use crate::support::actors::TOKEN;
use crate::support::settings::ISSUER;
use crate::support::{Answer, Call, Tokens, World, jwt};

const CLIENT: &str = "secret: verysecret\ngrant_types:\n- password\n";
const FORM: &[(&str, &str)] = &[
    ("grant_type", "password"),
    ("username", "user"),
    ("password", "password"),
];

fn put_client(world: &World, path: &str) -> Answer {
    world
        .admin()
        .send(Call::put(path).header("Accept", "text/yaml").yaml(CLIENT))
}

/// What every password grant of the seeds' user answers.
#[track_caller]
fn is_the_seeds_answer(answer: &Answer) {
    let json = answer.clone().expect(200).json();
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["expires_in"], 3600);
    assert!(
        json["access_token"]
            .as_str()
            .is_some_and(|token| token.len() >= 22),
        "{json}"
    );
    assert_eq!(json["userinfo"]["id"], "user");
    assert_eq!(json["userinfo"]["email"], "user@mail.com");
    assert_eq!(json["userinfo"]["resourceType"], "User");
    assert_eq!(
        answer.content_type().split(';').next(),
        Some("application/json")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
}

on_every_store!(a_client_is_put_in_yaml_and_the_answer_is_yaml, |world| {
    for path in ["/Client/another", "/fhir/Client/onfhir"] {
        let answer = put_client(world, path).expect(201);
        let client = answer.yaml();
        assert_eq!(client["id"], *path.rsplit('/').next().unwrap());
        assert_eq!(client["resourceType"], "Client");
        assert_eq!(client["grant_types"], json!(["password"]));
        assert!(!answer.text().contains("verysecret"), "{}", answer.text());
        put_client(world, path).expect(200);
    }
});

on_every_store!(a_client_that_was_put_gets_a_token_for_its_user, |world| {
    put_client(world, "/Client/another").expect(201);
    let answer = world
        .client("another", Some("verysecret"))
        .password("user", "password");
    is_the_seeds_answer(&answer);
    assert_eq!(
        answer.json().get("refresh_token"),
        None,
        "it did not enable refresh tokens"
    );
});

on_every_store!(basic_and_form_get_a_token, |world| {
    is_the_seeds_answer(&world.send(Call::post(TOKEN).basic("myapp", "verysecret").form(FORM)));
});

on_every_store!(json_with_credentials_gets_a_token, |world| {
    let body = json!({
        "grant_type": "password",
        "client_id": "myapp",
        "client_secret": "verysecret",
        "username": "user",
        "password": "password"
    });
    is_the_seeds_answer(&world.send(Call::post(TOKEN).json(&body)));
});

on_every_store!(a_form_with_credentials_gets_a_token, |world| {
    let credentials = [("client_id", "myapp"), ("client_secret", "verysecret")];
    is_the_seeds_answer(&world.send(Call::post(TOKEN).form(&[FORM, &credentials].concat())));
});

on_every_store!(yaml_with_credentials_gets_a_token_in_yaml, |world| {
    let body = "grant_type: password\nclient_id: myapp\nclient_secret: verysecret\n\
                username: user\npassword: password\n";
    let answer = world.send(Call::post(TOKEN).yaml(body)).expect(200);
    let token = answer.yaml();
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["userinfo"]["id"], "user");
    let answer = world.send(
        Call::post(TOKEN)
            .header("Accept", "application/json")
            .yaml(body),
    );
    is_the_seeds_answer(&answer);
});

on_every_store!(basic_and_json_get_a_token, |world| {
    let body = json!({ "grant_type": "password", "username": "user", "password": "password" });
    is_the_seeds_answer(&world.send(Call::post(TOKEN).basic("myapp", "verysecret").json(&body)));
});

on_every_store!(a_public_client_names_itself, |world| {
    let public = world.register("spa", &json!({ "grant_types": ["password"] }));
    is_the_seeds_answer(&public.password("user", "password"));
});

on_every_store!(the_user_is_found_by_its_email_too, |world| {
    is_the_seeds_answer(&world.myapp().password("USER@mail.com", "password"));
});

on_every_store!(token_format_jwt_makes_access_tokens_jwts, |world| {
    let client = world.register_for_passwords("jwt", &json!({ "token_format": "jwt" }));
    let tokens = client.log_in("user");
    let claims = jwt::verify(world, &tokens.access, ISSUER).unwrap();
    assert_eq!(claims["sub"], "user");
    world
        .bearer(&tokens.access)
        .get("/auth/userinfo")
        .expect(200);
});

on_every_store!(
    access_token_expiration_is_the_lifetime,
    |world: InProcess| {
        let client =
            world.register_for_passwords("short", &json!({ "access_token_expiration": 60 }));
        let tokens = client.log_in("user");
        assert_eq!(tokens.json["expires_in"], 60);
        world.wait(59);
        assert!(client.sees_active(&tokens.access));
        world.wait(1);
        assert!(!client.sees_active(&tokens.access));
        world
            .bearer(&tokens.access)
            .get("/auth/userinfo")
            .expect(401);
    }
);

on_every_store!(the_older_name_token_expiration_is_understood, |world| {
    let client = world.register_for_passwords("older", &json!({ "token_expiration": 77 }));
    assert_eq!(client.log_in("user").json["expires_in"], 77);
    let written = world.admin().get("/Client/older").expect(200).json();
    assert_eq!(written["auth"]["password"]["access_token_expiration"], 77);
});

on_every_store!(refresh_token_turns_refresh_tokens_on_and_off, |world| {
    let with = world.register_for_passwords("with", &json!({ "refresh_token": true }));
    let without = world.register_for_passwords("without", &json!({ "refresh_token": false }));
    assert!(!with.log_in("user").refresh.is_empty());
    assert_eq!(without.log_in("user").json.get("refresh_token"), None);
});

on_every_store!(
    secret_required_false_lets_a_client_do_without_its_secret,
    |world| {
        let body = json!({
            "secret": "s", "grant_types": ["password"], "auth": { "password": { "secret_required": false } }
        });
        world.register("lax", &body);
        is_the_seeds_answer(&world.client("lax", None).password("user", "password"));
        is_the_seeds_answer(&world.client("lax", Some("s")).password("user", "password"));
        let wrong = world
            .client("lax", Some("wrong"))
            .password("user", "password");
        wrong.refuse(401, "invalid_client");
    }
);

on_every_store!(secret_required_true_demands_the_secret, |world| {
    world.register_for_passwords("strict", &json!({ "secret_required": true }));
    let answer = world.client("strict", None).password("user", "password");
    answer.refuse(401, "invalid_client");
});

on_every_store!(
    the_audience_of_the_client_is_the_audience_of_its_tokens,
    |world| {
        let attributes = json!({ "token_format": "jwt", "audience": "http://resource.server.com" });
        let client = world.register_for_passwords("aud", &attributes);
        let claims = jwt::verify(world, &client.log_in("user").access, ISSUER).unwrap();
        let audience = &claims["aud"];
        let expected = json!("http://resource.server.com");
        assert!(
            *audience == expected || *audience == json!([expected]),
            "{claims}"
        );
        let other =
            client.password_for("user", "password", &[("audience", "https://other.example")]);
        other.refuse(400, "invalid_target");
    }
);

on_every_store!(userinfo_false_keeps_the_user_out_of_the_answer, |world| {
    let client = world.register_for_passwords("terse", &json!({ "userinfo": false }));
    assert_eq!(client.log_in("user").json.get("userinfo"), None);
});

on_every_store!(after_its_sunset_a_client_has_no_password_grant, |world| {
    let client = world.register_for_passwords("old", &json!({ "sunset": "2020-01-01" }));
    client
        .password("user", "password")
        .refuse(400, "unauthorized_client");
});

on_every_store!(
    a_scope_is_granted_as_asked_or_by_default_and_echoed,
    |world| {
        let client = world.register(
            "scoped",
            &json!({
                "secret": "s",
                "grant_types": ["password"],
                "scope": ["contacts.read", "contacts.write"],
                "default_scope": ["contacts.read"]
            }),
        );
        let asked = [("scope", "contacts.write contacts.read")];
        let both = client
            .password_for("user", "password", &asked)
            .expect(200)
            .json();
        let mut granted: Vec<&str> = both["scope"].as_str().unwrap().split(' ').collect();
        granted.sort_unstable();
        assert_eq!(granted, ["contacts.read", "contacts.write"]);
        assert_eq!(client.log_in("user").json["scope"], "contacts.read");
        let wider = client.password_for("user", "password", &[("scope", "contacts.read admin")]);
        wider.refuse(400, "invalid_scope");
        let none = world.myapp().log_in("user").json;
        assert!(none.get("scope").is_none_or(|scope| scope == ""), "{none}");
    }
);

on_every_store!(the_other_seeds_path_answers_the_same, |world| {
    let client = world.register(
        "reader",
        &json!({
            "secret": "s", "grant_types": ["password"], "scope": ["contacts.read", "contacts.write"]
        }),
    );
    let scope = [("scope", "contacts.read contacts.write")];
    let body = [("client_id", "reader"), ("client_secret", "s")];
    let answer = world.send(Call::post("/token").form(&[FORM, &scope, &body].concat()));
    let json = answer.clone().expect(200).json();
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["scope"], "contacts.read contacts.write");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    client.post("/token", &[FORM, &scope].concat()).expect(200);
});

on_every_store!(
    the_token_endpoints_second_path_can_be_switched_off,
    |setup: Setup| {
        let world = setup.set("server.token_alias", "false").start();
        world.myapp().post("/token", FORM).expect(404);
        world.myapp().post(TOKEN, FORM).expect(200);
    }
);

on_every_store!(tokens_can_be_jwts_both_as_in_the_seeds, |world| {
    let attributes =
        json!({ "token_format": "jwt", "refresh_token": true, "refresh_token_format": "jwt" });
    let client = world.register_for_passwords("both", &attributes);
    let tokens = client.log_in("user");
    assert_eq!(jwt::decode(&tokens.access).header["typ"], "at+jwt");
    assert_eq!(jwt::decode(&tokens.refresh).header["typ"], "rt+jwt");
    let next = Tokens::of(&client.refresh(&tokens.refresh));
    assert_ne!(next.access, tokens.access);
});

on_every_store!(the_access_token_opens_what_is_the_users_own, |world| {
    let tokens = world.myapp().log_in("user");
    let user = world
        .bearer(&tokens.access)
        .get("/auth/userinfo")
        .expect(200)
        .json();
    assert_eq!(user["sub"], "user");
    assert_eq!(user["email"], "user@mail.com");
    let same = world
        .bearer(&tokens.access)
        .get("/User/user")
        .expect(200)
        .json();
    assert_eq!(same["id"], "user");
    let wrong = "ZjQyNGFhY2EtNTY2MS00NjVjLWEzYmEtMjIwYjFkNDI5Yjhi";
    let refused = world.bearer(wrong).get("/auth/userinfo").expect(401);
    let challenge = refused.header("www-authenticate").unwrap().to_owned();
    assert!(
        challenge.starts_with("Bearer") && challenge.contains("invalid_token"),
        "{challenge}"
    );
});

on_every_store!(delete_session_closes_the_session_of_the_token, |world| {
    let myapp = world.myapp();
    let (tokens, other) = (myapp.log_in("user"), myapp.log_in("user"));
    let closed = world
        .bearer(&tokens.access)
        .delete("/Session")
        .expect(200)
        .json();
    assert_eq!(closed["resourceType"], "Session");
    assert_eq!(closed["active"], false);
    assert!(closed["end"].is_string(), "{closed}");
    assert!(!myapp.sees_active(&tokens.access));
    assert!(!myapp.sees_active(&tokens.refresh));
    myapp.refresh(&tokens.refresh).refuse(400, "invalid_grant");
    world.bearer(&tokens.access).delete("/Session").expect(401);
    assert!(myapp.sees_active(&other.access), "another session lives on");
});

on_every_store!(get_session_lists_the_sessions, |world| {
    let tokens = world.myapp().log_in("user");
    let bundle = world
        .bearer(&tokens.access)
        .get("/Session")
        .expect(200)
        .json();
    assert_eq!(bundle["resourceType"], "Bundle");
    assert_eq!(bundle["type"], "searchset");
    assert_eq!(bundle["total"], 1);
    let session = &bundle["entry"][0]["resource"];
    assert_eq!(session["resourceType"], "Session");
    assert_eq!(session["type"], "password");
    assert_eq!(session["active"], true);
    assert_eq!(session["user"]["id"], "user");
    assert_eq!(session["client"]["id"], "myapp");
    let text = bundle.to_string();
    assert!(
        !text.contains(&tokens.access) && !text.contains(&tokens.refresh),
        "{text}"
    );
    let all: Value = world.admin().get("/Session").expect(200).json();
    assert_eq!(all["total"], 1);
});
