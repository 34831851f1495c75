//! What takes one button, and what is shown once.

use actix_web::http::Method;
use serde_json::json;

use crate::tests::{FORM, JSON, Site};

use super::super::{Browser, between};
use super::{filled, put, read};

#[actix_web::test]
async fn a_new_client_shows_its_generated_secret_once() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/clients/new").await;
    let fields = [("id", "job/1"), ("grant_types", "client_credentials")];
    let made = browser
        .post("/console/clients/new", &filled(&page, &fields))
        .await;
    assert_eq!(made.status, 200, "{}", made.body);
    let secret = between(&made.body, r#"<code id="secret" data-copy="">"#, "<");
    let body = format!("grant_type=client_credentials&client_id=job%2F1&client_secret={secret}");
    let token = site.post("/auth/token", FORM, &body).await;
    assert_eq!(token.status, 200, "{token:?}");
    assert!(made.body.contains(r#"href="/console/clients/job%2F1""#));
    let again = browser.get("/console/clients/job%2F1").await;
    assert!(again.status == 200 && !again.body.contains(secret));
    let taken = browser
        .post("/console/clients/new", &filled(&page, &fields))
        .await;
    assert_eq!(taken.status, 409);
    assert!(taken.body.contains("A resource with this id exists"));
}

#[actix_web::test]
async fn a_rotated_secret_works_beside_the_old_one_or_instead_of_it() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let path = "/console/clients/myapp";
    let try_with = async |secret: &str| {
        let body = format!(
            "grant_type=password&client_id=myapp&client_secret={secret}&username=user&password=password"
        );
        site.post("/auth/token", FORM, &body).await.status
    };
    let mut secrets = vec!["verysecret".to_owned()];
    for (overlap, old, accepted) in [
        ("beside", "", 2),
        ("604800", "verysecret", 3),
        ("now", "", 2),
    ] {
        let page = browser.get(path).await;
        let version = between(&page.body, r#"name="etag" value=""#, "\"");
        let fields = format!("etag={version}&overlap={overlap}&old_secret={old}");
        let rotated = browser
            .submit(&page, &format!("{path}/rotate-secret"), &fields)
            .await;
        assert_eq!(rotated.status, 200, "{}", rotated.body);
        let secret = between(&rotated.body, r#"<code id="secret" data-copy="">"#, "<");
        secrets.push(secret.to_owned());
        let mut works = 0;
        for secret in &secrets {
            works += usize::from(try_with(secret).await == 200);
        }
        assert_eq!(try_with(secret).await, 200, "{overlap}");
        assert!(works >= accepted, "{overlap}: {works}");
        let repeated = browser
            .submit(&page, &format!("{path}/rotate-secret"), &fields)
            .await;
        assert_eq!(repeated.status, 412, "{overlap}");
    }
}

#[actix_web::test]
async fn a_wrong_old_secret_does_not_become_one() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/clients/myapp").await;
    let fields = "etag=1&overlap=86400&old_secret=guessed";
    let answer = browser
        .submit(&page, "/console/clients/myapp/rotate-secret", fields)
        .await;
    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains("guessed"));
    assert_eq!(read(&site, "/Client/myapp").await["meta"]["versionId"], "1");
}

#[actix_web::test]
async fn what_takes_one_button_is_done() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    put(&site, "/User/amy", &json!({ "userName": "amy" })).await;
    for (path, api, member, off) in [
        (
            "/console/clients/myapp",
            "/Client/myapp",
            "active",
            json!(false),
        ),
        ("/console/users/amy", "/User/amy", "inactive", json!(true)),
    ] {
        let page = browser.get(path).await;
        let name = path.rsplit('/').next().unwrap();
        for button in ["Disable", "Delete", "Close all sessions of"] {
            let button = format!(">{button} {name}</button>");
            assert!(page.body.contains(&button), "{button}");
        }
        let done = browser.submit(&page, &format!("{path}/disable"), "").await;
        assert_eq!(done.header("location"), format!("{path}?done=disabled"));
        assert_eq!(read(&site, api).await[member], off);
        let page = browser.get(done.header("location")).await;
        assert!(page.body.contains(">disabled</span>") && page.body.contains("Disabled."));
        let done = browser.submit(&page, &format!("{path}/enable"), "").await;
        assert_eq!(done.header("location"), format!("{path}?done=enabled"));
        let done = browser
            .submit(&page, &format!("{path}/close-sessions"), "")
            .await;
        assert_eq!(done.header("location"), format!("{path}?done=all-closed"));
        let done = browser.submit(&page, &format!("{path}/delete"), "").await;
        assert_eq!(done.status, 303);
        assert_eq!(site.as_root(Method::GET, api, JSON, "").await.status, 410);
        assert_eq!(browser.get(path).await.status, 410);
    }
}

#[actix_web::test]
async fn a_forced_reset_shows_its_link_once() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    put(
        &site,
        "/User/amy",
        &json!({ "userName": "amy", "password": "correct horse battery" }),
    )
    .await;
    let page = browser.get("/console/users/amy").await;
    let done = browser
        .submit(&page, "/console/users/amy/force-reset", "")
        .await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(
        done.body
            .contains("https://auth.example/auth/reset-password#token=gpr_")
    );
}
