//! No secret is found where it is not needed: not in the store, not in the log, in no form.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::support::settings::ROOT_SECRET;
use crate::support::{Setup, Store, Tokens, World};

const PASSWORD: &str = "Tr0ub4dor-and-3-more";
const WRONG: &str = "almost-Tr0ub4dor-and-3";
const SECRET: &str = "an-operators-own-secret";

/// Lives a day, and answers every secret that was seen in it.
fn live(world: &World) -> Vec<String> {
    let admin = world.admin();
    admin
        .put(
            "/User/amy",
            &json!({ "userName": "amy", "password": PASSWORD }),
        )
        .expect(201);
    let mut secrets: Vec<String> = [PASSWORD, WRONG, SECRET, ROOT_SECRET]
        .map(str::to_owned)
        .into();
    for (id, format) in [("plain", "opaque"), ("signed", "jwt")] {
        let client = world.register(
            id,
            &json!({
                "secret": SECRET,
                "grant_types": ["password", "client_credentials"],
                "auth": { "password": {
                    "refresh_token": true, "token_format": format, "refresh_token_format": format
                }}
            }),
        );
        let first = Tokens::of(&client.password("amy", PASSWORD));
        let second = Tokens::of(&client.refresh(&first.refresh));
        let third = Tokens::of(&client.refresh(&second.refresh));
        client.refresh(&first.refresh).refuse(400, "invalid_grant");
        client.password("amy", WRONG).refuse(400, "invalid_grant");
        client.introspect(&third.access);
        client.revoke(&third.access).expect(200);
        let kept = Tokens::of(&client.password("amy", PASSWORD));
        world.bearer(&kept.access).get("/Session").expect(200);
        let own = Tokens::of(&client.credentials());
        for tokens in [first, second, third, kept, own] {
            secrets.extend([tokens.access, tokens.refresh]);
        }
    }
    let generated = admin.put(
        "/Client/machine",
        &json!({ "grant_types": ["client_credentials"] }),
    );
    secrets.push(
        generated.expect(201).json()["secret"]
            .as_str()
            .unwrap()
            .to_owned(),
    );
    secrets.retain(|secret| !secret.is_empty());
    assert!(secrets.len() > 20);
    secrets
}

/// A secret in every form it could leak in.
fn forms(secret: &str) -> Vec<String> {
    let digits = secret.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect();
    let mut forms = vec![
        secret.to_owned(),
        hex.to_uppercase(),
        hex,
        STANDARD.encode(secret),
    ];
    forms.extend([
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ]);
    // The part of a token that is secret, without its prefix and checksum.
    if let Some(random) = secret.get(4..47).filter(|_| secret.starts_with('g')) {
        forms.push(random.to_owned());
    }
    // The part of a JWT that is secret: its signature.
    forms.extend(
        secret
            .rsplit_once('.')
            .map(|(_, signature)| signature.to_owned()),
    );
    forms
}

/// A place holds what it usually does, and no secret in any form.
#[track_caller]
fn lacks(haystack: &[u8], place: &str, usual: &str, secrets: &[String]) {
    let has = |needle: &[u8]| {
        haystack
            .windows(needle.len())
            .any(|window| window == needle)
    };
    assert!(has(usual.as_bytes()), "{place} does not even hold {usual}");
    for secret in secrets {
        for form in forms(secret) {
            assert!(
                !has(form.as_bytes()),
                "{place} holds {form}, a form of {secret}"
            );
        }
    }
}

on_every_store!(
    neither_the_store_nor_the_log_holds_a_secret,
    |setup: Setup| {
        let world = setup.set("log.level", "debug").start();
        let secrets = live(&world);
        lacks(&world.setup.database.dump(), "the store", "amy", &secrets);
        let (_, setup) = world.terminate();
        lacks(&setup.database.dump(), "the store at rest", "amy", &secrets);
        lacks(setup.log().as_bytes(), "the log", "/auth/token", &secrets);
    }
);

on_every_store!(metrics_hold_no_secret_and_no_name, |setup: Setup| {
    let world = setup.start();
    let mut secrets = live(&world);
    secrets.push("amy".to_owned());
    let metrics = world
        .ops
        .send(crate::support::Call::get("/metrics"))
        .expect(200);
    let held = secrets
        .iter()
        .find(|secret| metrics.text().contains(secret.as_str()));
    assert_eq!(held, None, "{}", metrics.text());
});

#[test]
fn what_is_stored_opens_nothing() {
    let world = Setup::on(Store::Postgres).start();
    live(&world);
    let rows = world.setup.database.sql(
        "SELECT encode(access_hash, 'hex') FROM session \
         UNION SELECT encode(refresh_hash, 'hex') FROM session WHERE refresh_hash IS NOT NULL \
         UNION SELECT encode(hash, 'hex') FROM refresh_token \
         UNION SELECT access_id FROM session UNION SELECT id FROM session \
         UNION SELECT encode(secret_hash, 'hex') FROM client WHERE secret_hash IS NOT NULL",
    );
    let judge = world.register("judge", &json!({ "secret": "s", "introspect": "any" }));
    let mut tried = 0;
    for value in rows.lines() {
        for token in [
            value.to_owned(),
            format!("gat_{value}"),
            base64_of_hex(value),
        ] {
            assert!(!judge.sees_active(&token), "{token}");
            assert_eq!(
                world.bearer(&token).get("/auth/userinfo").status,
                401,
                "{token}"
            );
            world
                .client("signed", Some(SECRET))
                .refresh(&token)
                .refuse(400, "invalid_grant");
            let answer = world.client("signed", Some(&token)).credentials();
            assert_eq!(
                answer.status, 401,
                "a stored value is a client secret: {token}"
            );
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}

fn base64_of_hex(hex: &str) -> String {
    let pairs = (0..hex.len() / 2)
        .filter_map(|at| u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok());
    URL_SAFE_NO_PAD.encode(pairs.collect::<Vec<u8>>())
}
