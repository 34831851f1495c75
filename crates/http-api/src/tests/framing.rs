//! What every answer has, and how failures are written.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use expect_test::expect;

use super::{FORM, JSON, ROOT, Site};

#[actix_web::test]
async fn every_answer_has_the_headers() {
    let site = Site::new();
    for path in [
        "/auth/token",
        "/Client/myapp",
        "/.well-known/jwks.json",
        "/nothing",
        "/docs/",
        "/openapi.json",
    ] {
        let answer = site.send(TestRequest::get().uri(path)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
        assert!(!answer.headers.contains_key("server"), "{path}");
        let public = matches!(path, "/.well-known/jwks.json" | "/docs/" | "/openapi.json");
        let cache = if public {
            "public, max-age=300"
        } else {
            "no-store"
        };
        assert_eq!(answer.header("cache-control"), cache, "{path}");
    }
}

#[actix_web::test]
async fn a_sane_request_id_is_taken_over() {
    let site = Site::new();
    let id = async |id: &str| {
        let request = TestRequest::get()
            .uri("/x")
            .insert_header(("x-request-id", id));
        site.send(request).await.header("x-request-id").to_owned()
    };
    assert_eq!(id("abc-1.2_3").await, "abc-1.2_3");
    for insane in ["", "a b", "<x>", &"x".repeat(65)] {
        assert_eq!(id(insane).await.len(), 36, "{insane:?}");
    }
}

#[actix_web::test]
async fn families_never_mix() {
    let site = Site::new();
    let oauth = site.post("/auth/token", FORM, "grant_type=magic").await;
    expect![[r#"{"error":"unsupported_grant_type","error_description":"This grant type is not supported"}"#]]
        .assert_eq(&oauth.body);
    let resource = site.send(TestRequest::get().uri("/fhir/Client/a")).await;
    expect![[r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"login","diagnostics":"An access token is required"}]}"#]]
        .assert_eq(&resource.body);
    assert_eq!(resource.status, 401);
    assert_eq!(
        resource.header("www-authenticate"),
        r#"Bearer realm="grantor""#
    );
    let unknown = site.send(TestRequest::get().uri("/Patient")).await;
    expect![[r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found","diagnostics":"There is nothing here"}]}"#]]
        .assert_eq(&unknown.body);
    let unknown = site.send(TestRequest::get().uri("/auth/x")).await;
    expect![[r#"{"error":"invalid_request","error_description":"There is nothing here"}"#]]
        .assert_eq(&unknown.body);
    assert_eq!(unknown.status, 404);
}

#[actix_web::test]
async fn a_wrong_method_is_405_with_allow() {
    let site = Site::new();
    let rows = [
        (Method::GET, "/auth/token", "POST"),
        (Method::GET, "/token", "POST"),
        (Method::PUT, "/.well-known/jwks.json", "GET, HEAD"),
        (Method::POST, "/Session", "GET, HEAD, DELETE"),
        (Method::POST, "/fhir/Session", "GET, HEAD, DELETE"),
        (Method::PUT, "/Session/x", "GET, HEAD, PATCH, DELETE"),
        (Method::POST, "/Client/x", "GET, HEAD, PUT, PATCH, DELETE"),
        (Method::GET, "/fhir/User/x/$close-sessions", "POST"),
        (Method::POST, "/docs", "GET, HEAD"),
        (Method::TRACE, "/auth/token", "POST"),
    ];
    for (method, path, allow) in rows {
        let answer = site
            .send(TestRequest::with_uri(path).method(method.clone()))
            .await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, allow),
            "{method} {path}"
        );
        let outcome = answer.body.contains("OperationOutcome");
        assert_eq!(
            outcome,
            !path.contains("token") && !path.contains("well-known"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn head_is_get() {
    let site = Site::new();
    let request = TestRequest::with_uri("/Client/myapp")
        .method(Method::HEAD)
        .insert_header(("authorization", ROOT));
    let answer = site.send(request).await;
    assert_eq!((answer.status, answer.header("etag")), (200, "W/\"1\""));
}

#[actix_web::test]
async fn credentials_in_a_query_are_refused() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    for path in ["/User/user", "/Session", "/auth/userinfo"] {
        let uri = format!("{path}?access_token={token}");
        let answer = site.as_bearer(Method::GET, &uri, &token).await;
        assert_eq!(answer.status, 400, "{path}");
    }
}

#[actix_web::test]
async fn format_and_pretty_shape_the_answer() {
    let site = Site::new();
    let yaml = site
        .as_root(Method::GET, "/Client/myapp?_format=yaml", JSON, "")
        .await;
    assert!(
        yaml.body.starts_with("resourceType: Client\n"),
        "{}",
        yaml.body
    );
    let pretty = site
        .as_root(Method::GET, "/Client/myapp?_pretty=true", JSON, "")
        .await;
    assert!(
        pretty.body.starts_with("{\n  \"resourceType\": \"Client\""),
        "{}",
        pretty.body
    );
}
