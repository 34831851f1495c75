//! The forms of clients, users, roles and policies.

mod at_once;
mod lists;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::tests::{Answer, JSON, Site};

use super::{Browser, between};

/// Writes a resource as the administrating client.
async fn put(site: &Site, path: &str, body: &Value) {
    let answer = site
        .as_root(Method::PUT, path, JSON, &body.to_string())
        .await;
    assert!(answer.status < 300, "{answer:?}");
}

async fn read(site: &Site, path: &str) -> Value {
    site.as_root(Method::GET, path, JSON, "").await.json()
}

/// The fields of a page's form as a browser would send them, some said otherwise.
fn filled(page: &Answer, otherwise: &[(&str, &str)]) -> String {
    let form = between(&page.body, r#"id="edit""#, "</form>");
    let mut query = form_urlencoded::Serializer::new(String::new());
    for tag in form.split('<').filter(|tag| tag.contains(" name=\"")) {
        let name = between(tag, " name=\"", "\"");
        let is_said = otherwise.iter().any(|(said, _)| *said == name);
        let kind = tag.split(' ').next().unwrap();
        let is_off = tag.contains(r#"type="checkbox""#) || tag.contains(r#"type="radio""#);
        let value = match kind {
            "textarea" => text(tag.split_once(">\n").unwrap().1),
            "input" if tag.contains(" value=\"") => text(between(tag, " value=\"", "\"")),
            "select" => {
                let options = form.split_once(tag).unwrap().1;
                let options = options.split_once("</select>").unwrap().0;
                let chosen = options
                    .split("<option ")
                    .find(|option| option.contains(" selected"));
                chosen.map_or(String::new(), |option| {
                    text(between(option, "value=\"", "\""))
                })
            }
            _ => String::new(),
        };
        if kind != "button" && !is_said && (!is_off || tag.contains(" checked")) {
            query.append_pair(name, &value);
        }
    }
    query.extend_pairs(otherwise.iter().filter(|(_, value)| *value != "unticked"));
    query.finish()
}

fn text(html: &str) -> String {
    let plain = [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ];
    plain
        .iter()
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn without_meta(mut resource: Value) -> Value {
    resource.as_object_mut().unwrap().shift_remove("meta");
    resource
}

/// One of each, with every member.
fn everything() -> [(&'static str, &'static str, Value); 4] {
    let client = json!({
        "name": "N <b>", "description": "D", "type": "web", "first_party": true, "active": true,
        "grant_types": ["password", "client_credentials"], "scope": ["a", "b"], "default_scope": ["a"],
        "allowed_ips": ["192.0.2.0/24"], "allowed_origins": ["https://app.example"],
        "auth": { "password": { "token_format": "jwt", "access_token_expiration": 60, "refresh_token": true,
            "refresh_token_expiration": 120, "refresh_token_idle": 30, "refresh_token_format": "jwt",
            "secret_required": true, "audience": "x", "refresh_policy": "static", "userinfo": false,
            "sunset": "2027-01-01T12:00:00Z" },
            "client_credentials": { "token_format": "jwt", "access_token_expiration": 5, "audience": ["y", "z"] } },
        "secret": "s", "secrets": [{ "id": "old", "secret": "t", "expires": "2027-01-01" }],
        "introspect": "any", "details": { "open": [1, null, "</textarea>"] },
    });
    let user = json!({
        "userName": "amy", "email": "amy@example.com", "password": "correct horse battery",
        "email_verified": true, "name": { "givenName": "Amy", "familyName": "A", "other": [1] },
        "displayName": "Amy", "phoneNumber": "+44", "roles": [{ "value": "clerk", "primary": true }],
        "identifier": [{ "system": "urn:x", "value": "1" }], "data": { "ward": "3b" },
        "fhirUser": { "reference": "Practitioner/amy" }, "photos": [{ "value": "p" }],
    });
    let role = json!({
        "name": "clerk", "description": "D", "user": { "resourceType": "User", "id": "amy" },
        "links": { "ward": { "reference": "Location/3b" } }, "context": { "a": 1 },
    });
    let policy = json!({
        "engine": "allow", "description": "D", "roleName": "clerk",
        "link": [{ "resourceType": "User", "id": "amy" }, { "resourceType": "Client", "id": "full" }],
    });
    [
        ("Client/full", "clients/full", client),
        ("User/amy", "users/amy", user),
        ("Role/amy-clerk", "roles/amy-clerk", role),
        ("AccessPolicy/p", "policies/p", policy),
    ]
}

#[actix_web::test]
async fn saving_an_untouched_form_changes_nothing() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    for (api, page, body) in everything() {
        put(&site, &format!("/{api}"), &body).await;
        let before = read(&site, &format!("/{api}")).await;
        let path = format!("/console/{page}");
        let shown = browser.get(&path).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        let saved = browser.post(&path, &filled(&shown, &[])).await;
        assert_eq!(
            saved.header("location"),
            format!("{path}?done=saved"),
            "{}",
            saved.body
        );
        assert_eq!(read(&site, &format!("/{api}")).await, before);
    }
}

#[actix_web::test]
async fn a_change_is_saved_and_all_else_stays() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let [(_, _, body), ..] = everything();
    put(&site, "/Client/full", &body).await;
    let before = read(&site, "/Client/full").await;
    let page = browser.get("/console/clients/full").await;
    let changes = [
        ("name", "Other"),
        ("auth.password.userinfo", "true"),
        ("scope", "a b c"),
    ];
    let saved = browser
        .post("/console/clients/full", &filled(&page, &changes))
        .await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let mut expected = without_meta(before);
    expected["name"] = json!("Other");
    expected["auth"]["password"]["userinfo"] = json!(true);
    expected["scope"] = json!(["a", "b", "c"]);
    assert_eq!(without_meta(read(&site, "/Client/full").await), expected);
    let page = browser.get(saved.header("location")).await;
    assert!(page.body.contains(r#"role="status">Saved."#));
}

#[actix_web::test]
async fn mistakes_come_back_at_their_fields_with_what_was_typed_but_no_secret() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/clients/myapp").await;
    let wrong = [
        ("default_scope", "z"),
        ("auth.password.access_token_expiration", "0"),
        ("description", "typed \"here\""),
        ("secret", "typed secret"),
    ];
    let answer = browser
        .post("/console/clients/myapp", &filled(&page, &wrong))
        .await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    for part in [
        "Not saved: 2 mistakes",
        r##"<a href="#default_scope">Default scope</a>: every token must also be in scope"##,
        r#"<p class="error" id="default_scope-error">every token must also be in scope</p>"#,
        r#"id="auth.password.access_token_expiration-error">must be between 1 and"#,
        "typed &#34;here&#34;",
    ] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    assert!(!answer.body.contains("typed secret"));
    // It can be mended and sent again.
    let mended = [
        ("default_scope", ""),
        ("auth.password.access_token_expiration", "60"),
    ];
    let saved = browser
        .post("/console/clients/myapp", &filled(&answer, &mended))
        .await;
    assert_eq!(saved.status, 303);
    assert_eq!(
        read(&site, "/Client/myapp").await["description"],
        "typed \"here\""
    );
}

#[actix_web::test]
async fn json_that_cannot_be_read_comes_back_as_typed() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    let page = browser.get("/console/clients/myapp").await;
    let answer = browser
        .post(
            "/console/clients/myapp",
            &filled(&page, &[("details", "{\"a\": ")]),
        )
        .await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("is not well-formed JSON"));
    assert!(
        answer.body.contains("{&#34;a&#34;: </textarea>"),
        "{}",
        answer.body
    );
}

#[actix_web::test]
async fn a_stale_edit_shows_both_versions_and_can_be_saved_over() {
    let site = Site::new();
    let mut browser = Browser::of_administrator(&site).await;
    put(
        &site,
        "/Client/shop",
        &json!({ "name": "Old", "scope": ["a"], "secret": "s" }),
    )
    .await;
    let page = browser.get("/console/clients/shop").await;
    put(
        &site,
        "/Client/shop",
        &json!({ "name": "Theirs", "scope": ["a", "b"] }),
    )
    .await;
    let mine = [("name", "Mine"), ("secret", "typed secret")];
    let stale = browser
        .post("/console/clients/shop", &filled(&page, &mine))
        .await;
    assert_eq!(stale.status, 412);
    for part in [
        "You began with version 1. Version 2 was written",
        "<td data-label=\"Began with\">Old</td>",
        "<mark>Theirs</mark>",
        "<mark>Mine</mark>",
        "<mark>a<br>b</mark>",
    ] {
        assert!(stale.body.contains(part), "{part} in {}", stale.body);
    }
    assert!(!stale.body.contains("typed secret"));
    let saved = browser
        .post("/console/clients/shop", &filled(&stale, &[]))
        .await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let now = read(&site, "/Client/shop").await;
    assert_eq!(
        (&now["name"], &now["scope"]),
        (&json!("Mine"), &json!(["a", "b"]))
    );
}
