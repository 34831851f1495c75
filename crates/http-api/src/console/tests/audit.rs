//! Finding and reading audit events.

use grantor_domain::access::Link;
use grantor_domain::id::UserId;
use grantor_domain::users::UserSettings;

use crate::tests::Site;

use super::Browser;

/// How many rows a page shows.
fn rows(body: &str) -> usize {
    body.matches("<th scope=\"row\"").count()
}

#[actix_web::test]
async fn events_are_found_by_each_field() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    site.log_in().await;
    let all = browser.get("/console/audit").await;
    assert_eq!(all.status, 200, "{}", all.body);
    assert!(rows(&all.body) > 2);
    for (query, found) in [
        ("type=login.ok&agent=User%2Fuser&entity=Client%2Fmyapp", 1),
        ("type=login.ok&outcome=4", 0),
        (
            "type=login.ok&entity=Client%2Fmyapp&from=2020-01-01T00%3A00",
            1,
        ),
        ("entity=Client%2Fmyapp&until=2020-01-01T00%3A00%3A30", 0),
        (
            "type=&agent=&entity=&outcome=&from=&until=",
            rows(&all.body),
        ),
    ] {
        let page = browser.get(&format!("/console/audit?{query}")).await;
        assert_eq!((page.status, rows(&page.body)), (200, found), "{query}");
    }
}

#[actix_web::test]
async fn the_form_comes_back_as_it_was_filled_in() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser
        .get("/console/audit?type=key.created&outcome=0&agent=User%2Famy&from=2026-01-01T00%3A00")
        .await;
    for kept in [
        "<option selected>key.created</option>",
        r#"<option value="0" selected>done</option>"#,
        r#"value="User/amy""#,
        r#"value="2026-01-01T00:00""#,
        r#"<optgroup label="key">"#,
        "No event matches.",
    ] {
        assert!(page.body.contains(kept), "{kept} in {}", page.body);
    }
}

#[actix_web::test]
async fn pages_keep_the_search_and_their_size() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    for _ in 0..26 {
        site.log_in().await;
    }
    let first = browser.get("/console/audit?entity=Client%2Fmyapp").await;
    assert_eq!(rows(&first.body), 25);
    assert!(first.body.len() <= 60 * 1024, "{}", first.body.len());
    let next = super::between(&first.body, r#"rel="next" href=""#, "\"").replace("&#38;", "&");
    assert!(next.contains("entity=Client%2Fmyapp"), "{next}");
    let second = browser.get(&next).await;
    assert!(rows(&second.body) > 0 && second.body.contains(r#"rel="prev""#));
}

#[actix_web::test]
async fn what_an_event_says_is_text_and_never_markup() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let name = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let page = browser.get(&format!("/auth/keys/{name}/$retire")).await;
    assert_eq!(page.status, 405);
    let other = UserId::parse("amy").unwrap();
    site.world
        .put_user("amy", "password", UserSettings::default());
    site.world.allow(vec![Link::User(other)]);
    let retire = actix_web::http::Method::POST;
    let token = site.log_in().await.text("access_token");
    let refused = site
        .as_bearer(retire, &format!("/auth/keys/{name}/$retire"), &token)
        .await;
    assert_eq!(refused.status, 403);
    site.world
        .allow(vec![Link::User(UserId::parse("user").unwrap())]);
    let page = browser.get("/console/audit?type=authz.denied").await;
    assert!(page.body.contains("SigningKey"));
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
}

#[actix_web::test]
async fn who_may_not_see_events_is_told() {
    let site = Site::new();
    let page = Browser::of_user(&site).await.get("/console/audit").await;
    assert_eq!(page.status, 403);
}
