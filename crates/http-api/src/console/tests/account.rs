//! What everybody may do: see and close one's own sessions, change one's own password.

use crate::tests::Site;

use super::Browser;

#[actix_web::test]
async fn a_user_sees_its_own_sessions_and_nothing_else() {
    let site = Site::new();
    let mut browser = Browser::of_user(&site).await;
    let answer = browser.get("/console").await;
    assert_eq!(answer.header("location"), "/console/account");
    let page = browser.get("/console/account").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("this one"));
    for path in [
        "sandbox",
        "sessions\"",
        "clients",
        "users",
        "policies",
        "audit",
        "keys",
    ] {
        let link = format!("href=\"/console/{path}");
        assert!(!page.body.contains(&link), "{link}");
    }
}

#[actix_web::test]
async fn a_password_is_changed_and_other_sessions_end() {
    let site = Site::new();
    let mut browser = Browser::of_user(&site).await;
    let mut other = Browser::of_user(&site).await;
    let page = browser.get("/console/account").await;
    let fields =
        "current_password=password&new_password=a+better+one&repeated_password=a+better+one";
    let answer = browser
        .submit(&page, "/console/account/password", fields)
        .await;
    assert_eq!(answer.header("location"), "/console/account?done=password");
    assert_eq!(browser.get("/console/account").await.status, 200);
    assert_eq!(other.get("/console/account").await.status, 303);
}

#[actix_web::test]
async fn what_is_wrong_with_a_password_is_told_without_echoing_it() {
    let site = Site::new();
    let mut browser = Browser::of_user(&site).await;
    let page = browser.get("/console/account").await;
    for (fields, says) in [
        (
            "current_password=wr0ng&new_password=a+better+one&repeated_password=a+better+one",
            "Wrong username or password",
        ),
        (
            "current_password=password&new_password=s3&repeated_password=s3",
            "at least",
        ),
        (
            "current_password=password&new_password=a+better+one&repeated_password=an0ther",
            "differ",
        ),
        (
            "current_password=&new_password=&repeated_password=",
            "required",
        ),
    ] {
        let answer = browser
            .submit(&page, "/console/account/password", fields)
            .await;
        assert!((400..500).contains(&answer.status), "{fields}");
        assert!(answer.body.contains(says), "{says} in {}", answer.body);
        assert!(answer.body.contains(r#"role="alert""#));
        for secret in ["wr0ng", "a better one", "an0ther"] {
            assert!(!answer.body.contains(secret), "{secret}");
        }
    }
}
