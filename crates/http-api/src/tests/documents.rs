//! `/openapi.json` and `/docs`.

use actix_web::test::TestRequest;

use super::Site;
use crate::openapi_document;

#[actix_web::test]
async fn the_document_is_served_as_it_is_committed() {
    let site = Site::new();
    let answer = site.send(TestRequest::get().uri("/openapi.json")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, openapi_document());
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=UTF-8"
    );
}

#[actix_web::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let site = Site::new();
    let redirect = site.send(TestRequest::get().uri("/docs")).await;
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (308, "docs/")
    );
    let page = site.send(TestRequest::get().uri("/docs/")).await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none';")
    );
    for mark in ["src=\"", "href=\""] {
        let targets: Vec<&str> = page.body.split(mark).skip(1).collect();
        assert!(!targets.is_empty(), "{mark}");
        for target in targets {
            assert!(
                target.starts_with("./") || target.starts_with("index.css"),
                "{target}"
            );
        }
    }
    assert!(
        !page.body.contains("<script>"),
        "the policy forbids inline scripts"
    );
    let start = site
        .send(TestRequest::get().uri("/docs/swagger-initializer.js"))
        .await;
    assert!(start.body.contains("\"../openapi.json\""), "{}", start.body);
    assert!(
        start.body.contains("\"validatorUrl\": \"none\""),
        "{}",
        start.body
    );
    let nothing = site.send(TestRequest::get().uri("/docs/nothing.js")).await;
    assert_eq!(nothing.status, 404);
}

#[actix_web::test]
async fn who_takes_nothing_packed_gets_the_page_unpacked() {
    let site = Site::new();
    for accepted in ["identity", "gzip;q=0, *", "br"] {
        let request = TestRequest::get().uri("/docs/swagger-ui.css");
        let style = request.insert_header(("Accept-Encoding", accepted));
        let style = site.send(style).await;
        assert_eq!(style.header("content-encoding"), "", "{accepted}");
        assert_eq!(style.header("vary"), "Accept-Encoding");
        assert!(style.body.contains(".swagger-ui"), "{accepted}");
    }
}
