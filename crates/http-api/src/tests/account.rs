//! Passwords in the hands of their owners.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use super::{Answer, FORM, JSON, Site, YAML};

const CHANGE: &str = "/auth/change-password";
const FORCE: &str = "/auth/force-reset-password";
const RESET: &str = "/auth/reset-password";

async fn change(site: &Site, token: &str, kind: &str, body: &str) -> Answer {
    let request = TestRequest::post()
        .uri(CHANGE)
        .insert_header(("authorization", format!("Bearer {token}")))
        .insert_header(("content-type", kind))
        .set_payload(body.to_owned());
    site.send(request).await
}

async fn link(site: &Site) -> Answer {
    let body = r#"{"userId":"user"}"#;
    site.as_root(Method::POST, FORCE, JSON, body).await
}

#[actix_web::test]
async fn a_change_is_read_in_every_spelling() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    for (kind, body) in [
        (
            JSON,
            r#"{"currentPassword":"password","newPassword":"second one"}"#,
        ),
        (FORM, "current_password=second+one&new_password=third+one"),
        (
            YAML,
            "currentPassword: third one\nnew_password: fourth one\n",
        ),
    ] {
        let answer = change(&site, &token, kind, body).await;
        let expected = match kind {
            YAML => "code: password_changed\n",
            _ => r#"{"code":"password_changed"}"#,
        };
        assert_eq!((answer.status, answer.body.as_str()), (200, expected));
    }
}

#[actix_web::test]
async fn what_a_new_password_lacks_is_told_one_by_one() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    let body = r#"{"currentPassword":"password","newPassword":"user"}"#;
    let answer = change(&site, &token, JSON, body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        serde_json::json!({
            "error": "invalid_request",
            "error_description": "Use at least 8 characters Do not use your own name",
            "problems": ["Use at least 8 characters", "Do not use your own name"],
        })
    );
}

#[actix_web::test]
async fn a_change_needs_a_users_token_and_both_passwords() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    let both = r#"{"currentPassword":"password","newPassword":"second one"}"#;
    let nobody = site.post(CHANGE, JSON, "{}").await;
    assert_eq!(
        (nobody.status, nobody.text("error").as_str()),
        (401, "invalid_token")
    );
    let client = site.as_root(Method::POST, CHANGE, JSON, both).await;
    assert_eq!(
        (client.status, client.text("error").as_str()),
        (401, "invalid_token")
    );
    let half = change(&site, &token, JSON, r#"{"currentPassword":"password"}"#).await;
    assert_eq!(
        (half.status, half.text("error_description").as_str()),
        (400, "newPassword: is required")
    );
    let wrong = both.replace("\"password\"", "\"wrong\"");
    let wrong = change(&site, &token, JSON, &wrong).await;
    assert_eq!(
        (wrong.status, wrong.text("error").as_str()),
        (400, "invalid_grant")
    );
}

#[actix_web::test]
async fn a_link_has_its_token_where_browsers_keep_it_to_themselves() {
    let site = Site::new();
    let answer = link(&site).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.json();
    assert_eq!(answer["code"], "password_reset_link_issued");
    let token = answer["data"]["token"].as_str().unwrap();
    let url = format!("https://auth.example/auth/reset-password#token={token}");
    assert_eq!(answer["data"]["resetUrl"], url);
}

#[actix_web::test]
async fn a_link_gives_another_password_once() {
    let site = Site::new();
    let token = link(&site).await.json()["data"]["token"].clone();
    let body = serde_json::json!({ "token": token, "newPassword": "second one" }).to_string();
    let first = site.post(RESET, JSON, &body).await;
    assert_eq!(
        (first.status, first.text("code").as_str()),
        (200, "password_changed")
    );
    let second = site.post(RESET, JSON, &body).await;
    assert_eq!(
        (second.status, second.text("error").as_str()),
        (400, "invalid_grant")
    );
    let query = format!("{RESET}?token=x");
    let in_query = site.post(&query, JSON, &body).await;
    assert_eq!(
        (in_query.status, in_query.text("error").as_str()),
        (400, "invalid_request")
    );
}

#[actix_web::test]
async fn whose_password_is_said_once_and_understood_in_every_spelling() {
    let site = Site::new();
    for body in [
        r#"{"user_id":"user"}"#,
        r#"{"user":"User/user"}"#,
        r#"{"user":{"reference":"User/user"}}"#,
        r#"{"user":{"resourceType":"User","id":"user"}}"#,
    ] {
        let answer = site.as_root(Method::POST, FORCE, JSON, body).await;
        assert_eq!(answer.status, 200, "{body}");
    }
    for (body, status) in [
        ("{}", 400),
        (r#"{"user":"Client/user"}"#, 400),
        (r#"{"user":"User/user","userId":"user"}"#, 400),
        (r#"{"userId":"nobody"}"#, 404),
        (r#"{"userId":"no user"}"#, 404),
    ] {
        let answer = site.as_root(Method::POST, FORCE, JSON, body).await;
        assert_eq!(answer.status, status, "{body}");
        assert_eq!(answer.text("error"), "invalid_request");
    }
}
