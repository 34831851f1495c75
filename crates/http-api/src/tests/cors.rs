//! Pages of other origins: which answers they may read.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use grantor_domain::clients::{ClientSettings, WebOrigin};
use grantor_testkit::world::password_client;

use super::{Answer, FORM, Site};

const APP: &str = "https://app.example";
const EVIL: &str = "https://evil.example";
const ALLOW_ORIGIN: &str = "access-control-allow-origin";

fn site() -> Site {
    let site = Site::new();
    let settings = ClientSettings {
        allowed_origins: vec![WebOrigin::parse(APP).unwrap()],
        ..password_client()
    };
    site.world.put_client("spa", None, settings);
    site
}

async fn preflight(site: &Site, path: &str, origin: &str, method: &str) -> Answer {
    let request = TestRequest::with_uri(path)
        .method(Method::OPTIONS)
        .insert_header(("origin", origin))
        .insert_header(("access-control-request-method", method))
        .insert_header(("access-control-request-headers", "authorization"));
    site.send(request).await
}

async fn log_in(site: &Site, origin: &str, password: &str) -> Answer {
    let body = format!("grant_type=password&client_id=spa&username=user&password={password}");
    let request = TestRequest::post()
        .uri("/auth/token")
        .insert_header(("origin", origin))
        .insert_header(("content-type", FORM))
        .set_payload(body);
    site.send(request).await
}

#[actix_web::test]
async fn a_preflight_of_a_listed_origin_is_answered_where_browsers_call() {
    let site = site();
    for (path, method) in [
        ("/auth/token", "POST"),
        ("/token", "POST"),
        ("/auth/revoke", "POST"),
        ("/auth/userinfo", "GET"),
        ("/Session", "DELETE"),
        ("/fhir/Session", "DELETE"),
    ] {
        let answer = preflight(&site, path, APP, method).await;
        assert_eq!(answer.status, 204, "{path}: {answer:?}");
        assert_eq!(answer.header(ALLOW_ORIGIN), APP, "{path}");
        assert!(
            answer
                .header("access-control-allow-methods")
                .contains(method)
        );
        let headers = answer.header("access-control-allow-headers");
        assert!(headers.contains("authorization") && headers.contains("content-type"));
        assert_eq!(answer.header("vary"), "Origin");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
}

#[actix_web::test]
async fn a_preflight_elsewhere_is_a_method_that_is_not_there() {
    let site = site();
    for (path, method) in [
        ("/Client", "POST"),
        ("/Client/spa", "DELETE"),
        ("/Session", "GET"),
        ("/auth/introspect", "POST"),
        ("/auth/token", "DELETE"),
    ] {
        let answer = preflight(&site, path, APP, method).await;
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header(ALLOW_ORIGIN), "", "{path}");
    }
}

#[actix_web::test]
async fn a_preflight_of_another_origin_is_not_answered() {
    let site = site();
    for origin in [
        EVIL,
        "null",
        "*",
        "https://app.example.evil",
        "http://app.example",
    ] {
        let answer = preflight(&site, "/auth/token", origin, "POST").await;
        assert_eq!(answer.status, 405, "{origin}");
        assert_eq!(answer.header(ALLOW_ORIGIN), "", "{origin}");
        assert_eq!(answer.header("allow"), "POST", "{origin}");
    }
}

#[actix_web::test]
async fn options_of_no_page_are_a_method_that_is_not_there() {
    let request = TestRequest::with_uri("/auth/token").method(Method::OPTIONS);
    let answer = site().send(request).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    assert_eq!(answer.header("vary"), "");
}

#[actix_web::test]
async fn good_and_bad_answers_can_be_read_by_a_listed_origin() {
    let site = site();
    for (password, status) in [("password", 200), ("wrong", 400)] {
        let answer = log_in(&site, APP, password).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header(ALLOW_ORIGIN), APP);
        assert_eq!(answer.header("vary"), "Origin");
    }
    let request = TestRequest::delete()
        .uri("/Session")
        .insert_header(("origin", APP));
    let answer = site.send(request).await;
    assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (401, APP));
    let exposed = answer.header("access-control-expose-headers");
    assert!(exposed.contains("www-authenticate"));
}

#[actix_web::test]
async fn no_answer_can_be_read_by_another_origin() {
    let site = site();
    let answer = log_in(&site, EVIL, "password").await;
    assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (200, ""));
    assert_eq!(answer.header("vary"), "Origin");
}

#[actix_web::test]
async fn the_administration_can_be_read_by_no_origin() {
    let request = TestRequest::get()
        .uri("/Client/spa")
        .insert_header(("authorization", super::ROOT))
        .insert_header(("origin", APP));
    let answer = site().send(request).await;
    assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (200, ""));
}
