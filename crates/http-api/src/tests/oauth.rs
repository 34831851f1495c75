//! Introspection, revocation, userinfo, metadata, keys and setup.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use expect_test::expect;
use grantor_domain::clients::ClientSettings;
use grantor_domain::policy::Policy;
use grantor_testkit::World;

use super::{FORM, JSON, MYAPP, Site};

async fn ask(site: &Site, path: &str, header: &str, body: &str) -> super::Answer {
    let request = TestRequest::post()
        .uri(path)
        .insert_header(("authorization", header))
        .insert_header(("content-type", FORM))
        .set_payload(body.to_owned());
    site.send(request).await
}

#[actix_web::test]
async fn introspection_tells_what_a_live_token_stands_for() {
    let site = Site::new();
    let tokens = site.log_in().await;
    let body = format!("token={}", tokens.text("access_token"));
    let answer = ask(&site, "/auth/introspect", MYAPP, &body).await;
    let mut reply = answer.json();
    let members = reply.as_object_mut().unwrap();
    for id in ["jti", "sid"] {
        assert!(!members.remove(id).unwrap().as_str().unwrap().is_empty());
    }
    expect![[r#"{"active":true,"client_id":"myapp","sub":"user","token_type":"Bearer","exp":1767229200,"iat":1767225600,"nbf":1767225600,"iss":"https://auth.example"}"#]]
        .assert_eq(&reply.to_string());
}

#[actix_web::test]
async fn introspection_tells_nothing_of_other_tokens() {
    let site = Site::new();
    site.world
        .put_client("other", Some("othersecret"), ClientSettings::default());
    let token = site.log_in().await.text("access_token");
    let foreign = format!("client_id=other&client_secret=othersecret&token={token}");
    let dead = "client_id=myapp&client_secret=verysecret&token=gat_x";
    for body in [foreign.as_str(), dead] {
        let answer = site.post("/auth/introspect", FORM, body).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, r#"{"active":false}"#)
        );
    }
}

#[actix_web::test]
async fn introspection_needs_somebody_who_may_ask() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    let nobody = site.post("/auth/introspect", FORM, "token=x").await;
    assert_eq!(
        (nobody.status, nobody.text("error").as_str()),
        (401, "invalid_client")
    );
    let user = ask(
        &site,
        "/auth/introspect",
        &format!("Bearer {token}"),
        "token=x",
    )
    .await;
    assert_eq!(
        (user.status, user.text("error").as_str()),
        (403, "access_denied")
    );
    let stranger = ask(&site, "/auth/introspect", "Bearer gat_x", "token=x").await;
    assert_eq!(
        (stranger.status, stranger.text("error").as_str()),
        (401, "invalid_token")
    );
    let nothing = ask(&site, "/auth/introspect", MYAPP, "x=y").await;
    assert_eq!(
        (nothing.status, nothing.text("error").as_str()),
        (400, "invalid_request")
    );
}

#[actix_web::test]
async fn revocation_ends_a_session_and_is_silent_about_unknown_tokens() {
    let site = Site::new();
    let tokens = site.log_in().await;
    let unknown = ask(
        &site,
        "/auth/revoke",
        MYAPP,
        "token=nonsense&token_type_hint=magic",
    )
    .await;
    assert_eq!((unknown.status, unknown.body.as_str()), (200, "{}"));
    let missing = ask(&site, "/auth/revoke", MYAPP, "").await;
    assert_eq!(
        (missing.status, missing.text("error").as_str()),
        (400, "invalid_request")
    );
    let body = format!("token={}", tokens.text("refresh_token"));
    assert_eq!(ask(&site, "/auth/revoke", MYAPP, &body).await.status, 200);
    let token = tokens.text("access_token");
    let after = site.as_bearer(Method::GET, "/auth/userinfo", &token).await;
    assert_eq!(after.status, 401);
}

#[actix_web::test]
async fn another_clients_token_is_not_revoked() {
    let site = Site::new();
    site.world
        .put_client("other", Some("othersecret"), ClientSettings::default());
    let token = site.log_in().await.text("access_token");
    let body = format!("client_id=other&client_secret=othersecret&token={token}");
    let answer = site.post("/auth/revoke", FORM, &body).await;
    assert_eq!(
        (answer.status, answer.text("error").as_str()),
        (400, "unauthorized_client")
    );
    assert_eq!(
        site.as_bearer(Method::GET, "/auth/userinfo", &token)
            .await
            .status,
        200
    );
}

#[actix_web::test]
async fn userinfo_is_the_user_without_secrets() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    for method in [Method::GET, Method::POST] {
        let answer = site.as_bearer(method, "/auth/userinfo", &token).await;
        expect![[r#"{"resourceType":"User","id":"user","email":"user@mail.com","sub":"user"}"#]]
            .assert_eq(&answer.body);
    }
    let stranger = site.as_bearer(Method::GET, "/auth/userinfo", "gat_x").await;
    assert_eq!(stranger.status, 401);
    assert_eq!(
        stranger.header("www-authenticate"),
        r#"Bearer realm="grantor", error="invalid_token""#
    );
    let nobody = site.send(TestRequest::get().uri("/auth/userinfo")).await;
    assert_eq!(
        nobody.header("www-authenticate"),
        r#"Bearer realm="grantor""#
    );
    let basic = TestRequest::get()
        .uri("/auth/userinfo")
        .insert_header(("authorization", MYAPP));
    assert_eq!(site.send(basic).await.status, 401);
}

#[actix_web::test]
async fn metadata_tells_the_truth() {
    let site = Site::new();
    let answer = site
        .send(TestRequest::get().uri("/.well-known/oauth-authorization-server"))
        .await;
    expect![[r#"{"issuer":"https://auth.example","token_endpoint":"https://auth.example/auth/token","introspection_endpoint":"https://auth.example/auth/introspect","revocation_endpoint":"https://auth.example/auth/revoke","userinfo_endpoint":"https://auth.example/auth/userinfo","jwks_uri":"https://auth.example/.well-known/jwks.json","grant_types_supported":["client_credentials","password","refresh_token"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"],"introspection_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],"revocation_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"],"service_documentation":"https://auth.example/docs"}"#]]
        .assert_eq(&answer.body);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[actix_web::test]
async fn public_documents_are_answered_with_304_to_who_has_them() {
    let site = Site::new();
    for path in [
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
    ] {
        let first = site.send(TestRequest::get().uri(path)).await;
        let tag = first.header("etag").to_owned();
        let again = TestRequest::get()
            .uri(path)
            .insert_header(("if-none-match", tag.clone()));
        let again = site.send(again).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""));
        assert_eq!(again.header("etag"), tag);
        let other = TestRequest::get()
            .uri(path)
            .insert_header(("if-none-match", "W/\"x\""));
        assert_eq!(site.send(other).await.status, 200);
    }
}

#[actix_web::test]
async fn setup_makes_the_administrator_once() {
    let mut world = World::empty(Policy::new("https://auth.example"));
    let (token, stored) = world.server.make_setup_token().unwrap();
    world.server = world.server.clone().with_setup_token(stored);
    let site = Site::fresh(world);
    let body = |token: &str| format!(r#"{{"setup_token":"{token}","password":"correct horse"}}"#);
    let wrong = site.post("/auth/setup", JSON, &body("gst_wrong")).await;
    assert_eq!(
        (wrong.status, wrong.text("error").as_str()),
        (401, "invalid_token")
    );
    let missing = site
        .post("/auth/setup", JSON, r#"{"setup_token":"x"}"#)
        .await;
    assert_eq!(missing.status, 400);
    let done = site.post("/auth/setup", JSON, &body(token.expose())).await;
    assert_eq!((done.status, done.text("id").as_str()), (201, "admin"));
    let again = site.post("/auth/setup", JSON, &body(token.expose())).await;
    assert_eq!(
        (again.status, again.text("error").as_str()),
        (409, "invalid_request")
    );
}
