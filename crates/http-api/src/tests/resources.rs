//! Clients and users over HTTP.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use expect_test::expect;

use super::{Answer, FORM, JSON, ROOT, Site, YAML};

async fn conditional(
    site: &Site,
    method: Method,
    path: &str,
    header: (&'static str, &str),
    body: &str,
) -> Answer {
    let request = TestRequest::with_uri(path)
        .method(method)
        .insert_header(("authorization", ROOT))
        .insert_header(("content-type", JSON))
        .insert_header(header)
        .set_payload(body.to_owned());
    site.send(request).await
}

#[actix_web::test]
async fn the_seeds_client_is_written_and_read_back_without_its_secret() {
    let site = Site::new();
    for path in ["/Client/seed", "/fhir/Client/seed2"] {
        let body = "secret: verysecret\ngrant_types:\n  - password\n";
        let made = site.as_root(Method::PUT, path, YAML, body).await;
        assert_eq!(made.status, 201, "{made:?}");
        assert_eq!(made.header("content-type"), "text/yaml; charset=UTF-8");
        assert_eq!(
            made.header("location"),
            format!("https://auth.example{path}/_history/1")
        );
        assert_eq!(
            (made.header("etag"), made.header("last-modified")),
            ("W/\"1\"", "Thu, 01 Jan 2026 00:00:00 GMT")
        );
        assert!(!made.body.contains("secret"), "{}", made.body);
    }
    let read = site.as_root(Method::GET, "/Client/seed", JSON, "").await;
    expect![[r#"{"resourceType":"Client","id":"seed","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:00Z","createdAt":"2026-01-01T00:00:00Z"},"active":true,"grant_types":["password"]}"#]]
        .assert_eq(&read.body);
}

#[actix_web::test]
async fn every_attribute_of_a_client_survives() {
    let site = Site::new();
    let body = r#"{"resourceType":"Client","id":"full","name":"N","description":"D","type":"web","first_party":true,
        "active":true,"secret":"s","grant_types":["password","client_credentials"],"scope":["a","b"],"default_scope":"a",
        "auth":{"password":{"token_format":"jwt","token_expiration":60,"refresh_token":true,"refresh_token_expiration":120,
        "refresh_token_idle":30,"refresh_token_format":"jwt","secret_required":true,"audience":["x","y"],"refresh_policy":"static",
        "userinfo":false,"sunset":"2027-01-01"},"client_credentials":{"token_format":"jwt","access_token_expiration":5,"audience":"z"}},
        "introspect":"any","details":{"open":[1,null]}}"#;
    let made = site.as_root(Method::PUT, "/Client/full", JSON, body).await;
    expect![[r#"{"resourceType":"Client","id":"full","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:00Z","createdAt":"2026-01-01T00:00:00Z"},"name":"N","description":"D","type":"web","first_party":true,"active":true,"grant_types":["password","client_credentials"],"scope":["a","b"],"default_scope":["a"],"auth":{"password":{"token_format":"jwt","access_token_expiration":60,"refresh_token":true,"refresh_token_expiration":120,"refresh_token_idle":30,"refresh_token_format":"jwt","secret_required":true,"audience":["x","y"],"refresh_policy":"static","userinfo":false,"sunset":"2027-01-01T00:00:00Z"},"client_credentials":{"token_format":"jwt","access_token_expiration":5,"audience":"z"}},"introspect":"any","details":{"open":[1,null]}}"#]]
        .assert_eq(&made.body);
}

#[actix_web::test]
async fn an_answer_without_meta_can_be_written_again_and_changes_nothing() {
    let site = Site::new();
    let mut read = site
        .as_root(Method::GET, "/Client/myapp", JSON, "")
        .await
        .json();
    read.as_object_mut().unwrap().remove("meta");
    let again = site
        .as_root(Method::PUT, "/Client/myapp", JSON, &read.to_string())
        .await;
    assert_eq!((again.status, again.header("etag")), (200, "W/\"1\""));
    site.log_in().await;
}

#[actix_web::test]
async fn a_generated_secret_is_shown_once_and_works() {
    let site = Site::new();
    let body = r#"{"grant_types":["client_credentials"]}"#;
    let made = site.as_root(Method::POST, "/Client", JSON, body).await;
    let (id, secret) = (made.text("id"), made.text("secret"));
    assert_eq!((made.status, id.len(), secret.len()), (201, 36, 43));
    let read = site
        .as_root(Method::GET, &format!("/Client/{id}"), JSON, "")
        .await;
    assert!(!read.body.contains(&secret) && !read.body.contains("secret"));
    let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    assert_eq!(site.post("/auth/token", FORM, &body).await.status, 200);
}

#[actix_web::test]
async fn a_stored_hash_of_a_secret_is_taken() {
    let site = Site::new();
    // SHA-256 of `verysecret`.
    let hash = "4A0EC2D4B9C4D0F4A8F9E2B1";
    let short = format!(r#"{{"secret":"__sha256:{hash}"}}"#);
    assert_eq!(
        site.as_root(Method::PUT, "/Client/a", JSON, &short)
            .await
            .status,
        422
    );
    let body = r#"{"secret":"__sha256:2BB80D537B1DA3E38BD30361AA855686BDE0EACD7162FEF6A25FE97BF527A25B","grant_types":["client_credentials"]}"#;
    assert_eq!(
        site.as_root(Method::PUT, "/Client/a", JSON, body)
            .await
            .status,
        201
    );
    let body = "grant_type=client_credentials&client_id=a&client_secret=secret";
    assert_eq!(site.post("/auth/token", FORM, body).await.status, 200);
}

#[actix_web::test]
async fn what_breaks_rules_is_422_and_names_its_member() {
    let site = Site::new();
    let rows = [
        ("/Client/a", r#"{"color":"red"}"#, "color"),
        (
            "/Client/a",
            r#"{"auth":{"password":{"colour":1}}}"#,
            "auth.password.colour",
        ),
        (
            "/Client/a",
            r#"{"meta":{"versionId":"1","lastUpdated":"x"}}"#,
            "meta",
        ),
        ("/Client/a", r#"{"id":"b"}"#, "id"),
        ("/Client/a", r#"{"resourceType":"User"}"#, "resourceType"),
        ("/Client/a", r#"{"administrator":true}"#, "administrator"),
        ("/Client/a", r#"{"grant_types":["magic"]}"#, "grant_types"),
        ("/Client/a", r#"{"scope":["a b"]}"#, "scope"),
        ("/Client/a", r#"{"default_scope":["a"]}"#, "default_scope"),
        ("/Client/a", r#"{"secret":""}"#, "secret"),
        (
            "/Client/a",
            r#"{"auth":{"password":{"sunset":"soon"}}}"#,
            "auth.password.sunset",
        ),
        (
            "/Client/a",
            r#"{"auth":{"password":{"access_token_expiration":0}}}"#,
            "auth.password.access_token_expiration",
        ),
        ("/User/a", r#"{"color":"red"}"#, "color"),
        ("/User/a", r#"{"administrator":true}"#, "administrator"),
        ("/User/a", r#"{"password_hash":"x"}"#, "password_hash"),
        ("/User/a", r#"{"userName":"two words"}"#, "userName"),
        ("/User/a", r#"{"password":""}"#, "password"),
        ("/User/a_b", r"{}", "id"),
    ];
    for (path, body, member) in rows {
        let answer = site.as_root(Method::PUT, path, JSON, body).await;
        assert_eq!(answer.status, 422, "{body}: {answer:?}");
        let issue = &answer.json()["issue"][0];
        assert_eq!(
            issue["expression"][0].as_str(),
            Some(member),
            "{body}: {issue}"
        );
    }
}

#[actix_web::test]
async fn members_of_the_wrong_type_are_400_and_named() {
    let site = Site::new();
    let rows = [
        ("/Client/a", r#"{"active":"yes"}"#, "active"),
        (
            "/Client/a",
            r#"{"auth":{"password":{"access_token_expiration":-1}}}"#,
            "auth.password.access_token_expiration",
        ),
        (
            "/Client/a",
            r#"{"auth":{"password":{"token_format":"paper"}}}"#,
            "auth.password.token_format",
        ),
        ("/User/a", r#"{"userName":1}"#, "userName"),
        ("/User/a", r#"{"email_verified":"yes"}"#, "email_verified"),
        ("/User/a", r#"{"roles":["admin"]}"#, "roles[0]"),
        ("/User/a", r#"{"name":"Amy"}"#, "name"),
    ];
    for (path, body, member) in rows {
        let answer = site.as_root(Method::PUT, path, JSON, body).await;
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
        let issue = &answer.json()["issue"][0];
        assert_eq!(
            issue["expression"][0].as_str(),
            Some(member),
            "{body}: {issue}"
        );
    }
}

#[actix_web::test]
async fn a_user_is_written_and_its_other_members_are_kept() {
    let site = Site::new();
    let body = r#"{"userName":"Amy","email":"amy@mail.com","email_verified":true,"password":"correct horse",
        "name":{"givenName":"Amy"},"roles":[{"value":"nurse"}],"data":{"deep":{"x":[1]}},"phoneNumber":"+1"}"#;
    let made = site.as_root(Method::PUT, "/User/amy", JSON, body).await;
    assert_eq!(made.status, 201);
    expect![[r#"{"resourceType":"User","id":"amy","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:00Z","createdAt":"2026-01-01T00:00:00Z"},"email_verified":true,"name":{"givenName":"Amy"},"roles":[{"value":"nurse"}],"data":{"deep":{"x":[1]}},"phoneNumber":"+1","userName":"Amy","email":"amy@mail.com"}"#]]
        .assert_eq(&made.body);
    let taken = site
        .as_root(
            Method::PUT,
            "/User/other",
            JSON,
            r#"{"email":"AMY@mail.com"}"#,
        )
        .await;
    assert_eq!(taken.status, 409);
}

#[actix_web::test]
async fn create_honours_an_id_and_refuses_a_taken_one() {
    let site = Site::new();
    let made = site
        .as_root(Method::POST, "/User", JSON, r#"{"id":"bob"}"#)
        .await;
    assert_eq!((made.status, made.text("id").as_str()), (201, "bob"));
    assert_eq!(
        site.as_root(Method::POST, "/User", JSON, r#"{"id":"bob"}"#)
            .await
            .status,
        409
    );
    assert_eq!(
        site.as_root(Method::POST, "/Client", JSON, r#"{"id":"myapp"}"#)
            .await
            .status,
        409
    );
}

#[actix_web::test]
async fn conditions_are_honoured() {
    let site = Site::new();
    let rows = [
        (Method::PUT, "/User/user", ("if-match", "W/\"9\""), 412),
        (Method::PUT, "/User/user", ("if-match", "\"x\""), 412),
        (Method::PUT, "/User/user", ("if-match", "nonsense"), 400),
        (Method::PUT, "/User/user", ("if-none-match", "*"), 412),
        (Method::PUT, "/User/absent", ("if-match", "*"), 412),
        (Method::PUT, "/User/user", ("if-match", "W/\"1\""), 200),
        (Method::DELETE, "/User/user", ("if-match", "W/\"1\""), 412),
        (
            Method::GET,
            "/Client/myapp",
            ("if-none-match", "W/\"1\""),
            304,
        ),
        (
            Method::GET,
            "/Client/myapp",
            ("if-none-match", "W/\"2\""),
            200,
        ),
    ];
    for (method, path, header, status) in rows {
        let answer = conditional(
            &site,
            method.clone(),
            path,
            header,
            r#"{"displayName":"U"}"#,
        )
        .await;
        assert_eq!(
            answer.status, status,
            "{method} {path} {header:?}: {answer:?}"
        );
    }
}

#[actix_web::test]
async fn a_conditional_creation_makes_at_most_one() {
    let site = Site::new();
    let make = async |search, body| {
        let header = ("if-none-exist", search);
        conditional(&site, Method::POST, "/Client", header, body).await
    };
    let made = make("name=Shop", r#"{"name":"Shop"}"#).await;
    assert_eq!(made.status, 201, "{made:?}");
    let found = make("name=sho", r#"{"name":"Another"}"#).await;
    assert_eq!((found.status, found.text("id")), (200, made.text("id")));
    let other = make("name=none", r#"{"name":"Shop two"}"#).await;
    assert_eq!(other.status, 201);
    assert_eq!(make("name=shop", "{}").await.status, 412);
    assert_eq!(make("userName=x", "{}").await.status, 400);
    assert_eq!(make("_count=1", "{}").await.status, 400);
}

#[actix_web::test]
async fn delete_answers_the_resource_and_then_nothing() {
    let site = Site::new();
    for path in ["/Client/myapp", "/User/user"] {
        let gone = site.as_root(Method::DELETE, path, JSON, "").await;
        assert_eq!(
            (gone.status, gone.text("id").is_empty()),
            (200, false),
            "{path}"
        );
        assert_eq!(site.as_root(Method::GET, path, JSON, "").await.status, 410);
        let again = site.as_root(Method::DELETE, path, JSON, "").await;
        assert_eq!((again.status, again.body.as_str()), (204, ""));
    }
}

#[actix_web::test]
async fn client_ids_may_hold_anything_visible() {
    let site = Site::new();
    let path = "/Client/my%20app%2F1%25";
    let made = site.as_root(Method::PUT, path, JSON, "{}").await;
    assert_eq!((made.status, made.text("id").as_str()), (201, "my app/1%"));
    assert_eq!(
        made.header("location"),
        format!("https://auth.example{path}/_history/1")
    );
    assert_eq!(site.as_root(Method::GET, path, JSON, "").await.status, 200);
}

#[actix_web::test]
async fn the_root_client_stays_an_administrator_when_it_writes_itself() {
    let site = Site::new();
    let body = r#"{"name":"Root","grant_types":["basic"]}"#;
    assert_eq!(
        site.as_root(Method::PUT, "/Client/root", JSON, body)
            .await
            .status,
        200
    );
    assert_eq!(
        site.as_root(Method::GET, "/Client/root", JSON, "")
            .await
            .status,
        200
    );
}

#[actix_web::test]
async fn strangers_get_nowhere() {
    let site = Site::new();
    let token = site.log_in().await.text("access_token");
    let rows = [
        (Method::POST, "/Client", 403),
        (Method::GET, "/Client/myapp", 403),
        (Method::PUT, "/Client/myapp", 403),
        (Method::DELETE, "/Client/myapp", 403),
        (Method::POST, "/Client/myapp/$close-sessions", 403),
        (Method::POST, "/User", 403),
        (Method::GET, "/User/admin", 404),
        (Method::GET, "/User/user", 200),
        (Method::PUT, "/User/user", 403),
        (Method::DELETE, "/User/user", 403),
        (Method::POST, "/User/user/$close-sessions", 403),
        (Method::GET, "/Session/x", 404),
        (Method::DELETE, "/Session/x", 404),
        (Method::PATCH, "/Session/x", 404),
    ];
    for (method, path, status) in rows {
        for path in [path.to_owned(), format!("/fhir{path}")] {
            let user = site.as_bearer(method.clone(), &path, &token).await;
            assert_eq!(user.status, status, "{method} {path}: {user:?}");
            let dead = site.as_bearer(method.clone(), &path, "gat_x").await;
            assert_eq!(dead.status, 401, "{method} {path}");
            let nobody = site
                .send(TestRequest::with_uri(&path).method(method.clone()))
                .await;
            assert_eq!(nobody.status, 401, "{method} {path}");
            assert!(nobody.body.contains("OperationOutcome"), "{method} {path}");
        }
    }
    let basic = TestRequest::get()
        .uri("/Client/myapp")
        .insert_header(("authorization", super::MYAPP));
    assert_eq!(site.send(basic).await.status, 403);
}

#[actix_web::test]
async fn an_administrating_user_may_do_what_a_client_may() {
    let site = Site::new();
    let body = "grant_type=password&client_id=myapp&client_secret=verysecret&username=admin&password=adminpassword";
    let token = site
        .post("/auth/token", FORM, body)
        .await
        .text("access_token");
    assert_eq!(
        site.as_bearer(Method::GET, "/Client/myapp", &token)
            .await
            .status,
        200
    );
}
