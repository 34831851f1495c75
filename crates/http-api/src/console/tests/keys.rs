//! Looking after signing keys.

use crate::tests::Site;

use super::Browser;

#[actix_web::test]
async fn a_rotation_is_planned_and_shown() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/keys").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("key-1") && page.body.contains("Another must sign first"));
    let answer = browser.submit(&page, "/console/keys/rotate", "").await;
    assert_eq!(answer.header("location"), "/console/keys?done=rotated");
    let page = browser.get(answer.header("location")).await;
    assert!(
        page.body
            .contains(r#"<span class="badge warn">next</span>"#)
    );
    assert!(page.body.contains(r#"class="flash" role="status""#));
}

#[actix_web::test]
async fn after_a_leak_another_signs_and_the_old_one_ends() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/keys").await;
    let answer = browser.submit(&page, "/console/keys/rotate-now", "").await;
    assert_eq!(answer.header("location"), "/console/keys?done=rotated-now");
    let answer = browser
        .submit(&page, "/console/keys/key-1/retire", "")
        .await;
    assert_eq!(answer.header("location"), "/console/keys?done=retired");
    let page = browser.get(answer.header("location")).await;
    assert!(page.body.contains(r#"<span class="badge">ended</span>"#));
}

#[actix_web::test]
async fn the_only_key_stays_and_the_page_says_why() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/keys").await;
    let answer = browser
        .submit(&page, "/console/keys/key-1/retire", "")
        .await;
    assert_eq!(answer.status, 409);
    assert!(
        answer
            .body
            .contains("It is the only key that can sign: rotate first.")
    );
    let answer = browser
        .submit(&page, "/console/keys/key-9/retire", "")
        .await;
    assert_eq!(answer.status, 404);
}

#[actix_web::test]
async fn a_form_of_another_browser_rotates_nothing() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let answer = browser.post("/console/keys/rotate", "csrf=x").await;
    assert_eq!(answer.status, 400);
    let page = browser.get("/console/keys").await;
    assert!(!page.body.contains("key-2"));
}
