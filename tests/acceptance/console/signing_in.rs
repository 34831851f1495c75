//! Signing in, staying so, and out.

use serde_json::json;

use crate::support::{Call, Setup, Store};

use super::browser::Browser;

on_every_store!(who_signs_in_has_a_session_like_any_other, |setup: Setup| {
    let world = setup.start();
    let browser = Browser::of(&world, "user", "password");
    let found = world
        .admin()
        .get("/Session?type=console")
        .expect(200)
        .json();
    let session = &found["entry"][0]["resource"];
    assert_eq!(session["user"]["id"], "user");
    assert_eq!(session["client"]["id"], "grantor-console");
    assert!(session.get("refresh_token_exp").is_none());
    let id = session["id"].as_str().unwrap();
    world.admin().delete(&format!("/Session/{id}")).expect(200);
    assert!(!browser.is_signed_in());
});

on_every_store!(an_idle_browser_is_signed_out, |setup: Setup| {
    let world = setup.start_in_process();
    let browser = Browser::of(&world, "user", "password");
    world.wait(1799);
    assert!(browser.is_signed_in());
    world.wait(1799);
    assert!(browser.is_signed_in());
    world.wait(1800);
    assert!(!browser.is_signed_in());
});

on_every_store!(a_busy_browser_is_signed_out_in_the_end, |setup: Setup| {
    let world = setup
        .set("sessions.browser_lifetime", "3600")
        .start_in_process();
    let browser = Browser::of(&world, "user", "password");
    for _ in 0..3 {
        world.wait(1000);
        assert!(browser.is_signed_in());
    }
    world.wait(600);
    assert!(!browser.is_signed_in());
});

on_every_store!(a_disabled_user_is_signed_out, |setup: Setup| {
    let world = setup.start();
    let browser = Browser::of(&world, "user", "password");
    world
        .admin()
        .patch("/User/user", &json!({ "inactive": true }))
        .expect(200);
    assert!(!browser.is_signed_in());
    browser.sign_in("user", "password").expect(400);
});

on_every_store!(everybody_can_be_kept_out, |setup: Setup| {
    let world = setup.start();
    let browser = Browser::of(&world, "user", "password");
    let off = json!({ "active": false });
    world
        .admin()
        .patch("/Client/grantor-console", &off)
        .expect(200);
    assert!(!browser.is_signed_in());
    browser.sign_in("user", "password").expect(401);
});

on_every_store!(
    guessing_is_throttled_as_at_the_token_endpoint,
    |setup: Setup| {
        let world = setup
            .set("server.trusted_proxies", "127.0.0.1")
            .set("throttle.account.burst", "3")
            .set("throttle.account.per_minute", "1")
            .start();
        let browser = Browser::new(&world);
        for _ in 0..3 {
            browser.sign_in("user", "wrong").expect(400);
        }
        let answer = browser.sign_in("user", "password").expect(429);
        assert!(answer.header("retry-after").is_some());
        assert!(answer.text().contains(r#"id="login-error""#));
        Browser::from(&world, "198.51.100.9")
            .sign_in("user", "password")
            .expect(303);
    }
);

on_every_store!(
    a_console_that_is_switched_off_is_not_there,
    |setup: Setup| {
        let world = setup.set("console.enabled", "false").start();
        for path in ["/console", "/auth/login", "/console/sessions"] {
            Browser::new(&world).get(path).expect(404);
        }
    }
);

#[test]
fn what_one_program_has_signed_in_another_knows() {
    let world = Setup::on(Store::Postgres).start();
    let replica = world.replica();
    let browser = Browser::of(&world, "user", "password");
    let account = browser.with_cookies(Call::get("/console/account"));
    replica.http.send(account.clone()).expect(200);
    let id =
        world.admin().get("/Session?type=console").json()["entry"][0]["resource"]["id"].clone();
    let path = format!("/Session/{}", id.as_str().unwrap());
    world.admin().delete(&path).expect(200);
    replica.http.send(account).expect(303);
}
