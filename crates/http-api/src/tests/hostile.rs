//! Bodies that nobody means well with: 4xx, never 5xx, and never an echo.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use super::{FORM, JSON, ROOT, Site, YAML};

fn deep(open: &str, close: &str, depth: usize) -> String {
    format!("{{\"a\":{}1{}}}", open.repeat(depth), close.repeat(depth))
}

#[actix_web::test]
async fn what_cannot_be_read_is_400() {
    let site = Site::new();
    let rows: Vec<(&str, Vec<u8>)> = vec![
        (FORM, b"grant_type=%zz".to_vec()),
        (FORM, b"grant_type=%4".to_vec()),
        (FORM, b"grant_type=%ff".to_vec()),
        (FORM, b"grant_type=a%00b".to_vec()),
        (FORM, b"grant_type=\xff".to_vec()),
        (JSON, b"".to_vec()),
        (JSON, b"{".to_vec()),
        (JSON, b"[]".to_vec()),
        (JSON, b"null".to_vec()),
        (JSON, b"{} {}".to_vec()),
        (JSON, b"{}x".to_vec()),
        (JSON, b"\xff".to_vec()),
        (
            JSON,
            b"{\"grant_type\":\"a\",\"grant_type\":\"a\"}".to_vec(),
        ),
        (JSON, b"{\"x\":{\"y\":1,\"y\":1}}".to_vec()),
        (JSON, b"{\"grant_type\":1}".to_vec()),
        (JSON, b"{\"grant_type\":null}".to_vec()),
        (JSON, b"{\"grant_type\":[\"password\"]}".to_vec()),
        (JSON, b"{\"grant_type\":\"a\\u0000b\"}".to_vec()),
        (JSON, b"{\"client_id\":{}}".to_vec()),
        (JSON, deep("[", "]", 33).into_bytes()),
        (JSON, "[".repeat(60_000).into_bytes()),
        (YAML, b"grant_type: a\ngrant_type: b\n".to_vec()),
        (YAML, b"grant_type: &a password\n".to_vec()),
        (YAML, b"x: &a 1\ngrant_type: *a\n".to_vec()),
        (YAML, b"grant_type: !foo password\n".to_vec()),
        (YAML, b"grant_type: !!binary cGFzc3dvcmQ=\n".to_vec()),
        (YAML, b"grant_type: !!str password\n".to_vec()),
        (YAML, b"!!map {grant_type: password}\n".to_vec()),
        (YAML, b"x: [{y: !!int 1}]\n".to_vec()),
        (YAML, b"x: ! y\n".to_vec()),
        (YAML, b"a: 1\n---\nb: 2\n".to_vec()),
        (YAML, b"- a\n".to_vec()),
        (YAML, b"".to_vec()),
        (YAML, b"\xff".to_vec()),
        (YAML, b"<<: {grant_type: password}\n".to_vec()),
        (
            YAML,
            format!("a: {}1{}\n", "[".repeat(17), "]".repeat(17)).into_bytes(),
        ),
        (YAML, "[".repeat(60_000).into_bytes()),
    ];
    for (kind, body) in rows {
        let shown = String::from_utf8_lossy(&body)
            .chars()
            .take(60)
            .collect::<String>();
        let request = TestRequest::post()
            .uri("/auth/token")
            .insert_header(("content-type", kind))
            .set_payload(body);
        let answer = site.send(request).await;
        assert_eq!(answer.status, 400, "{kind} {shown}: {answer:?}");
        assert!(
            answer.body.contains("invalid_request"),
            "{kind} {shown}: {answer:?}"
        );
    }
}

#[actix_web::test]
async fn nesting_within_bounds_is_read() {
    let site = Site::new();
    let answer = site.post("/auth/token", JSON, &deep("[", "]", 30)).await;
    assert!(
        answer.body.contains("grant_type: is required"),
        "{answer:?}"
    );
}

#[actix_web::test]
async fn plain_yaml_keeps_its_types() {
    let value = crate::body::parse_yaml_file(
        b"a: text\nb: '1'\nc: 1\nd: -1.5\ne: true\nf: yes\ng: ~\nh: [x, {y: z}]\ni: 2027-01-01\nj: |\n  k\n",
    );
    let expected = serde_json::json!({
        "a": "text", "b": "1", "c": 1, "d": -1.5, "e": true, "f": "yes", "g": null,
        "h": ["x", {"y": "z"}], "i": "2027-01-01", "j": "k\n",
    });
    assert_eq!(value, Ok(expected));
}

#[actix_web::test]
async fn only_the_types_there_are_are_read() {
    let site = Site::new();
    let request = || TestRequest::post().uri("/auth/token").set_payload("{}");
    let kind = |kind: &'static str| request().insert_header(("content-type", kind));
    let rows = [
        request(),
        kind("text/plain"),
        kind("application/json; charset=latin1"),
        kind("application/json; charset"),
        kind("multipart/form-data; boundary=x"),
        kind(JSON).append_header(("content-type", FORM)),
        kind(JSON).append_header(("content-type", JSON)),
        kind(JSON).insert_header(("content-encoding", "gzip")),
    ];
    for request in rows {
        let answer = site.send(request).await;
        assert_eq!(
            (answer.status, answer.text("error").as_str()),
            (415, "invalid_request")
        );
    }
    for good in [
        "application/json;charset=UTF-8",
        "Application/JSON; charset=\"utf-8\"",
    ] {
        assert_eq!(site.send(kind(good)).await.status, 400, "{good}");
    }
}

#[actix_web::test]
async fn large_bodies_are_413() {
    let site = Site::new();
    let body = format!("grant_type={}", "x".repeat(64 * 1024));
    assert_eq!(site.post("/auth/token", FORM, &body).await.status, 413);
    let announced = TestRequest::post()
        .uri("/auth/token")
        .insert_header(("content-type", FORM))
        .insert_header(("content-length", "100000000"));
    assert_eq!(site.send(announced).await.status, 413);
    let resource = format!("{{\"name\":\"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(
        site.as_root(Method::PUT, "/Client/a", JSON, &resource)
            .await
            .status,
        413
    );
    let fits = format!("{{\"details\":{{\"a\":\"{}\"}}}}", "x".repeat(1000 * 1024));
    assert_eq!(
        site.as_root(Method::PUT, "/Client/a", JSON, &fits)
            .await
            .status,
        201
    );
    let yaml = format!("name: {}\n", "x".repeat(65 * 1024));
    assert_eq!(
        site.as_root(Method::PUT, "/Client/a", YAML, &yaml)
            .await
            .status,
        400
    );
}

#[actix_web::test]
async fn large_headers_are_431() {
    let site = Site::new();
    let request = TestRequest::get()
        .uri("/.well-known/jwks.json")
        .insert_header(("x-large", "x".repeat(16 * 1024)));
    assert_eq!(site.send(request).await.status, 431);
}

#[actix_web::test]
async fn nothing_hostile_is_echoed() {
    let site = Site::new();
    let evil = "<b>evilword</b>";
    let json = format!("{{\"{evil}\": 1}}");
    let member = site.as_root(Method::PUT, "/Client/a", JSON, &json).await;
    assert_eq!(member.status, 422);
    let value = site
        .as_root(
            Method::PUT,
            "/Client/a",
            JSON,
            &format!("{{\"active\": \"{evil}\"}}"),
        )
        .await;
    assert_eq!(value.status, 400);
    let word = site
        .as_root(
            Method::PUT,
            "/Client/a",
            JSON,
            &format!("{{\"grant_types\": [\"{evil}\"]}}"),
        )
        .await;
    assert_eq!(word.status, 422);
    let query = TestRequest::get()
        .uri("/Session?%3Cevilword%3E=1")
        .insert_header(("authorization", ROOT));
    let query = site.send(query).await;
    assert_eq!(query.status, 400);
    let grant = site
        .post("/auth/token", FORM, "grant_type=%3Cevilword%3E")
        .await;
    assert_eq!(grant.status, 400);
    for answer in [member, value, word, query, grant] {
        assert!(!answer.body.contains("evilword"), "{answer:?}");
    }
}

#[actix_web::test]
async fn hostile_paths_are_4xx() {
    let site = Site::new();
    for path in [
        "/Client/%00",
        "/Client/%ff",
        "/User/%2e%2e",
        "/Session/a%20b",
        "/Client/%",
        "/User/'%20or%201=1",
        "/%ff",
        "/fhir/%00",
        "/auth/%00",
    ] {
        let Ok(_) = path.parse::<actix_web::http::Uri>() else {
            continue;
        };
        let answer = site.as_root(Method::GET, path, JSON, "").await;
        assert!((400..500).contains(&answer.status), "{path}: {answer:?}");
    }
    for path in [
        "/Client/%zz",
        "/Client/%f",
        "/Client/%ff",
        "/fhir/Client/%00",
    ] {
        let answer = site.as_root(Method::PUT, path, JSON, "{}").await;
        assert_eq!(answer.status, 400, "{path}: {answer:?}");
    }
}
