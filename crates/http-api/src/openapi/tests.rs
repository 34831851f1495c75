use std::collections::HashSet;

use serde_json::Value;

use super::openapi_document;

fn operations() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&openapi_document()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let mut found = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            found.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    found
}

#[test]
fn document_is_current() {
    expect_test::expect_file!["../../../../openapi/openapi.json"].assert_eq(&openapi_document());
}

#[test]
fn every_operation_is_there_under_its_name() {
    let mut names: Vec<String> = operations()
        .into_iter()
        .map(|(method, path, operation)| {
            format!(
                "{method} {path} {}",
                operation["operationId"].as_str().unwrap()
            )
        })
        .collect();
    names.sort();
    expect_test::expect_file!["operations.txt"].assert_eq(&(names.join("\n") + "\n"));
}

#[test]
fn operation_ids_are_unique() {
    let ids: Vec<String> = operations()
        .iter()
        .map(|(_, _, operation)| operation["operationId"].to_string())
        .collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn every_answer_is_described_with_schema_and_example() {
    let document: Value = serde_json::from_str(&openapi_document()).unwrap();
    for (method, path, operation) in operations() {
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{method} {path}"
        );
        assert!(responses.contains_key("503"), "{method} {path}");
        for (status, response) in responses {
            let place = format!("{method} {path} {status}");
            assert!(
                !response["description"].as_str().unwrap().is_empty(),
                "{place}"
            );
            if matches!(status.as_str(), "204" | "304") {
                continue;
            }
            let content = response["content"]
                .as_object()
                .unwrap_or_else(|| panic!("{place}"));
            for media in content.values() {
                assert!(media["schema"].is_object(), "{place}");
                let named = media["schema"]["$ref"].as_str().unwrap_or_default();
                let named = named.trim_start_matches('#');
                let shown = !media["example"].is_null()
                    || document.pointer(&format!("{named}/example")).is_some();
                assert!(shown, "{place} has no example");
            }
        }
    }
}

#[test]
fn the_token_endpoint_takes_three_types() {
    let all = operations();
    let token = all
        .iter()
        .find(|(_, path, _)| path == "/auth/token")
        .unwrap();
    let content = token.2["requestBody"]["content"].as_object().unwrap();
    let mut types: Vec<&String> = content.keys().collect();
    types.sort();
    assert_eq!(
        types,
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "text/yaml"
        ]
    );
}

#[test]
fn the_user_behind_a_token_has_a_subject_in_both_formats() {
    let document: Value = serde_json::from_str(&openapi_document()).unwrap();
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["UserInfo"]["required"],
        serde_json::json!(["sub"]),
        "the other members are the User's"
    );
    for (method, path, operation) in operations() {
        if path != "/auth/userinfo" {
            continue;
        }
        let content = &operation["responses"]["200"]["content"];
        for kind in ["application/json", "text/yaml"] {
            let named = &content[kind]["schema"]["$ref"];
            assert_eq!(named, "#/components/schemas/UserInfo", "{method} {kind}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let text = openapi_document();
    let document: Value = serde_json::from_str(&text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
}

#[test]
fn the_document_is_complete() {
    let document: Value = serde_json::from_str(&openapi_document()).unwrap();
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(document["info"]["license"]["name"], "Apache-2.0 OR MIT");
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for scheme in ["basic", "bearer"] {
        assert_eq!(
            document["components"]["securitySchemes"][scheme]["scheme"],
            scheme
        );
    }
}
