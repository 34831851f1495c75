//! Secrets and passwords are in no answer: not of a read, a search, a history, a Bundle, a refusal.

use serde_json::{Value, json};

use crate::support::bundles::{batch, get, put, transaction};
use crate::support::{Answer, Call, World};

const SECRETS: [&str; 6] = [
    "Plain-Secret-1",
    "Plain-Secret-2",
    "Plain-Secret-3",
    "Plain-Password-1",
    "Plain-Password-2",
    // SHA-256 of "imported", and a bcrypt hash of "password".
    "5F54227B74FBBA7743C47CD286B4873F2E17331518D56FACFC03E34CDE4A0950",
];
const BCRYPT: &str = "$2b$04$zVHmKQtGGQob.b/Nc7l9NO8UlrYcW05FiuCj/SxsFO/ZtiN9.mNzy";

/// Bodies that carry them, each to where it is written.
fn bodies() -> Vec<(&'static str, Value)> {
    let grants = json!(["password", "client_credentials"]);
    vec![
        (
            "Client/c",
            json!({ "secret": SECRETS[0], "grant_types": grants,
            "secrets": [{ "secret": SECRETS[1], "expires": "2099-01-01T00:00:00Z" }] }),
        ),
        (
            "Client/h",
            json!({ "secret": format!("__sha256:{}", SECRETS[5]), "grant_types": grants }),
        ),
        ("User/u", json!({ "userName": "u", "password": SECRETS[3] })),
        ("User/h", json!({ "userName": "h", "password": BCRYPT })),
    ]
}

/// Every answer that could hold one.
fn answers(world: &World) -> Vec<Answer> {
    let admin = world.admin();
    let mut all = Vec::new();
    for (url, body) in bodies() {
        all.push(admin.put(&format!("/{url}"), &body));
        all.push(admin.put(&format!("/fhir/{url}"), &body));
        let (kind, _) = url.split_once('/').unwrap();
        let mut other = body.clone();
        other.as_object_mut().unwrap().remove("userName");
        all.push(admin.post(&format!("/{kind}"), &other));
    }
    for (path, body) in [
        ("/Client/c", json!({ "secret": SECRETS[2] })),
        ("/User/u", json!({ "password": SECRETS[4] })),
    ] {
        all.push(admin.patch(path, &body));
        let operations: Vec<Value> = body.as_object().unwrap().iter().map(|(name, value)| {
            json!({ "op": "replace", "path": format!("/{name}"), "value": value })
        }).collect();
        let call =
            Call::patch(path).body("application/json-patch+json", json!(operations).to_string());
        all.push(admin.send(call));
    }
    all.push(
        admin.post(
            "/",
            &transaction(
                &bodies()
                    .iter()
                    .map(|(url, body)| put(url, body))
                    .collect::<Vec<_>>(),
            ),
        ),
    );
    let reads = [
        "Client/c",
        "User/u",
        "Client",
        "User",
        "Client/_history",
        "User/h/_history",
        "Client/c/_history/1",
    ];
    all.push(admin.post("/", &batch(&reads.map(get))));
    for read in reads {
        for mount in ["", "/fhir"] {
            for query in [
                "",
                "?_format=yaml",
                "?_elements=secret,secrets,password,hash",
            ] {
                let answer = admin.get(&format!("{mount}/{read}{query}"));
                all.push(answer);
            }
        }
    }
    all.extend(refusals(world));
    let login = world
        .client("c", Some(SECRETS[0]))
        .password("u", SECRETS[3]);
    let token = login.json()["access_token"].as_str().unwrap().to_owned();
    all.push(world.bearer(&token).get("/auth/userinfo"));
    all.push(world.bearer(&token).get("/User/u"));
    all.push(login);
    all.push(admin.get("/AuditEvent?_count=1000"));
    for url in ["/Client/c", "/User/u", "/User/h"] {
        all.push(admin.delete(url));
        all.push(admin.get(&format!("{url}/_history")));
    }
    all
}

/// What is said of bodies that carry them and are wrong.
fn refusals(world: &World) -> Vec<Answer> {
    let admin = world.admin();
    let refused = [
        ("/Client/c", json!({ "secret": [SECRETS[0]] })),
        (
            "/Client/c",
            json!({ "secret": SECRETS[0], "nonsense": SECRETS[1] }),
        ),
        ("/Client/c", json!({ "secrets": SECRETS[1] })),
        (
            "/Client/c",
            json!({ "secrets": [{ "secret": SECRETS[1], "expires": SECRETS[2] }] }),
        ),
        (
            "/Client/c",
            json!({ "secret": format!("__sha256:{}0", SECRETS[5]) }),
        ),
        (
            "/Client/c",
            json!({ "grant_types": [SECRETS[0]], "scope": SECRETS[1], "default_scope": SECRETS[2] }),
        ),
        ("/User/u", json!({ "password": { "value": SECRETS[3] } })),
        (
            "/User/u",
            json!({ "password": format!("$2b$99${}", SECRETS[3]) }),
        ),
        ("/User/u", json!({ "password": SECRETS[3].repeat(80) })),
        (
            "/User/u",
            json!({ "email": SECRETS[3], "userName": format!("{} x", SECRETS[4]) }),
        ),
    ];
    let mut all: Vec<Answer> = refused
        .iter()
        .map(|(path, body)| admin.put(path, body))
        .collect();
    all.push(admin.post("/", &transaction(&[put("User/u", &refused[6].1)])));
    all.push(admin.post(
        "/",
        &batch(&[put("User/u", &refused[6].1), put("Client/c", &refused[1].1)]),
    ));
    all.push(admin.get(&format!("/Client?secret={}", SECRETS[0])));
    all.push(admin.get(&format!("/User?password={}", SECRETS[3])));
    for answer in &all {
        assert!(
            matches!(answer.status, 200 | 400 | 422),
            "{}",
            answer.text()
        );
    }
    all
}

on_every_store!(no_answer_holds_a_secret, |world| {
    let answers = answers(world);
    assert!(answers.len() > 80);
    for answer in answers {
        assert!(answer.status < 500, "{}", answer.text());
        let text = answer.text();
        for secret in SECRETS.iter().chain([&BCRYPT, &"$argon2"]) {
            let held = text.to_lowercase().contains(&secret.to_lowercase());
            assert!(!held, "{secret} in {text}");
        }
        if answer.content_type().contains("json") && !answer.body.is_empty() {
            assert!(!shows_one(&answer.json()), "{text}");
        }
    }
});

/// Whether a member that is written, or what is stored of it, is shown anywhere.
fn shows_one(value: &Value) -> bool {
    const WRITTEN: [&str; 5] = ["secret", "password", "hash", "secret_hash", "password_hash"];
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| {
            (WRITTEN.contains(&name.as_str()) && !value.is_object()) || shows_one(value)
        }),
        Value::Array(values) => values.iter().any(shows_one),
        _ => false,
    }
}

on_every_store!(no_search_finds_by_a_secret, |world| {
    for (url, body) in bodies() {
        world.admin().put(&format!("/{url}"), &body).expect(201);
    }
    for kind in ["Client", "User"] {
        for name in [
            "secret",
            "secrets",
            "password",
            "hash",
            "secret_hash",
            "password:missing",
            ".secret",
            ".password",
        ] {
            for value in [SECRETS[0], "true"] {
                world
                    .admin()
                    .get(&format!("/{kind}?{name}={value}"))
                    .outcome(400);
            }
        }
    }
});
