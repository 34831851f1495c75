//! What we do not know is 503, what is broken is 500, and neither is ever a refusal or a success.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use grantor_domain::Fault;
use grantor_domain::grants::GrantType;
use grantor_domain::policy::{Budget, Budgets, Policy};
use grantor_domain::ports::{
    MockClientRegistry, MockPasswordHasher, MockSessionStore, MockTokenSigner,
};
use grantor_domain::server::{AuthorizationServer, Ports};
use grantor_domain::users::UserSettings;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use super::{Answer, FORM, MYAPP, ROOT, Site};

const LOGIN: &str =
    "grant_type=password&client_id=myapp&client_secret=verysecret&username=user&password=password";

/// The seeds' world with some ports replaced after everything was written.
fn broken(replace: impl FnOnce(&mut Ports)) -> Site {
    let mut site = Site::new();
    let mut ports = site.world.server.ports().clone();
    replace(&mut ports);
    let policy = site.world.server.policy().clone();
    let server = GrantType::ALL.into_iter().fold(
        AuthorizationServer::new(ports, policy),
        AuthorizationServer::enable_grant_type,
    );
    site.world.server = server;
    Site::fresh(site.world)
}

fn away() -> Fault {
    Fault::Unavailable("connection refused by db.internal".to_owned())
}

fn is_unavailable(answer: &Answer, says: &str) {
    assert_eq!(answer.status, 503, "{says}: {answer:?}");
    assert_eq!(answer.header("retry-after"), "1", "{says}");
    assert_eq!(answer.header("cache-control"), "no-store", "{says}");
    assert!(!answer.body.contains("internal"), "{says}: {answer:?}");
    assert!(!answer.body.contains("active"), "{says}: {answer:?}");
}

#[actix_web::test]
async fn a_store_that_is_away_is_503_everywhere() {
    let site = broken(|ports| {
        let mut clients = MockClientRegistry::new();
        clients.expect_find().returning(|_| Err(away()));
        ports.clients = Arc::new(clients);
    });
    for path in ["/auth/token", "/auth/introspect", "/auth/revoke"] {
        let answer = site.post(path, FORM, &format!("{LOGIN}&token=gat_x")).await;
        is_unavailable(&answer, path);
        assert_eq!(answer.text("error"), "temporarily_unavailable");
    }
    for path in ["/Client/myapp", "/User/user", "/Session", "/Session/x"] {
        let request = TestRequest::get()
            .uri(path)
            .insert_header(("authorization", ROOT));
        let answer = site.send(request).await;
        is_unavailable(&answer, path);
        assert_eq!(answer.json()["issue"][0]["code"], "transient");
    }
}

#[actix_web::test]
async fn a_session_store_that_is_away_is_no_dead_token() {
    let token = World::default()
        .log_in("user", "password")
        .unwrap()
        .access_token;
    let token = token.expose();
    let site = broken(|ports| {
        let mut sessions = MockSessionStore::new();
        sessions.expect_find().returning(|_| Err(away()));
        ports.sessions = Arc::new(sessions);
    });
    for (method, path) in [
        (Method::GET, "/auth/userinfo"),
        (Method::DELETE, "/Session"),
        (Method::GET, "/User/user"),
    ] {
        let answer = site.as_bearer(method, path, token).await;
        is_unavailable(&answer, path);
    }
    for path in ["/auth/introspect", "/auth/revoke"] {
        let request = TestRequest::post()
            .uri(path)
            .insert_header(("authorization", MYAPP))
            .insert_header(("content-type", FORM))
            .set_payload(format!("token={token}"));
        is_unavailable(&site.send(request).await, path);
    }
}

#[actix_web::test]
async fn a_full_hash_queue_is_503() {
    let site = broken(|ports| {
        let mut hasher = MockPasswordHasher::new();
        hasher
            .expect_verify()
            .returning(|_, _| Err(Fault::Overloaded("hash queue")));
        ports.hasher = Arc::new(hasher);
    });
    is_unavailable(&site.post("/auth/token", FORM, LOGIN).await, "login");
}

#[actix_web::test]
async fn what_is_corrupt_and_what_panics_is_500() {
    let corrupt = broken(|ports| {
        let mut clients = MockClientRegistry::new();
        let fault = || Fault::Corrupt("row 17 of internal".to_owned());
        clients.expect_find().returning(move |_| Err(fault()));
        ports.clients = Arc::new(clients);
    });
    let panics = broken(|ports| {
        let mut clients = MockClientRegistry::new();
        clients.expect_find().returning(|_| panic!("on purpose"));
        ports.clients = Arc::new(clients);
    });
    for site in [corrupt, panics] {
        for _ in 0..2 {
            let answer = site.post("/auth/token", FORM, LOGIN).await;
            assert_eq!(
                (answer.status, answer.text("error").as_str()),
                (500, "server_error")
            );
            assert!(!answer.body.contains("internal"));
        }
    }
}

#[actix_web::test]
async fn keys_that_cannot_be_read_are_503() {
    let site = broken(|ports| {
        let mut signer = MockTokenSigner::new();
        signer.expect_public_keys().returning(|_| Err(away()));
        ports.signer = Arc::new(signer);
    });
    let answer = site
        .send(TestRequest::get().uri("/.well-known/jwks.json"))
        .await;
    is_unavailable(&answer, "keys");
}

#[actix_web::test]
async fn too_many_tries_are_429_and_say_when_to_come_back() {
    let one = Budget::per_minute(1, 1);
    let policy = Policy {
        throttle: Some(Budgets::alike(one)),
        ..Policy::new("https://auth.example")
    };
    let world = World::empty(policy);
    world.put_client("myapp", Some("verysecret"), password_client());
    world.put_user("user", "password", UserSettings::default());
    let site = Site::over(world);
    let wrong = LOGIN.replace("password=password", "password=wrong");
    assert_eq!(site.post("/auth/token", FORM, &wrong).await.status, 400);
    let throttled = site.post("/auth/token", FORM, LOGIN).await;
    assert_eq!(
        (throttled.status, throttled.text("error").as_str()),
        (429, "slow_down")
    );
    assert_eq!(throttled.header("retry-after"), "60");
}
