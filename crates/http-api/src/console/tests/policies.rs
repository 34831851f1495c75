//! The editor and the tester of access policies.

use actix_web::http::Method;
use serde_json::json;

use crate::tests::{JSON, Site};

use super::Browser;

#[actix_web::test]
async fn a_policy_has_only_what_its_engine_takes() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/policies/new").await;
    let fields =
        "id=p&engine=allow&matcho=a%3A+1&policy=permit%28%29&link=User%2Famy%0D%0AClient%2Fx";
    let made = browser.submit(&page, "/console/policies/new", fields).await;
    assert_eq!(
        made.header("location"),
        "/console/policies/p?done=created",
        "{}",
        made.body
    );
    let read = site.as_root(Method::GET, "/AccessPolicy/p", JSON, "").await;
    let mut policy = read.json();
    policy.as_object_mut().unwrap().shift_remove("meta");
    let links =
        json!([{ "resourceType": "User", "id": "amy" }, { "resourceType": "Client", "id": "x" }]);
    let expected =
        json!({ "resourceType": "AccessPolicy", "id": "p", "link": links, "engine": "allow" });
    assert_eq!(policy, expected);
}

#[actix_web::test]
async fn the_tester_shows_the_decision_and_who_spoke() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/policies/test").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let ask = "request.user-id=user&request.request-method=get&request.uri=%2FClient";
    let answer = browser.submit(&page, "/console/policies/test", ask).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("<h2>Permitted</h2>"));
    assert!(
        answer
            .body
            .contains("<code>search:Client</code> by user <b>user</b>"),
        "{}",
        answer.body
    );
    assert!(
        answer
            .body
            .contains(r#"<a href="/console/policies/allow">allow</a>"#)
    );
    let ask = "request.user-id=nobody&request.request-method=get&request.uri=%2FClient";
    let answer = browser.submit(&page, "/console/policies/test", ask).await;
    assert!(answer.body.contains("<h2>Refused</h2>"));
    assert!(answer.body.contains("No policy concerns the request"));
}

#[actix_web::test]
async fn the_tester_tells_mistakes_at_its_fields() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/policies/test").await;
    for (fields, part) in [
        (
            "request.uri=%2FClient&request.body=%7B",
            r#"id="request.body-error">is not well-formed JSON"#,
        ),
        (
            "request.uri=%2FClient&policy=engine%3A+sql",
            r#"id="policy-error">"#,
        ),
    ] {
        let fields = format!("request.request-method=get&{fields}");
        let answer = browser
            .submit(&page, "/console/policies/test", &fields)
            .await;
        assert!(
            answer.status == 400 || answer.status == 422,
            "{}",
            answer.body
        );
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
}

#[actix_web::test]
async fn a_policy_can_be_tested_before_it_is_saved() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/policies/new").await;
    let fields = "do=test&id=draft&engine=allow&description=unsaved";
    let answer = browser
        .submit(&page, "/console/policies/test", fields)
        .await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .body
            .contains("&#34;description&#34;: &#34;unsaved&#34;"),
        "{}",
        answer.body
    );
    let missing = site
        .as_root(Method::GET, "/AccessPolicy/draft", JSON, "")
        .await;
    assert_eq!(missing.status, 404);
}
