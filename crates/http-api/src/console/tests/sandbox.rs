//! The sandbox: grants from their first request to their last.

use actix_web::http::Method;

use crate::tests::{Answer, Site};

use super::{Browser, between};

const JSON: &str = "application/json";
const STEPS: &str = "/console/sandbox/password";
const CLIENT: &str = "do=send&id=newapp&secret=verysecret&scope=&token_format=opaque&access_token_expiration=600\
                      &refresh_token_expiration=2592000&refresh_token=true&format=json";
const USER: &str = "do=send&id=amy&password=amys+password&email=amy%40mail.com&format=json";
const TOKEN: &str = "do=send&way=basic&scope=";

/// Sends the form of a step, and opens the page it leads to.
async fn act(browser: &mut Browser<'_>, step: &str, fields: &str) -> Answer {
    let page = browser.get(step).await;
    let answer = browser.submit(&page, step, fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let to = answer
        .header("location")
        .split('#')
        .next()
        .unwrap()
        .to_owned();
    browser.get(&to).await
}

async fn step(browser: &mut Browser<'_>, number: u32, fields: &str) -> Answer {
    act(browser, &format!("{STEPS}/{number}"), fields).await
}

/// The text of a part of a page, as a browser shows it.
fn code(page: &Answer, id: &str) -> String {
    let text = between(&page.body, &format!("<code id=\"{id}\">"), "</code>");
    let text = text.replace("&#34;", "\"").replace("&#39;", "'");
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

fn begins(page: &Answer, id: &str, beginning: &str) {
    let text = code(page, id);
    assert!(text.starts_with(beginning), "{text}");
}

/// With a token of a client and a user that the sandbox made.
async fn with_token(site: &Site) -> Browser<'_> {
    let mut browser = Browser::of_administrator(site).await;
    begins(
        &step(&mut browser, 1, CLIENT).await,
        "answer",
        "HTTP/1.1 201 Created\n",
    );
    begins(
        &step(&mut browser, 2, USER).await,
        "answer",
        "HTTP/1.1 201 Created\n",
    );
    begins(
        &step(&mut browser, 3, TOKEN).await,
        "answer",
        "HTTP/1.1 200 OK\n",
    );
    browser
}

async fn status(site: &Site, path: &str) -> u16 {
    site.as_root(Method::GET, path, JSON, "").await.status
}

#[actix_web::test]
async fn the_password_grant_is_walked_from_the_client_to_the_proof() {
    let site = Site::new();
    let mut browser = with_token(&site).await;
    let page = browser.get(&format!("{STEPS}/4")).await;
    assert!(page.body.contains("An opaque token"));
    assert!(page.body.contains(">in 10 min 0 s</time>"));
    assert!(code(&page, "access-token").starts_with("gat_"));
    for (number, request, expected) in [
        (5, "userinfo", "HTTP/1.1 200 OK\n"),
        (5, "introspection", "HTTP/1.1 200 OK\n"),
        (5, "sessions", "HTTP/1.1 200 OK\n"),
        (5, "api", "HTTP/1.1 404 Not Found\n"),
        (6, "refresh", "HTTP/1.1 200 OK\n"),
        (6, "use-new", "HTTP/1.1 200 OK\n"),
        (8, "dead-userinfo", "HTTP/1.1 200 OK\n"),
        (8, "dead-introspection", "HTTP/1.1 200 OK\n"),
    ] {
        let page = step(&mut browser, number, &format!("do={request}")).await;
        begins(&page, &format!("{request}-answer"), expected);
    }
    begins(
        &step(&mut browser, 7, "do=close").await,
        "answer",
        "HTTP/1.1 200 OK\n",
    );
    let page = step(&mut browser, 8, "do=dead-userinfo").await;
    begins(&page, "dead-userinfo-answer", "HTTP/1.1 401 Unauthorized\n");
    assert!(page.body.contains("Refused, as it must be"));
    let page = step(&mut browser, 8, "do=dead-introspection").await;
    assert!(code(&page, "dead-introspection-answer").contains("\"active\": false"));
    begins(&page, "dead-userinfo-answer", "HTTP/1.1 401 Unauthorized\n");
}

#[actix_web::test]
async fn the_request_that_is_shown_is_the_one_that_was_sent() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = step(
        &mut browser,
        1,
        &CLIENT.replace("format=json", "format=yaml"),
    )
    .await;
    assert_eq!(
        code(&page, "request"),
        "PUT /Client/newapp HTTP/1.1\nHost: auth.example\nAuthorization: Bearer $ADMIN_TOKEN\nAccept: text/yaml\n\
         Content-Type: text/yaml\n\nsecret: verysecret\ngrant_types:\n- password\nauth:\n  password:\n    \
         access_token_expiration: 600\n    refresh_token: true\n    secret_required: false"
    );
    let answer = code(&page, "answer");
    assert!(answer.contains("\nContent-Type: text/yaml"), "{answer}");
    let client = site
        .as_root(Method::GET, "/Client/newapp", JSON, "")
        .await
        .json();
    assert_eq!(client["auth"]["password"]["access_token_expiration"], 600);
    assert_eq!(client["auth"]["password"]["secret_required"], false);
}

#[actix_web::test]
async fn every_way_of_asking_brings_a_token() {
    let site = Site::new();
    let mut browser = with_token(&site).await;
    for way in ["json", "form", "public", "basic"] {
        let page = step(&mut browser, 3, &format!("do=send&way={way}&scope=")).await;
        begins(&page, "answer", "HTTP/1.1 200 OK\n");
    }
    let page = step(&mut browser, 3, "do=send&way=basic&scope=nothing").await;
    assert!(code(&page, "answer").contains("invalid_scope"));
    let page = browser.get(&format!("{STEPS}/4")).await;
    assert!(
        code(&page, "access-token").starts_with("gat_"),
        "the last good one"
    );
}

#[actix_web::test]
async fn a_former_refresh_token_is_a_retry_first_and_then_a_theft() {
    let site = Site::new();
    let mut browser = with_token(&site).await;
    assert!(
        !browser
            .get(&format!("{STEPS}/6"))
            .await
            .body
            .contains("send-replay")
    );
    step(&mut browser, 6, "do=refresh").await;
    let page = step(&mut browser, 6, "do=replay").await;
    begins(&page, "replay-answer", "HTTP/1.1 200 OK\n");
    assert!(page.body.contains("Taken for a retry"));
    begins(
        &step(&mut browser, 6, "do=use-new").await,
        "use-new-answer",
        "HTTP/1.1 200 OK\n",
    );
    let page = step(&mut browser, 6, "do=replay").await;
    begins(&page, "replay-answer", "HTTP/1.1 400 Bad Request\n");
    assert!(page.body.contains("the session is closed"));
    let page = step(&mut browser, 8, "do=dead-userinfo").await;
    begins(&page, "dead-userinfo-answer", "HTTP/1.1 401 Unauthorized\n");
}

#[actix_web::test]
async fn a_step_without_what_it_needs_sends_nothing_and_says_where_to_get_it() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    for number in 4..=8 {
        let page = browser.get(&format!("{STEPS}/{number}")).await;
        let need = between(&page.body, "class=\"alert warn need\"", "</div>");
        assert!(
            need.contains("href=\"/console/sandbox/password/3\""),
            "{need}"
        );
        assert!(!page.body.contains("Send request"), "{number}");
    }
    let page = step(&mut browser, 6, "do=refresh").await;
    assert!(!page.body.contains("refresh-answer"));
}

#[actix_web::test]
async fn somebody_elses_client_is_replaced_only_when_told() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let theirs = CLIENT.replace("newapp", "myapp");
    let page = step(&mut browser, 1, &theirs).await;
    assert!(page.body.contains("There is a client myapp already"));
    let client = site
        .as_root(Method::GET, "/Client/myapp", JSON, "")
        .await
        .json();
    assert_eq!(client["meta"]["versionId"], "1");
    let page = step(&mut browser, 1, &theirs.replace("do=send", "do=replace")).await;
    begins(&page, "answer", "HTTP/1.1 200 OK\n");
    assert!(page.body.contains("It was there before"));
    begins(
        &step(&mut browser, 1, &theirs).await,
        "answer",
        "HTTP/1.1 200 OK\n",
    );
    act_clean_up(&mut browser).await;
    assert_eq!(status(&site, "/Client/myapp").await, 200);
}

async fn act_clean_up(browser: &mut Browser<'_>) {
    let page = browser.get(&format!("{STEPS}/1")).await;
    let answer = browser
        .submit(&page, &format!("{STEPS}/clean-up"), "")
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(
        answer.header("location"),
        "/console/sandbox/password/1?done=cleared"
    );
}

#[actix_web::test]
async fn cleaning_up_removes_what_was_made_and_closes_what_was_opened() {
    let site = Site::new();
    let mut browser = with_token(&site).await;
    step(&mut browser, 3, TOKEN).await;
    let live = "/Session?client=newapp&active=true";
    let count = async || {
        let found = site.as_root(Method::GET, live, JSON, "").await.json();
        found["entry"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count().await, 2);
    act_clean_up(&mut browser).await;
    assert_eq!(count().await, 0);
    assert_eq!(status(&site, "/Client/newapp").await, 410);
    assert_eq!(status(&site, "/User/amy").await, 410);
    let page = browser.get(&format!("{STEPS}/1")).await;
    assert!(page.body.contains("value=\"myapp\"") && !page.body.contains("clean-up"));
    assert!(
        browser
            .get(&format!("{STEPS}/4"))
            .await
            .body
            .contains("no token yet")
    );
}

#[actix_web::test]
async fn a_preview_sends_nothing() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = step(&mut browser, 1, &CLIENT.replace("do=send", "do=preview")).await;
    begins(&page, "request", "PUT /Client/newapp HTTP/1.1\n");
    assert!(page.body.contains("The answer appears here"));
    assert_eq!(status(&site, "/Client/newapp").await, 404);
}

#[actix_web::test]
async fn an_answer_is_shown_beside_its_own_request_only() {
    let site = Site::new();
    let mut browser = with_token(&site).await;
    let page = step(&mut browser, 3, "do=preview&way=json&scope=").await;
    assert!(page.body.contains("The answer appears here"));
    let page = browser.get(&format!("{STEPS}/5")).await;
    assert!(
        page.body.contains("send-userinfo"),
        "the token is still there"
    );
    let page = step(&mut browser, 3, "do=preview&way=basic&scope=").await;
    begins(&page, "answer", "HTTP/1.1 200 OK\n");
}

#[actix_web::test]
async fn one_goes_on_where_one_has_stopped() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let begin = browser.get(STEPS).await;
    assert_eq!(begin.header("location"), "/console/sandbox/password/1");
    step(&mut browser, 1, CLIENT).await;
    let begin = browser.get(STEPS).await;
    assert_eq!(begin.header("location"), "/console/sandbox/password/2");
}

#[actix_web::test]
async fn client_credentials_are_walked_from_the_client_to_the_proof() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let steps = "/console/sandbox/client-credentials";
    let client = "do=send&id=service&secret=verysecret&scope=&token_format=opaque&access_token_expiration=600&format=yaml";
    let page = act(&mut browser, &format!("{steps}/1"), client).await;
    begins(&page, "answer", "HTTP/1.1 201 Created\n");
    assert!(code(&page, "request").ends_with(
        "grant_types:\n- client_credentials\nauth:\n  client_credentials:\n    access_token_expiration: 600"
    ));
    let page = act(&mut browser, &format!("{steps}/2"), "do=token").await;
    assert!(code(&page, "request").ends_with("\n\ngrant_type=client_credentials"));
    begins(&page, "answer", "HTTP/1.1 200 OK\n");
    let page = act(&mut browser, &format!("{steps}/3"), "do=introspection").await;
    assert!(code(&page, "introspection-answer").contains("\"active\": true"));
    let page = act(&mut browser, &format!("{steps}/4"), "do=close").await;
    begins(&page, "close-answer", "HTTP/1.1 200 OK\n");
    let page = act(&mut browser, &format!("{steps}/4"), "do=dead-introspection").await;
    assert!(code(&page, "dead-introspection-answer").contains("\"active\": false"));
}

#[actix_web::test]
async fn who_may_make_no_client_has_no_sandbox() {
    let site = Site::new();
    let mut browser = Browser::of_user(&site).await;
    for path in [
        STEPS,
        "/console/sandbox/password/1",
        "/console/sandbox/client-credentials/2",
    ] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    let account = browser.get("/console/account").await;
    for path in [
        "/console/sandbox/password/1",
        "/console/sandbox/password/clean-up",
    ] {
        let answer = browser.submit(&account, path, CLIENT).await;
        assert_eq!(answer.status, 403, "{path}");
    }
}

#[actix_web::test]
async fn there_is_no_other_step() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    for path in [
        "password/0",
        "password/9",
        "password/01",
        "client-credentials/5",
        "implicit/1",
        "implicit",
    ] {
        let answer = browser.get(&format!("/console/sandbox/{path}")).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    let answer = browser.get("/console/sandbox/password/clean-up").await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
}

#[actix_web::test]
async fn what_was_typed_is_only_ever_text() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let fields = CLIENT.replace(
        "verysecret",
        "%3C%2Fcode%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%0AEND%0A%27",
    );
    let page = step(&mut browser, 1, &fields).await;
    assert!(!page.body.contains("<script>alert"));
    assert!(code(&page, "request-curl").contains(r"</code><script>alert(1)</script>\nEND\n'"));
}

#[actix_web::test]
async fn a_field_without_end_is_refused() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get(&format!("{STEPS}/1")).await;
    let fields = CLIENT.replace("newapp", &"x".repeat(1001));
    let answer = browser.submit(&page, &format!("{STEPS}/1"), &fields).await;
    assert_eq!(answer.status, 422);
}
