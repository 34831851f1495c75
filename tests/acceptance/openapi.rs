//! The `OpenAPI` document is the truth about the server, and the same everywhere.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::operations::{Operation, operations};
use crate::support::schema::{misfit, resolve};
use crate::support::{Answer, Call, Setup, Store, Tokens};

#[test]
fn the_committed_document_the_served_and_the_printed_are_one() {
    let world = Setup::on(Store::Sqlite).start();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let committed: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let served = world.document();
    assert!(served == committed, "run `cargo xtask generate`");
    let printed: Value = serde_json::from_str(&world.setup.run(&["openapi"]).ok().stdout).unwrap();
    assert!(printed == committed, "run `cargo xtask generate`");
}

#[test]
fn every_operation_has_a_stable_name_and_says_how_it_fails() {
    let world = Setup::on(Store::Sqlite).start();
    let document = world.document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let operations = operations(&document);
    assert!(operations.len() > 15, "{}", operations.len());
    let mut names: Vec<&str> = operations
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    for name in &names {
        assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{name}"
        );
        assert!(name.contains('_'), "{name} is not verb_noun");
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "names are unique");
    for operation in &operations {
        let Operation { method, path, .. } = operation;
        let responses = operation.described["responses"].as_object().unwrap();
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{method} {path}"
        );
        for (status, response) in responses {
            assert!(
                response["$ref"].is_string() || response["description"].is_string(),
                "{path} {status}"
            );
        }
    }
}

#[test]
fn the_token_endpoint_is_described_for_forms_and_json() {
    let world = Setup::on(Store::Sqlite).start();
    let document = world.document();
    let operation = &document["paths"]["/auth/token"]["post"];
    let content = resolve(&document, &operation["requestBody"])["content"]
        .as_object()
        .unwrap();
    for content_type in ["application/x-www-form-urlencoded", "application/json"] {
        assert!(
            content[content_type]["schema"].is_object(),
            "{content_type}"
        );
    }
    let schema = |status: &str| {
        let response = resolve(&document, &operation["responses"][status]);
        resolve(
            &document,
            &response["content"]["application/json"]["schema"],
        )
        .clone()
    };
    assert!(schema("200").to_string().contains("access_token"));
    for status in ["400", "401"] {
        assert!(schema(status).to_string().contains("error"), "{status}");
    }
}

/// The answer's status, type and content are those of the operation's documentation.
#[track_caller]
fn is_documented(document: &Value, operation: &Operation, answer: &Answer) {
    let name = &operation.id;
    let response = &operation.described["responses"][answer.status.to_string()];
    assert!(
        !response.is_null(),
        "{name} answers {}: {}",
        answer.status,
        answer.text()
    );
    let content = &resolve(document, response)["content"];
    if answer.body.is_empty() {
        return;
    }
    let media_type = answer.content_type().split(';').next().unwrap();
    let schema = &content[media_type]["schema"];
    assert!(
        !schema.is_null(),
        "{name} answers {} as {media_type}",
        answer.status
    );
    let misfit = misfit(document, schema, &answer.json());
    assert_eq!(
        misfit,
        None,
        "{name} answers {}: {}",
        answer.status,
        answer.text()
    );
}

on_every_store!(answers_to_those_who_may_not_are_documented, |world| {
    let document = world.document();
    for operation in operations(&document) {
        let filled = operation.path.replace("{id}", "nobody");
        let body = operation.described.get("requestBody").map(|_| json!({}));
        let call = || match &body {
            Some(body) => Call::new(&operation.method, &filled).json(body),
            None => Call::new(&operation.method, &filled),
        };
        let user = world.user("user");
        for answer in [
            world.send(call()),
            world.send(call().bearer("wrong")),
            user.send(call()),
            world.admin().send(call().body("text/plain", "x")),
            world.admin().send(call().body("application/json", "{")),
        ] {
            is_documented(&document, &operation, &answer);
        }
    }
});

/// One good request for every OAuth operation.
fn oauth_requests(tokens: &Tokens) -> Vec<(&'static str, Call)> {
    let grant = [
        ("grant_type", "password"),
        ("username", "user"),
        ("password", "password"),
    ];
    let myapp = |call: Call| call.basic("myapp", "verysecret");
    let about = |path: &str, token: &str| myapp(Call::post(path).form(&[("token", token)]));
    vec![
        (
            "read_metadata",
            Call::get("/.well-known/oauth-authorization-server"),
        ),
        ("read_key_set", Call::get("/.well-known/jwks.json")),
        (
            "request_token",
            myapp(Call::post("/auth/token").form(&grant)),
        ),
        (
            "introspect_token",
            about("/auth/introspect", &tokens.access),
        ),
        (
            "introspect_token",
            about("/auth/introspect", &tokens.refresh),
        ),
        ("introspect_token", about("/auth/introspect", "dead")),
        (
            "read_userinfo",
            Call::get("/auth/userinfo").bearer(&tokens.access),
        ),
        (
            "request_userinfo",
            Call::post("/auth/userinfo").bearer(&tokens.access),
        ),
        ("revoke_token", about("/auth/revoke", "dead")),
    ]
}

/// Good requests for every operation on resources, each of which finds what it needs.
fn resource_requests(session: &str) -> Vec<(&'static str, Call)> {
    let client = json!({ "secret": "s", "grant_types": ["password"], "scope": ["a"] });
    let generated = json!({ "grant_types": ["client_credentials"] });
    let user = json!({ "userName": "doc", "password": "p", "name": { "givenName": "D" } });
    let session = format!("/Session/{session}");
    let closed = json!({ "active": false });
    vec![
        ("put_client", Call::put("/Client/doc").json(&client)),
        ("put_client", Call::put("/Client/doc").json(&client)),
        ("read_client", Call::get("/Client/doc")),
        (
            "close_client_sessions",
            Call::post("/Client/doc/$close-sessions"),
        ),
        ("delete_client", Call::delete("/Client/doc")),
        ("delete_client", Call::delete("/Client/doc")),
        ("create_client", Call::post("/Client").json(&generated)),
        ("put_user", Call::put("/User/doc").json(&user)),
        ("read_user", Call::get("/User/doc")),
        (
            "close_user_sessions",
            Call::post("/User/doc/$close-sessions"),
        ),
        ("delete_user", Call::delete("/User/doc")),
        ("create_user", Call::post("/User").json(&user)),
        ("search_sessions", Call::get("/Session")),
        ("search_sessions", Call::get("/Session?_elements=client")),
        ("read_session", Call::get(&session)),
        ("patch_session", Call::patch(&session).json(&closed)),
        ("close_session", Call::delete(&session)),
    ]
}

on_every_store!(answers_to_good_requests_are_documented, |world| {
    let document = world.document();
    let operations = operations(&document);
    let find = |name: &str| {
        let found = operations.iter().find(|operation| operation.id == name);
        found.unwrap_or_else(|| panic!("{name} is not documented"))
    };
    let tokens = world.myapp().log_in("user");
    let sid = world.myapp().introspect(&tokens.access)["sid"]
        .as_str()
        .unwrap()
        .to_owned();
    let judge = |name: &str, answer: &Answer| {
        assert!(
            (200..300).contains(&answer.status),
            "{name}: {}",
            answer.text()
        );
        is_documented(&document, find(name), answer);
    };
    for (name, call) in oauth_requests(&tokens) {
        judge(name, &world.send(call));
    }
    for (name, call) in resource_requests(&sid) {
        judge(name, &world.admin().send(call));
    }
    judge("close_own_session", &world.user("user").delete("/Session"));
});

#[test]
fn the_docs_page_loads_nothing_from_elsewhere() {
    let world = Setup::on(Store::Sqlite).start();
    let mut page = world.send(Call::get("/docs"));
    if (300..400).contains(&page.status) {
        let here = url::Url::parse(&format!("{}/docs", world.http.base)).unwrap();
        let there = here.join(page.header("location").unwrap()).unwrap();
        assert_eq!(there.origin(), here.origin());
        page = world.send(Call::get(there.path()));
    }
    let page = page.expect(200);
    assert!(page.content_type().starts_with("text/html"));
    let text = page.text();
    for attribute in ["src=\"", "href=\"", "src='", "href='", "url(", "@import "] {
        for (at, _) in text.match_indices(attribute) {
            let target: String = text[at + attribute.len()..].chars().take(60).collect();
            assert!(
                !target.starts_with("http") && !target.starts_with("//"),
                "{attribute}{target}"
            );
        }
    }
}
