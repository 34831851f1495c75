//! Looking after signing keys.

use actix_web::http::Method;
use grantor_domain::keys::CRYPTOPERIOD;
use serde_json::json;

use super::{Answer, JSON, Site};

async fn keys(site: &Site, method: Method, path: &str) -> Answer {
    site.as_root(method, path, JSON, "").await
}

/// Id and state of each key.
fn states(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.json();
    let keys = body["keys"].as_array().unwrap().iter();
    let text = |key: &serde_json::Value, name: &str| key[name].as_str().unwrap().to_owned();
    keys.map(|key| (text(key, "kid"), text(key, "state")))
        .collect()
}

#[actix_web::test]
async fn a_key_shows_its_instants_and_until_when_it_should_sign() {
    let site = Site::new();
    let answer = keys(&site, Method::GET, "/auth/keys").await;
    let now = crate::resources::instant(site.state.now());
    let due = crate::resources::instant(site.state.now().plus(CRYPTOPERIOD));
    let expected = json!({ "keys": [{
        "kid": "key-1",
        "alg": "ES256",
        "state": "signing",
        "created": now,
        "sign_from": now,
        "rotate_by": due,
    }] });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn a_planned_key_waits_and_an_urgent_one_signs() {
    let site = Site::new();
    let planned = keys(&site, Method::POST, "/auth/keys/$rotate").await;
    let pair = |kid: &str, state: &str| (kid.to_owned(), state.to_owned());
    assert_eq!(
        states(&planned),
        [pair("key-1", "signing"), pair("key-2", "next")]
    );
    let urgent = keys(&site, Method::POST, "/auth/keys/$rotate?now=true").await;
    assert_eq!(states(&urgent)[0], pair("key-1", "retiring"));
    assert_eq!(states(&urgent)[2], pair("key-3", "signing"));
}

#[actix_web::test]
async fn what_rotation_does_not_take_is_refused() {
    let site = Site::new();
    for query in ["now=soon", "now=true&later=true"] {
        let path = format!("/auth/keys/$rotate?{query}");
        let answer = keys(&site, Method::POST, &path).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.text("error"), "invalid_request", "{query}");
    }
    let answer = keys(&site, Method::GET, "/auth/keys").await;
    assert_eq!(states(&answer).len(), 1);
}

#[actix_web::test]
async fn a_key_is_retired_when_another_signs() {
    let site = Site::new();
    let only = keys(&site, Method::POST, "/auth/keys/key-1/$retire").await;
    assert_eq!(
        (only.status, only.text("error").as_str()),
        (409, "invalid_request")
    );
    let unknown = keys(&site, Method::POST, "/auth/keys/key-9/$retire").await;
    assert_eq!(unknown.status, 404);
    keys(&site, Method::POST, "/auth/keys/$rotate?now=true").await;
    let retired = keys(&site, Method::POST, "/auth/keys/key-1/$retire").await;
    assert_eq!(
        (retired.status, states(&retired)[0].1.as_str()),
        (200, "ended")
    );
}

#[actix_web::test]
async fn events_name_who_changed_the_keys() {
    let site = Site::new();
    keys(&site, Method::POST, "/auth/keys/$rotate").await;
    let events = site.world.memory.events();
    let made = events.last().unwrap();
    assert_eq!(made.kind.name(), "key.created");
    assert_eq!(made.detail.as_deref(), Some("key-2"));
    let (kind, id) = made.actor.as_ref().unwrap().parts().unwrap();
    assert_eq!((kind.as_str(), id), ("Client", "root"));
}
