//! What is sent is what the documentation of the grant shows.

use super::*;

fn walk(grant: Grant) -> Walk {
    Walk::of(grant)
}

fn shown(walk: &Walk, request: Request) -> String {
    let sent = request.sent(walk, Grant::Password).unwrap();
    sent.text("https://auth.example")
}

#[test]
fn a_client_is_put_with_what_is_not_the_default() {
    let mut walk = walk(Grant::Password);
    walk.fields.client.refresh_token = false;
    walk.fields.client.is_yaml = true;
    assert_eq!(
        shown(&walk, Request::Client),
        "PUT /Client/myapp HTTP/1.1\nHost: auth.example\nAuthorization: Bearer $ADMIN_TOKEN\n\
         Accept: text/yaml\nContent-Type: text/yaml\n\nsecret: verysecret\ngrant_types:\n- password"
    );
}

#[test]
fn a_token_is_asked_for_in_four_ways() {
    let mut walk = walk(Grant::Password);
    for (way, expected) in [
        (
            Way::Basic,
            "Authorization: Basic bXlhcHA6dmVyeXNlY3JldA==\nContent-Type: application/x-www-form-urlencoded\n\n\
             grant_type=password&username=user&password=password",
        ),
        (
            Way::Json,
            "Content-Type: application/json\n\n{\n  \"grant_type\": \"password\",\n  \"client_id\": \"myapp\",\n  \
             \"client_secret\": \"verysecret\",\n  \"username\": \"user\",\n  \"password\": \"password\"\n}",
        ),
        (
            Way::Form,
            "Content-Type: application/x-www-form-urlencoded\n\ngrant_type=password&client_id=myapp&\
             client_secret=verysecret&username=user&password=password",
        ),
        (
            Way::Public,
            "Content-Type: application/x-www-form-urlencoded\n\ngrant_type=password&client_id=myapp&\
             username=user&password=password",
        ),
    ] {
        walk.fields.token.way = way;
        let head = "POST /auth/token HTTP/1.1\nHost: auth.example\n";
        assert_eq!(shown(&walk, Request::Token), format!("{head}{expected}"));
    }
}

#[test]
fn nothing_but_a_token_request_is_made_without_a_token() {
    let walk = walk(Grant::Password);
    for request in Request::ALL {
        let is_made = request.sent(&walk, Grant::Password).is_some();
        let needs_none = matches!(request, Request::Client | Request::User | Request::Token);
        assert_eq!(is_made, needs_none, "{request:?}");
    }
}

#[test]
fn ids_and_secrets_are_encoded_where_they_stand() {
    let mut walk = walk(Grant::Password);
    walk.fields.client.id = "my app/*~é".to_owned();
    walk.fields.client.secret = "a:b%".to_owned();
    let sent = Request::Client.sent(&walk, Grant::Password).unwrap();
    assert_eq!(sent.target, "/Client/my%20app%2F%2A~%C3%A9");
    let sent = Request::Token.sent(&walk, Grant::Password).unwrap();
    let (_, authorization) = sent.headers.first().unwrap();
    assert_eq!(
        *authorization,
        format!("Basic {}", STANDARD.encode("my+app%2F*%7E%C3%A9:a%3Ab%25"))
    );
}
