//! Where everybody begins.

use actix_web::http::Method;
use grantor_domain::policy::Policy;
use grantor_domain::time::Lifetime;
use grantor_domain::users::UserSettings;
use grantor_testkit::World;
use serde_json::json;

use crate::resources::instant;
use crate::tests::Site;

use super::Browser;

#[actix_web::test]
async fn what_happened_is_counted_and_plotted() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    site.log_in().await;
    site.log_in().await;
    Browser::new(&site).sign_in("user", "wrong").await;
    site.world.server.take_census().unwrap();
    let page = browser.get("/console").await;
    assert_eq!(page.status, 200, "{}", page.body);
    for shown in [
        r#"<b id="p-live">3</b>"#,
        r#"<b id="p-logins">3</b>"#,
        r#"<b id="p-refused">1</b>"#,
        r#"<b id="p-refreshes">0</b>"#,
        r#"<a href="/console/sessions?active=true">3</a>"#,
        "Numbers</summary>",
    ] {
        assert!(page.body.contains(shown), "{shown} in {}", page.body);
    }
    assert_eq!(page.body.matches("<rect").count(), 5 * 24);
    assert!(!page.body.contains("What needs you"), "{}", page.body);
    assert!(page.body.len() <= 60 * 1024, "{}", page.body.len());
}

#[actix_web::test]
async fn clients_near_and_past_their_sunset_are_named() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let now = site.world.server.ports().clock.now();
    let day = |days| Lifetime::from_days(days);
    for (id, sunset) in [
        ("old", now.minus(day(1))),
        ("soon", now.plus(day(29))),
        ("later", now.plus(day(31))),
    ] {
        let body = json!({
            "grant_types": ["password"],
            "auth": { "password": { "sunset": instant(sunset) } },
        });
        let path = format!("/Client/{id}");
        let put = site
            .as_root(Method::PUT, &path, "application/json", &body.to_string())
            .await;
        assert_eq!(put.status, 201, "{}", put.body);
    }
    let page = browser.get("/console").await;
    assert!(
        page.body.contains("A client is past its sunset"),
        "{}",
        page.body
    );
    assert!(page.body.contains("A client is near its sunset"));
    assert!(
        page.body
            .contains(r#"<a href="/console/clients/old">old</a>"#)
    );
    assert!(
        page.body
            .contains(r#"<a href="/console/clients/soon">soon</a>"#)
    );
    assert!(!page.body.contains(">later<"));
}

#[actix_web::test]
async fn passwords_without_tls_or_throttle_are_told() {
    let policy = Policy {
        throttle: None,
        ..Policy::new("http://auth.example")
    };
    let world = World::empty(policy);
    world.put_user("user", "password", UserSettings::default());
    let site = Site::over(world);
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console").await;
    assert!(
        page.body.contains("Passwords travel in the clear"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Passwords can be guessed without end"));
}

#[actix_web::test]
async fn a_throttle_that_tripped_is_told_for_an_hour() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let mut guesser = Browser::new(&site);
    while guesser.sign_in("amy", "wrong").await.status != 429 {}
    let page = browser.get("/console").await;
    assert!(page.body.contains("A throttle tripped"), "{}", page.body);
    assert!(
        page.body
            .contains("/console/audit?type=login.throttled&#38;from=")
    );
    site.world.clock.advance(Lifetime::from_seconds(2 * 3600));
    let mut browser = Browser::of_user(&site).await;
    let page = browser.get("/console").await;
    assert!(!page.body.contains("A throttle tripped"));
}

#[actix_web::test]
async fn a_planned_key_is_told() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    site.as_root(Method::POST, "/auth/keys/$rotate", "application/json", "")
        .await;
    let page = browser.get("/console").await;
    assert!(
        page.body.contains("Another key signs soon"),
        "{}",
        page.body
    );
}
