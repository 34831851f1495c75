//! Finding, reading and closing sessions.

use grantor_domain::users::UserSettings;

use crate::tests::Site;

use super::{Browser, between};

#[actix_web::test]
async fn an_administrator_finds_every_session() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    site.log_in().await;
    let page = browser.get("/console/sessions").await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains(r#"<dd id="live">2</dd>"#),
        "{}",
        page.body
    );
    assert!(page.body.contains("this one"));
    let page = browser.get("/console/sessions?client=myapp").await;
    assert!(page.body.contains(r#"<dd id="matching">1</dd>"#));
    let page = browser.get("/console/sessions?user=nobody").await;
    assert!(page.body.contains("No session matches."));
}

#[actix_web::test]
async fn a_closed_session_is_dead_and_shown_so() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let token = site.log_in().await.text("access_token");
    let list = browser.get("/console/sessions?client=myapp").await;
    let id = between(&list.body, "/console/sessions/", "\"").to_owned();
    let path = format!("/console/sessions/{id}");
    let page = browser.get(&path).await;
    assert!(page.body.contains(">live<"));
    let answer = browser.submit(&page, &format!("{path}/close"), "").await;
    assert_eq!(answer.header("location"), format!("{path}?done=closed"));
    let page = browser.get(answer.header("location")).await;
    assert!(page.body.contains(">closed<") && page.body.contains("session.ended"));
    let dead = site
        .as_bearer(actix_web::http::Method::GET, "/auth/userinfo", &token)
        .await;
    assert_eq!(dead.status, 401);
}

#[actix_web::test]
async fn a_search_that_cannot_be_read_is_told() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/sessions?user=%3Cscript%3E").await;
    assert_eq!(page.status, 400);
    assert!(!page.body.contains("<script>"));
}

#[actix_web::test]
async fn another_users_session_is_not_there() {
    let site = Site::new();
    site.world
        .put_user("amy", "password", UserSettings::default());
    let mut amy = Browser::new(&site);
    amy.sign_in("amy", "password").await;
    site.log_in().await;
    let mut admin = Browser::of_administrator(&site).await;
    let list = admin.get("/console/sessions?client=myapp").await;
    let id = between(&list.body, "/console/sessions/", "\"").to_owned();
    let answer = amy.get(&format!("/console/sessions/{id}")).await;
    assert_eq!(answer.status, 404);
    let page = amy.get("/console/account").await;
    let answer = amy
        .submit(&page, &format!("/console/sessions/{id}/close"), "")
        .await;
    assert_eq!(answer.status, 404);
}

#[actix_web::test]
async fn all_sessions_of_a_user_are_closed_at_once() {
    let site = Site::new();
    site.world
        .put_user("amy", "password", UserSettings::default());
    let mut amy = Browser::new(&site);
    amy.sign_in("amy", "password").await;
    let mut admin = Browser::of_administrator(&site).await;
    let page = admin.get("/console/sessions").await;
    let answer = admin
        .submit(&page, "/console/users/amy/close-sessions", "")
        .await;
    assert_eq!(answer.status, 303);
    assert_eq!(amy.get("/console/account").await.status, 303);
}
