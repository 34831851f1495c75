//! How often what happened, hour by hour.

use actix_web::http::Method;
use grantor_domain::time::Lifetime;
use serde_json::json;

use super::{Answer, JSON, Site};

async fn count(site: &Site, query: &str) -> Answer {
    let path = format!("/AuditEvent/$count{query}");
    site.as_root(Method::GET, &path, JSON, "").await
}

#[actix_web::test]
async fn each_type_asked_for_has_its_counts_hour_by_hour() {
    let site = Site::new();
    site.log_in().await;
    site.world.clock.advance(Lifetime::from_seconds(3600));
    site.log_in().await;
    site.log_in().await;
    let answer = count(&site, "?type=login.failed,login.ok&hours=3").await;
    let expected = json!([
        { "type": "login.failed", "total": 0, "counts": [0, 0, 0] },
        { "type": "login.ok", "total": 3, "counts": [0, 1, 2] },
    ]);
    assert_eq!((answer.status, &answer.json()["series"]), (200, &expected));
}

#[actix_web::test]
async fn a_day_is_counted_until_now_unless_another_is_asked_for() {
    let site = Site::new();
    site.log_in().await;
    let day = count(&site, "").await.json();
    let series = day["series"].as_array().unwrap();
    let logins = series.iter().find(|one| one["type"] == "login.ok").unwrap();
    assert_eq!(logins["total"], 1);
    assert_eq!(logins["counts"].as_array().unwrap().len(), 24);
    let old = count(&site, "?last=2020-02-29&hours=1").await.json();
    let hour =
        json!({ "start": "2020-02-29T00:00:00Z", "end": "2020-02-29T01:00:00Z", "series": [] });
    assert_eq!(old, hour);
}

#[actix_web::test]
async fn what_cannot_be_counted_is_named() {
    let site = Site::new();
    for (query, named) in [
        ("?hours=0", "hours"),
        ("?hours=745", "hours"),
        ("?hours=x", "hours"),
        ("?last=soon", "last"),
        ("?type=login.maybe", "type"),
        ("?agent=User/amy", "parameter"),
    ] {
        let answer = count(&site, query).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body.contains(named), "{query}: {}", answer.body);
    }
}

async fn sessions(site: &Site, query: &str) -> Answer {
    let path = format!("/Session/$count{query}");
    site.as_root(Method::GET, &path, JSON, "").await
}

#[actix_web::test]
async fn live_sessions_are_told_hour_by_hour() {
    let site = Site::new();
    site.log_in().await;
    site.world.server.take_census().unwrap();
    site.world.clock.advance(Lifetime::from_seconds(2 * 3600));
    let answer = sessions(&site, "?hours=4").await;
    let live = json!([null, 1, null, null]);
    assert_eq!((answer.status, &answer.json()["live"]), (200, &live));
    let day = sessions(&site, "").await.json();
    assert_eq!(day["live"].as_array().unwrap().len(), 24);
}

#[actix_web::test]
async fn hours_that_cannot_be_told_are_named() {
    let site = Site::new();
    for (query, named) in [
        ("?hours=745", "hours"),
        ("?last=soon", "last"),
        ("?type=password", "parameter"),
    ] {
        let answer = sessions(&site, query).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body.contains(named), "{query}: {}", answer.body);
    }
}
