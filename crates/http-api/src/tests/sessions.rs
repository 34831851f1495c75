//! Sessions over HTTP.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use expect_test::expect;
use serde_json::Value;

use super::{JSON, ROOT, Site, YAML};

async fn search(site: &Site, query: &str) -> Value {
    let answer = site
        .as_root(Method::GET, &format!("/Session?{query}"), JSON, "")
        .await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json()
}

fn ids(bundle: &Value) -> Vec<String> {
    let entries = bundle["entry"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn closing_ones_own_session_answers_it_closed_and_then_401() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    let closed = site.as_bearer(Method::DELETE, "/Session", &token).await;
    let mut session = closed.json();
    let members = session.as_object_mut().unwrap();
    for id in ["id", "jti"] {
        assert!(!members.remove(id).unwrap().as_str().unwrap().is_empty());
    }
    expect![[r#"{"resourceType":"Session","last_used":"2026-01-01T00:00:00Z","meta":{"versionId":"2","lastUpdated":"2026-01-01T00:00:00Z"},"type":"password","user":{"resourceType":"User","id":"user"},"client":{"resourceType":"Client","id":"myapp"},"active":false,"start":"2026-01-01T00:00:00Z","end":"2026-01-01T00:00:00Z","exp":1767229200,"refresh_token_exp":1769817600}"#]]
        .assert_eq(&session.to_string());
    let again = site.as_bearer(Method::DELETE, "/Session", &token).await;
    assert_eq!(again.status, 401);
    assert_eq!(
        again.header("www-authenticate"),
        r#"Bearer realm="grantor", error="invalid_token""#
    );
    let basic = TestRequest::delete()
        .uri("/Session")
        .insert_header(("authorization", ROOT));
    assert_eq!(site.send(basic).await.status, 401);
}

#[actix_web::test]
async fn references_are_spelled_as_the_mount_spells_them() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    let bundle = site
        .as_bearer(Method::GET, "/fhir/Session", &token)
        .await
        .json();
    let entry = &bundle["entry"][0];
    assert_eq!(entry["resource"]["user"]["reference"], "User/user");
    assert_eq!(entry["resource"]["client"]["reference"], "Client/myapp");
    let url = entry["fullUrl"].as_str().unwrap();
    assert!(
        url.starts_with("https://auth.example/fhir/Session/"),
        "{url}"
    );
}

#[actix_web::test]
async fn a_user_finds_its_own_sessions_and_never_a_token() {
    let site = Site::new();
    let tokens = site.log_in().await;
    let admin = site.world.log_in("admin", "adminpassword").unwrap();
    let token = tokens.text("access_token");
    let own = site.as_bearer(Method::GET, "/Session", &token).await;
    assert_eq!(ids(&own.json()).len(), 1);
    for secret in [
        token.as_str(),
        &tokens.text("refresh_token"),
        admin.access_token.expose(),
    ] {
        assert!(!own.body.contains(secret));
    }
    assert_eq!(ids(&search(&site, "").await).len(), 2);
}

#[actix_web::test]
async fn searches_find_what_they_ask_for() {
    let site = Site::new();
    site.log_in().await;
    let admin = site.world.log_in("admin", "adminpassword").unwrap();
    site.world
        .server
        .close_own_session(&admin.access_token)
        .unwrap();
    let rows = [
        ("", 2),
        ("user=user", 1),
        ("user=User/user,admin", 2),
        (".user.id=user", 1),
        ("client=myapp", 2),
        (".client.id=Client/myapp", 2),
        ("client=ghost", 0),
        ("active=true", 1),
        ("active=false", 1),
        ("type=password", 2),
        ("type=client_credentials", 0),
        ("start=2026", 2),
        ("start=2026-01-01", 2),
        ("start=gt2026-01-01", 0),
        ("start=ge2026-01-01&start=lt2026-02", 2),
        (".start=lt2026-01-01", 0),
        ("exp=gt2026-01-01T00:30:00Z", 2),
        ("exp=1767229200", 2),
        ("_lastUpdated=le2025", 0),
        ("_count=1", 1),
        ("_count=1&_page=2", 1),
        ("_count=1&_page=3", 0),
        ("_count=0", 0),
        ("user=", 2),
        ("_format=json&_pretty=true", 2),
    ];
    for (query, found) in rows {
        assert_eq!(ids(&search(&site, query).await).len(), found, "{query}");
    }
    let id = &ids(&search(&site, "").await)[0];
    assert_eq!(
        ids(&search(&site, &format!("_id={id}")).await),
        [id.as_str()]
    );
    let (up, down) = (
        search(&site, "_sort=_id").await,
        search(&site, "_sort=-_id").await,
    );
    assert_eq!(ids(&up), ids(&down).into_iter().rev().collect::<Vec<_>>());
}

#[actix_web::test]
async fn what_is_no_search_is_400() {
    let site = Site::new();
    let rows = [
        "magic=1",
        ".user.password=1",
        "user:exact=x",
        "start=today",
        "start=xx2026",
        "exp=gt",
        "active=maybe",
        "type=magic",
        "_count=1001",
        "_count=-1",
        "_page=0",
        "_page=99999999999999999999",
        "_page=9999999999999999&_count=1000",
        "_sort=secret",
        "_total=maybe",
        "user=a_b",
        "user=a&user=b",
        "_id=%00",
        "%ff=1",
        "start=%E2%82%AC1",
    ];
    for query in rows {
        let answer = site
            .as_root(Method::GET, &format!("/Session?{query}"), JSON, "")
            .await;
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
        assert_eq!(answer.text("resourceType"), "OperationOutcome", "{query}");
    }
    let lenient = TestRequest::get()
        .uri("/Session?magic=1")
        .insert_header(("authorization", ROOT))
        .insert_header(("prefer", "return=minimal, handling=lenient"));
    assert_eq!(site.send(lenient).await.status, 200);
}

#[actix_web::test]
async fn a_page_links_to_the_others() {
    let site = Site::new();
    for _ in 0..5 {
        site.log_in().await;
    }
    let everything = ids(&search(&site, "user=User/user").await);
    assert_eq!(everything.len(), 5);
    let link = |bundle: &Value, relation: &str| {
        let links = bundle["link"].as_array().unwrap();
        let link = links.iter().find(|link| link["relation"] == relation);
        let url = link.map(|link| link["url"].as_str().unwrap().to_owned());
        url.map(|url| {
            url.split_once('?')
                .map_or_else(String::new, |(_, query)| query.to_owned())
        })
    };
    let first = search(&site, "_count=2&user=User/user").await;
    assert_eq!(first["total"], 5);
    assert_eq!(link(&first, "previous"), None);
    let second = search(&site, &link(&first, "next").unwrap()).await;
    let third = search(&site, &link(&second, "next").unwrap()).await;
    let walked = [ids(&first), ids(&second), ids(&third)].concat();
    assert_eq!(walked, everything);
    assert_eq!(link(&third, "next"), None);
    let back = search(&site, &link(&third, "previous").unwrap()).await;
    assert_eq!(ids(&back), ids(&second));
    let last = search(&site, &link(&first, "last").unwrap()).await;
    assert_eq!(ids(&last), everything[3..]);
    let numbered = search(&site, "_count=2&user=User/user&_page=2").await;
    assert_eq!(ids(&numbered), ids(&second));
    // A link holds for its own search, and nobody can make one up.
    let cursor = link(&first, "next").unwrap();
    let (_, cursor) = cursor.split_once("_page=").unwrap();
    for query in [
        format!("_count=2&user=User/other&_page={cursor}"),
        format!("_count=2&user=User/user&_page={cursor}x"),
        "_page=YQAwMTliNzZkYQ".to_owned(),
        "_page=0".to_owned(),
        "_page=4000000000".to_owned(),
    ] {
        let answer = site
            .as_root(Method::GET, &format!("/Session?{query}"), "", "")
            .await;
        assert_eq!(answer.status, 400, "{query}");
    }
    assert!(search(&site, "_total=none").await.get("total").is_none());
    let elements = search(&site, "_elements=active&_count=1").await;
    let resource = elements["entry"][0]["resource"].as_object().unwrap();
    let names: Vec<&String> = resource.keys().collect();
    assert_eq!(names, ["resourceType", "id", "meta", "active"]);
}

#[actix_web::test]
async fn a_session_is_closed_by_id_or_by_patch_and_not_otherwise() {
    let site = Site::new();
    site.log_in().await;
    site.log_in().await;
    let found = ids(&search(&site, "active=true").await);
    let (first, second) = (
        format!("/Session/{}", found[0]),
        format!("/Session/{}", found[1]),
    );
    for body in [
        r#"{"active":true}"#,
        r#"{"scope":["a"]}"#,
        "{}",
        r#"{"active":false,"user":1}"#,
    ] {
        let answer = site.as_root(Method::PATCH, &first, JSON, body).await;
        assert_eq!(answer.status, 422, "{body}: {answer:?}");
    }
    let patched = site
        .as_root(Method::PATCH, &first, YAML, "active: false\n")
        .await;
    assert!(patched.body.contains("active: false"), "{patched:?}");
    for _ in 0..2 {
        let closed = site.as_root(Method::DELETE, &second, JSON, "").await;
        assert_eq!(
            (closed.status, &closed.json()["active"]),
            (200, &Value::Bool(false))
        );
    }
    assert_eq!(ids(&search(&site, "active=true").await).len(), 0);
}

#[actix_web::test]
async fn all_sessions_of_a_user_or_client_are_closed_at_once() {
    let site = Site::new();
    for path in [
        "/User/user/$close-sessions",
        "/fhir/Client/myapp/$close-sessions",
    ] {
        let token = site.log_in().await.text("access_token");
        site.log_in().await;
        let closed = site.as_root(Method::POST, path, JSON, "").await;
        expect![[
            r#"{"resourceType":"Parameters","parameter":[{"name":"closed","valueInteger":2}]}"#
        ]]
        .assert_eq(&closed.body);
        assert_eq!(
            site.as_bearer(Method::GET, "/User/user", &token)
                .await
                .status,
            401
        );
    }
    let ghost = site
        .as_root(Method::POST, "/User/ghost/$close-sessions", JSON, "")
        .await;
    assert_eq!(ghost.status, 404);
}
