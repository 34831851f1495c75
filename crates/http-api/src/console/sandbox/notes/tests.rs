//! What follows from an answer.

use serde_json::json;

use super::*;
use crate::console::sandbox::message::{Received, Sent};

fn exchange(target: &str, status: u16) -> Exchange {
    Exchange {
        sent: Sent::new("PUT", target),
        received: Received {
            status,
            text: String::new(),
            took: 1,
            at: 1000,
        },
    }
}

fn answered(walk: &mut Walk, request: Request, status: u16, answer: &Value) {
    walk.record(request, exchange("/there", status), answer);
}

fn pair(number: u32) -> Value {
    json!({"access_token": format!("a{number}"), "refresh_token": format!("r{number}"), "expires_in": 60})
}

fn tokens(walk: &Walk) -> (&str, Option<&str>, Option<&str>) {
    let tokens = walk.tokens.as_ref().unwrap();
    let (refresh, former) = (tokens.refresh.as_deref(), tokens.former.as_deref());
    (&tokens.access, refresh, former)
}

#[test]
fn only_what_was_not_there_before_was_made() {
    let mut walk = Walk::of(Grant::Password);
    answered(&mut walk, Request::Client, 200, &Value::Null);
    assert!(walk.made.is_empty());
    answered(&mut walk, Request::User, 201, &Value::Null);
    assert!(walk.made.contains("/there"));
}

#[test]
fn a_new_token_leaves_nothing_of_the_one_before_but_its_session_to_close() {
    let mut walk = Walk::of(Grant::Password);
    answered(&mut walk, Request::Client, 200, &Value::Null);
    answered(&mut walk, Request::Token, 200, &pair(1));
    assert_eq!(walk.tokens.as_ref().unwrap().ends, 1060);
    answered(&mut walk, Request::Close, 200, &Value::Null);
    assert!(walk.is_closed());
    answered(&mut walk, Request::Token, 200, &pair(2));
    assert!(!walk.is_closed());
    assert_eq!(tokens(&walk), ("a2", Some("r2"), None));
    assert_eq!(walk.left.len(), 1);
    let names: Vec<&str> = walk.exchanges.keys().map(String::as_str).collect();
    assert_eq!(names, ["client", "token"]);
}

#[test]
fn a_refused_token_request_leaves_the_tokens() {
    let mut walk = Walk::of(Grant::Password);
    answered(&mut walk, Request::Token, 200, &pair(1));
    answered(
        &mut walk,
        Request::Token,
        401,
        &json!({"error": "invalid_client"}),
    );
    assert_eq!(tokens(&walk), ("a1", Some("r1"), None));
}

#[test]
fn what_a_refresh_traded_in_can_be_shown_again() {
    let mut walk = Walk::of(Grant::Password);
    answered(&mut walk, Request::Token, 200, &pair(1));
    answered(&mut walk, Request::Refresh, 200, &pair(2));
    assert_eq!(tokens(&walk), ("a2", Some("r2"), Some("r1")));
    answered(&mut walk, Request::Replay, 200, &pair(3));
    assert_eq!(tokens(&walk), ("a3", Some("r3"), Some("r1")));
    answered(
        &mut walk,
        Request::Replay,
        400,
        &json!({"error": "invalid_grant"}),
    );
    assert_eq!(tokens(&walk), ("a3", Some("r3"), Some("r1")));
    assert!(walk.is_closed());
}

#[test]
fn the_longest_exchanges_make_room() {
    let mut notes = Notes::default();
    let walk = notes.walk(Grant::Password);
    for (request, length) in [(Request::Client, 40_000), (Request::User, 30_000)] {
        let mut long = exchange("/there", 200);
        long.received.text = "x".repeat(length);
        walk.record(request, long, &Value::Null);
    }
    assert!(notes.fitting().unwrap().len() <= LONGEST_NOTES);
    let kept = &notes.walk(Grant::Password).exchanges;
    assert!(kept.contains_key("user") && !kept.contains_key("client"));
}
