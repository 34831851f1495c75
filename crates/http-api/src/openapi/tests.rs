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
    expect_test::expect![[r#"
        DELETE /AccessPolicy/{id} delete_access_policy
        DELETE /Client/{id} delete_client
        DELETE /Role/{id} delete_role
        DELETE /Session close_own_session
        DELETE /Session/{id} close_session
        DELETE /User/{id} delete_user
        GET /.well-known/authzen-configuration read_authzen_configuration
        GET /.well-known/jwks.json read_key_set
        GET /.well-known/oauth-authorization-server read_metadata
        GET /AccessPolicy search_access_policies
        GET /AccessPolicy/_history read_history_of_access_policies
        GET /AccessPolicy/{id} read_access_policy
        GET /AccessPolicy/{id}/_history read_access_policy_history
        GET /AccessPolicy/{id}/_history/{version} read_access_policy_version
        GET /AuditEvent search_audit_events
        GET /AuditEvent/{id} read_audit_event
        GET /Client search_clients
        GET /Client/_history read_history_of_clients
        GET /Client/{id} read_client
        GET /Client/{id}/_history read_client_history
        GET /Client/{id}/_history/{version} read_client_version
        GET /Role search_roles
        GET /Role/_history read_history_of_roles
        GET /Role/{id} read_role
        GET /Role/{id}/_history read_role_history
        GET /Role/{id}/_history/{version} read_role_version
        GET /Session search_sessions
        GET /Session/{id} read_session
        GET /User search_users
        GET /User/_history read_history_of_users
        GET /User/{id} read_user
        GET /User/{id}/_history read_user_history
        GET /User/{id}/_history/{version} read_user_version
        GET /auth/userinfo read_userinfo
        PATCH /AccessPolicy/{id} patch_access_policy
        PATCH /Client/{id} patch_client
        PATCH /Role/{id} patch_role
        PATCH /Session/{id} patch_session
        PATCH /User/{id} patch_user
        POST / apply_bundle
        POST /AccessPolicy create_access_policy
        POST /AccessPolicy/_search search_access_policies_by_form
        POST /AuditEvent/_search search_audit_events_by_form
        POST /Client create_client
        POST /Client/_search search_clients_by_form
        POST /Client/{id}/$close-sessions close_client_sessions
        POST /Role create_role
        POST /Role/_search search_roles_by_form
        POST /Session/_search search_sessions_by_form
        POST /User create_user
        POST /User/_search search_users_by_form
        POST /User/{id}/$close-sessions close_user_sessions
        POST /access/v1/evaluation evaluate_access
        POST /access/v1/evaluations evaluate_accesses
        POST /auth/change-password change_password
        POST /auth/force-reset-password force_reset_password
        POST /auth/introspect introspect_token
        POST /auth/reset-password reset_password
        POST /auth/revoke revoke_token
        POST /auth/setup set_up
        POST /auth/test-policy test_policy
        POST /auth/token request_token
        POST /auth/userinfo request_userinfo
        PUT /AccessPolicy/{id} put_access_policy
        PUT /Client/{id} put_client
        PUT /Role/{id} put_role
        PUT /User/{id} put_user"#]]
    .assert_eq(&names.join("\n"));
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
