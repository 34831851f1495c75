//! `POST /auth/token`, row by row.

use actix_web::test::TestRequest;
use expect_test::expect;
use grantor_domain::clients::{ClientSettings, PasswordSettings};
use grantor_domain::grants::GrantType;
use grantor_domain::scope::Scope;
use grantor_domain::secret::Password;
use grantor_domain::tokens::TokenFormat;
use grantor_domain::users::UserSettings;
use grantor_testkit::world::password_client;

use super::{Answer, FORM, JSON, MYAPP, Site, YAML};

const CLIENT: &str = "client_id=myapp&client_secret=verysecret";
const USER: &str = "username=user&password=password";

fn settled(answer: &Answer) -> (u16, String) {
    (answer.status, answer.text("error"))
}

#[actix_web::test]
async fn the_seeds_three_requests_get_the_same_answer() {
    let site = Site::new();
    let form = format!("grant_type=password&{USER}");
    let basic = TestRequest::post()
        .uri("/auth/token")
        .insert_header(("authorization", MYAPP))
        .insert_header(("content-type", FORM))
        .set_payload(form);
    let basic = site.send(basic).await;
    let json = r#"{"grant_type":"password","client_id":"myapp","client_secret":"verysecret","username":"user","password":"password"}"#;
    let json = site.post("/auth/token", JSON, json).await;
    let alias = site
        .post(
            "/token",
            FORM,
            &format!("grant_type=password&{CLIENT}&{USER}"),
        )
        .await;
    for answer in [basic, json, alias] {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=UTF-8"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("pragma"), "no-cache");
        let mut reply = answer.json();
        let members = reply.as_object_mut().unwrap();
        for (token, prefix) in [("access_token", "gat_"), ("refresh_token", "grt_")] {
            let token = members.remove(token).unwrap();
            assert!(token.as_str().unwrap().starts_with(prefix), "{token}");
        }
        expect![[r#"{"token_type":"Bearer","expires_in":3600,"userinfo":{"resourceType":"User","id":"user","email":"user@mail.com","sub":"user"}}"#]]
            .assert_eq(&reply.to_string());
    }
}

#[actix_web::test]
async fn yaml_is_answered_with_yaml() {
    let site = Site::new();
    let body = "grant_type: password\nclient_id: myapp\nclient_secret: verysecret\nusername: user\npassword: password\n";
    let answer = site.post("/auth/token", YAML, body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/yaml; charset=UTF-8");
    assert!(
        answer.body.contains("token_type: Bearer\n"),
        "{}",
        answer.body
    );
    let refused = site
        .post("/auth/token", YAML, "grant_type: password\n")
        .await;
    assert!(
        refused.body.starts_with("error: invalid_request\n"),
        "{}",
        refused.body
    );
}

#[actix_web::test]
async fn scope_is_echoed_and_jwt_is_by_configuration() {
    let site = Site::new();
    let scope = Scope::parse("a b").unwrap();
    let settings = ClientSettings {
        default_scope: scope.clone(),
        scope,
        password: PasswordSettings {
            token_format: TokenFormat::Jwt,
            userinfo: false,
            ..PasswordSettings::default()
        },
        ..password_client()
    };
    site.world
        .put_client("jwtapp", Some("verysecret"), settings);
    let body = format!("grant_type=password&client_id=jwtapp&client_secret=verysecret&{USER}");
    let answer = site.post("/auth/token", FORM, &body).await;
    assert_eq!(answer.text("scope"), "a b");
    assert!(answer.text("access_token").starts_with("at+jwt."));
    let reply = answer.json();
    let names: Vec<&String> = reply.as_object().unwrap().keys().collect();
    assert_eq!(names, ["token_type", "expires_in", "access_token", "scope"]);
}

#[actix_web::test]
async fn every_refusal_has_its_status_and_code() {
    let site = Site::new();
    site.world
        .put_client("other", Some("verysecret"), ClientSettings::default());
    site.world.put_user(
        "asleep",
        "password",
        UserSettings {
            inactive: true,
            ..UserSettings::default()
        },
    );
    let long = "x".repeat(Password::LONGEST + 1);
    let rows: &[(&str, String, u16, &str)] = &[
        (
            "no grant type",
            format!("{CLIENT}&{USER}"),
            400,
            "invalid_request",
        ),
        (
            "empty grant type",
            format!("grant_type=&{CLIENT}&{USER}"),
            400,
            "invalid_request",
        ),
        (
            "unknown grant type",
            format!("grant_type=magic&{CLIENT}"),
            400,
            "unsupported_grant_type",
        ),
        (
            "basic is no grant type",
            format!("grant_type=basic&{CLIENT}"),
            400,
            "unsupported_grant_type",
        ),
        (
            "names are exact",
            format!("Grant_Type=password&{CLIENT}&{USER}"),
            400,
            "invalid_request",
        ),
        (
            "no username",
            format!("grant_type=password&{CLIENT}&password=x"),
            400,
            "invalid_request",
        ),
        (
            "empty password",
            format!("grant_type=password&{CLIENT}&username=user&password="),
            400,
            "invalid_request",
        ),
        (
            "grant not the client's",
            format!("grant_type=password&client_id=other&client_secret=verysecret&{USER}"),
            400,
            "unauthorized_client",
        ),
        (
            "unknown user",
            format!("grant_type=password&{CLIENT}&username=nobody&password=password"),
            400,
            "invalid_grant",
        ),
        (
            "wrong password",
            format!("grant_type=password&{CLIENT}&username=user&password=wrong"),
            400,
            "invalid_grant",
        ),
        (
            "inactive user",
            format!("grant_type=password&{CLIENT}&username=asleep&password=password"),
            400,
            "invalid_grant",
        ),
        (
            "control characters in a name",
            format!("grant_type=password&{CLIENT}&username=a%01b&password=password"),
            400,
            "invalid_grant",
        ),
        (
            "a long password",
            format!("grant_type=password&{CLIENT}&username=user&password={long}"),
            400,
            "invalid_request",
        ),
        (
            "foreign scope",
            format!("grant_type=password&{CLIENT}&{USER}&scope=admin"),
            400,
            "invalid_scope",
        ),
        (
            "broken scope",
            format!("grant_type=password&{CLIENT}&{USER}&scope=a++b"),
            400,
            "invalid_scope",
        ),
        (
            "foreign audience",
            format!("grant_type=password&{CLIENT}&{USER}&audience=x"),
            400,
            "invalid_target",
        ),
        (
            "no client",
            format!("grant_type=password&{USER}"),
            401,
            "invalid_client",
        ),
        (
            "wrong secret",
            format!("grant_type=password&client_id=myapp&client_secret=no&{USER}"),
            401,
            "invalid_client",
        ),
        (
            "missing secret",
            format!("grant_type=password&client_id=myapp&{USER}"),
            401,
            "invalid_client",
        ),
        (
            "unknown client",
            format!("grant_type=password&client_id=ghost&client_secret=no&{USER}"),
            401,
            "invalid_client",
        ),
        (
            "secret without id",
            format!("grant_type=password&client_secret=no&{USER}"),
            400,
            "invalid_request",
        ),
        (
            "no refresh token",
            format!("grant_type=refresh_token&{CLIENT}"),
            400,
            "invalid_request",
        ),
        (
            "dead refresh token",
            format!("grant_type=refresh_token&{CLIENT}&refresh_token=grt_x"),
            400,
            "invalid_grant",
        ),
        (
            "a public client for itself",
            format!("grant_type=client_credentials&{CLIENT}"),
            400,
            "unauthorized_client",
        ),
        (
            "twice",
            format!("grant_type=password&{CLIENT}&{USER}&username=user"),
            400,
            "invalid_request",
        ),
        (
            "an unknown one twice",
            format!("grant_type=password&{CLIENT}&{USER}&x=1&x=1"),
            400,
            "invalid_request",
        ),
    ];
    for (says, body, status, error) in rows {
        let answer = site.post("/auth/token", FORM, body).await;
        assert_eq!(
            settled(&answer),
            (*status, (*error).to_owned()),
            "{says}: {answer:?}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{says}");
        assert_eq!(
            answer.header("www-authenticate").is_empty(),
            *status != 401,
            "{says}"
        );
    }
}

#[actix_web::test]
async fn unknown_parameters_are_ignored_and_empty_ones_absent() {
    let site = Site::new();
    let body = format!("grant_type=password&{CLIENT}&{USER}&scope=&foo=bar&refresh_token=");
    assert_eq!(site.post("/auth/token", FORM, &body).await.status, 200);
}

#[actix_web::test]
async fn resource_may_be_sent_several_times() {
    let site = Site::new();
    let settings = ClientSettings {
        grant_types: vec![GrantType::Password],
        password: PasswordSettings {
            audience: vec!["https://a.example".into(), "https://b.example".into()],
            ..PasswordSettings::default()
        },
        ..ClientSettings::default()
    };
    site.world.put_client("wide", Some("verysecret"), settings);
    let body = format!(
        "grant_type=password&client_id=wide&client_secret=verysecret&{USER}&resource=https://a.example&resource=https://b.example"
    );
    assert_eq!(site.post("/auth/token", FORM, &body).await.status, 200);
}

#[actix_web::test]
async fn a_refresh_token_rotates_and_its_reuse_ends_it() {
    let site = Site::new();
    let first = site.log_in().await;
    let refresh =
        |token: String| format!("grant_type=refresh_token&{CLIENT}&refresh_token={token}");
    let second = site
        .post("/auth/token", FORM, &refresh(first.text("refresh_token")))
        .await;
    assert_eq!(second.status, 200, "{second:?}");
    assert_ne!(second.text("refresh_token"), first.text("refresh_token"));
    let third = site
        .post("/auth/token", FORM, &refresh(second.text("refresh_token")))
        .await;
    assert_eq!(third.status, 200);
    let reused = site
        .post("/auth/token", FORM, &refresh(first.text("refresh_token")))
        .await;
    assert_eq!(settled(&reused), (400, "invalid_grant".to_owned()));
    let ended = site
        .post("/auth/token", FORM, &refresh(third.text("refresh_token")))
        .await;
    assert_eq!(settled(&ended), (400, "invalid_grant".to_owned()));
}

#[actix_web::test]
async fn client_credentials_act_for_no_user() {
    let site = Site::new();
    let body = "grant_type=client_credentials&client_id=root&client_secret=rootsecret";
    let answer = site.post("/auth/token", FORM, body).await;
    let reply = answer.json();
    let names: Vec<&String> = reply.as_object().unwrap().keys().collect();
    assert_eq!(names, ["token_type", "expires_in", "access_token"]);
}

#[actix_web::test]
async fn exactly_one_way_of_client_authentication() {
    let site = Site::new();
    let rows: &[(&str, &str, u16, &str)] = &[
        (MYAPP, "", 200, ""),
        (MYAPP, "&client_id=myapp", 200, ""),
        ("bAsIc bXlhcHA6dmVyeXNlY3JldA==", "", 200, ""),
        (MYAPP, "&client_id=other", 400, "invalid_request"),
        (MYAPP, "&client_secret=verysecret", 400, "invalid_request"),
        (
            MYAPP,
            "&client_id=myapp&client_secret=verysecret",
            400,
            "invalid_request",
        ),
        ("Basic", "", 401, "invalid_client"),
        ("Basic !!!", "", 401, "invalid_client"),
        ("Basic bXlhcHA=", "", 401, "invalid_client"),
        ("Basic bXlhcHA6", "", 401, "invalid_client"),
        ("Basic OnZlcnlzZWNyZXQ=", "", 401, "invalid_client"),
        ("Basic /zr/", "", 401, "invalid_client"),
        ("Basic bXlhcHA6JXh4", "", 401, "invalid_client"),
        ("Bearer gat_x", "", 401, "invalid_client"),
        ("Digest x", "", 401, "invalid_client"),
    ];
    for (header, more, status, error) in rows {
        let request = TestRequest::post()
            .uri("/auth/token")
            .insert_header(("authorization", *header))
            .insert_header(("content-type", FORM))
            .set_payload(format!("grant_type=password&{USER}{more}"));
        let answer = site.send(request).await;
        assert_eq!(
            settled(&answer),
            (*status, (*error).to_owned()),
            "{header} {more}"
        );
        if *status == 401 {
            assert_eq!(
                answer.header("www-authenticate"),
                r#"Basic realm="grantor", charset="UTF-8""#
            );
        }
    }
}

#[actix_web::test]
async fn both_halves_of_basic_are_decoded_once() {
    let site = Site::new();
    site.world
        .put_client("my app/1%", Some("p:w+%41"), password_client());
    // base64 of `my+app%2F1%25:p%3Aw%2B%2541`
    let header = "Basic bXkrYXBwJTJGMSUyNTpwJTNBdyUyQiUyNTQx";
    let request = TestRequest::post()
        .uri("/auth/token")
        .insert_header(("authorization", header))
        .insert_header(("content-type", FORM))
        .set_payload(format!("grant_type=password&{USER}"));
    assert_eq!(site.send(request).await.status, 200);
}

#[actix_web::test]
async fn two_authorization_headers_and_queries_are_refused() {
    let site = Site::new();
    let body = format!("grant_type=password&{USER}");
    let request = || {
        TestRequest::post()
            .insert_header(("content-type", FORM))
            .insert_header(("authorization", MYAPP))
            .set_payload(body.clone())
    };
    let twice = request()
        .uri("/auth/token")
        .append_header(("authorization", MYAPP));
    let query = request().uri("/auth/token?scope=a");
    for request in [twice, query] {
        let answer = site.send(request).await;
        assert_eq!(settled(&answer), (400, "invalid_request".to_owned()));
    }
}

#[actix_web::test]
async fn twins_are_byte_identical() {
    let site = Site::new();
    let off = ClientSettings {
        active: false,
        ..password_client()
    };
    site.world.put_client("off", Some("verysecret"), off);
    let groups: &[&[String]] = &[
        &[
            format!("grant_type=password&client_id=ghost&client_secret=verysecret&{USER}"),
            format!("grant_type=password&client_id=myapp&client_secret=wrong&{USER}"),
            format!("grant_type=password&client_id=myapp&{USER}"),
            format!("grant_type=password&client_id=off&client_secret=verysecret&{USER}"),
        ],
        &[
            format!("grant_type=password&{CLIENT}&username=ghost&password=password"),
            format!("grant_type=password&{CLIENT}&username=user&password=wrong"),
            format!("grant_type=password&{CLIENT}&username=a%20b&password=wrong"),
        ],
        &[
            format!("grant_type=refresh_token&{CLIENT}&refresh_token=grt_x"),
            format!("grant_type=refresh_token&{CLIENT}&refresh_token=a.b.c"),
            format!(
                "grant_type=refresh_token&{CLIENT}&refresh_token={}",
                site.log_in().await.text("access_token")
            ),
        ],
    ];
    for group in groups {
        let mut seen = Vec::new();
        for body in *group {
            let answer = site.post("/auth/token", FORM, body).await;
            let mut headers: Vec<String> = answer
                .headers
                .iter()
                .filter(|(name, _)| *name != "x-request-id")
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
                .collect();
            headers.sort();
            seen.push((answer.status, headers, answer.body));
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
    }
}
