//! Lists, histories, and who may look.

use serde_json::json;

use crate::tests::Site;

use super::super::{Browser, between};
use super::{put, text};

#[actix_web::test]
async fn lists_are_searched_by_what_the_api_offers_and_go_on() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    for number in 0..60 {
        let body = json!({ "name": format!("Shop {number}"), "grant_types": ["password"] });
        put(&site, &format!("/Client/c{number:02}"), &body).await;
    }
    let page = browser
        .get("/console/clients?name%3Acontains=hop+1&grant_types=password")
        .await;
    assert!(page.body.contains(">c19</a>") && !page.body.contains(">c20</a>"));
    assert!(page.body.contains(r#"value="hop 1""#));
    let page = browser.get("/console/clients?grant_types=password").await;
    assert!(!page.body.contains(">c55</a>"));
    let next = text(between(&page.body, r#"rel="next" href=""#, "\""));
    let page = browser.get(&next).await;
    assert!(page.body.contains(">c55</a>") && page.body.contains(r#"rel="prev""#));
    for (path, found) in [
        ("users?userName%3Acontains=use", "No user"),
        ("roles", "No role"),
        ("policies?engine=allow", ">allow<"),
    ] {
        let page = browser.get(&format!("/console/{path}")).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(found), "{path}: {}", page.body);
    }
}

#[actix_web::test]
async fn a_history_tells_what_each_version_changed() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    for name in ["First", "Second"] {
        put(&site, "/Client/shop", &json!({ "name": name })).await;
    }
    let page = browser.get("/console/clients/shop/history").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("<td data-label=\"Before\">First</td>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("<mark>Second</mark>") && page.body.contains(">created<"));
}

#[actix_web::test]
async fn who_may_not_look_sees_nothing() {
    let site = Site::new();
    let mut browser = Browser::of_user(&site).await;
    for path in [
        "clients",
        "users",
        "roles",
        "policies",
        "clients/myapp",
        "clients/myapp/history",
    ] {
        let answer = browser.get(&format!("/console/{path}")).await;
        assert_eq!(answer.status, 403, "{path}");
        assert!(!answer.body.contains("grant_types"), "{path}");
    }
    let page = browser.get("/console/account").await;
    for action in [
        "delete",
        "disable",
        "enable",
        "rotate-secret",
        "close-sessions",
    ] {
        let path = format!("/console/clients/myapp/{action}");
        assert_eq!(
            browser
                .submit(&page, &path, "etag=1&overlap=now")
                .await
                .status,
            403,
            "{action}"
        );
    }
    let strangers = Browser::new(&site).get("/console/clients/myapp").await;
    assert_eq!(strangers.status, 303);
}
