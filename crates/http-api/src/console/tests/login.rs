//! Signing in and out.

use actix_web::test::TestRequest;

use crate::tests::Site;

use super::{Browser, LOGIN, SESSION, csrf};

#[actix_web::test]
async fn the_login_page_lets_nothing_else_in() {
    let site = Site::new();
    let page = Browser::new(&site).get("/auth/login").await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(rule), "{rule} in {policy}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("cache-control"), "no-store");
    for inline in ["<script>", "<style", " style=", " onclick="] {
        assert!(!page.body.contains(inline), "{inline}");
    }
}

#[actix_web::test]
async fn a_wrong_password_is_told_without_being_echoed() {
    let site = Site::new();
    let answer = Browser::new(&site)
        .sign_in("user", "wr0ng-and-secret")
        .await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains(r#"role="alert" id="login-error""#));
    assert!(answer.body.contains(r#"name="username" value="user""#));
    assert!(!answer.body.contains("wr0ng-and-secret"));
}

#[actix_web::test]
async fn unknown_and_known_names_get_the_same_page() {
    let site = Site::new();
    let known = Browser::new(&site).sign_in("user", "wrong").await;
    let unknown = Browser::new(&site).sign_in("nobody", "wrong").await;
    let without = |body: &str, name: &str, csrf: &str| {
        body.replace(&format!("value=\"{name}\""), "")
            .replace(csrf, "")
    };
    assert_eq!(known.status, unknown.status);
    assert_eq!(
        without(&known.body, "user", &csrf(&known)),
        without(&unknown.body, "nobody", &csrf(&unknown))
    );
}

#[actix_web::test]
async fn who_signs_in_holds_another_cookie_than_before() {
    let site = Site::new();
    let mut browser = Browser::new(&site);
    browser.hold(SESSION, "gbs_chosen-by-somebody-else");
    let answer = browser.sign_in("user", "password").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/console");
    let held = browser.cookie(SESSION).unwrap();
    assert!(held.starts_with("gbs_") && held != "gbs_chosen-by-somebody-else");
    assert_eq!(browser.cookie(LOGIN), None);
    let cookies = answer.headers.get_all("set-cookie");
    for cookie in cookies.map(|cookie| cookie.to_str().unwrap()) {
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        assert!(
            cookie.contains("Path=/") && !cookie.contains("Domain"),
            "{cookie}"
        );
    }
}

#[actix_web::test]
async fn a_form_made_for_another_browser_is_refused() {
    let site = Site::new();
    let mut victim = Browser::new(&site);
    victim.get("/auth/login").await;
    let foreign = csrf(&Browser::new(&site).get("/auth/login").await);
    let body = format!("csrf={foreign}&username=user&password=password");
    let answer = victim.post("/auth/login", &body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(victim.cookie(SESSION), None);
}

#[actix_web::test]
async fn a_form_that_another_site_sends_is_refused() {
    let site = Site::new();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let mut browser = Browser::new(&site);
        let page = browser.get("/auth/login").await;
        let request = TestRequest::post()
            .uri("/auth/login")
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .insert_header((name, value))
            .set_payload(format!(
                "csrf={}&username=user&password=password",
                csrf(&page)
            ));
        let answer = browser.send(request).await;
        assert_eq!(answer.status, 400, "{name}: {value}");
        assert_eq!(browser.cookie(SESSION), None);
    }
}

#[actix_web::test]
async fn who_is_not_signed_in_is_sent_to_the_login_page_and_back() {
    let site = Site::new();
    let mut browser = Browser::new(&site);
    let answer = browser.get("/console/sessions?user=amy").await;
    assert_eq!(answer.status, 303);
    let login = answer.header("location").to_owned();
    assert_eq!(login, "/auth/login?to=%2Fconsole%2Fsessions%3Fuser%3Damy");
    let page = browser.get(&login).await;
    assert!(
        page.body
            .contains(r#"name="to" value="/console/sessions?user=amy""#)
    );
}

#[actix_web::test]
async fn a_lost_session_changes_nothing_and_says_so() {
    let site = Site::new();
    let mut browser = Browser::new(&site);
    let answer = browser.post("/console/account/password", "").await;
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains("Your session is over"));
}

#[actix_web::test]
async fn who_signs_out_holds_nothing_and_what_was_held_is_dead() {
    let site = Site::new();
    let mut browser = Browser::of_user(&site).await;
    let held = browser.cookie(SESSION).unwrap().to_owned();
    let page = browser.get("/console/account").await;
    let answer = browser.submit(&page, "/console/sign-out", "").await;
    assert_eq!(answer.header("location"), "/auth/login");
    assert_eq!(browser.cookie(SESSION), None);
    browser.hold(SESSION, &held);
    assert_eq!(browser.get("/console/account").await.status, 303);
}

#[actix_web::test]
async fn a_cookie_is_no_credential_of_the_api() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    assert_eq!(browser.get("/Session").await.status, 401);
    let held = browser.cookie(SESSION).unwrap().to_owned();
    let answer = site
        .as_bearer(actix_web::http::Method::GET, "/Session", &held)
        .await;
    assert_eq!(answer.status, 401);
}

#[actix_web::test]
async fn the_files_of_a_page_are_there_and_stay() {
    let site = Site::new();
    let mut browser = Browser::new(&site);
    let page = browser.get("/auth/login").await;
    let folder =
        super::between(&page.body, r#"rel="stylesheet" href=""#, "/console.css").to_owned();
    for name in ["console.css", "console.js", "icon.svg"] {
        let file = browser.get(&format!("{folder}/{name}")).await;
        assert_eq!(file.status, 200, "{name}");
        assert!(file.header("cache-control").contains("immutable"));
        let packed = TestRequest::with_uri(&format!("{folder}/{name}"))
            .insert_header(("accept-encoding", "br, gzip"));
        let packed = site.exchange(packed).await;
        assert_eq!(packed.headers().get("content-encoding").unwrap(), "gzip");
    }
    assert_eq!(
        browser
            .get("/console/assets/older/console.css")
            .await
            .status,
        404
    );
}
