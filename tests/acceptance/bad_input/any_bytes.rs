//! Bodies nobody thought of.

use proptest::prelude::{Strategy, any, prop, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

use super::{FORM, JSON, YAML, goes_on, is_refused, patient, token};
use crate::support::{Setup, Store};

/// What bodies of requests are made of.
const PIECES: [&str; 19] = [
    "grant_type=password",
    "username=user",
    "&",
    "=",
    "%",
    "%0",
    "{",
    "}",
    "\"",
    ":",
    "grant_type",
    "\"password\"",
    ",",
    "- ",
    "\n",
    "&a *a",
    "[[",
    "\\u0000",
    "refresh_token",
];

/// Bodies that look more or less like requests, and what they say they are.
fn bodies() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let known = prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec());
    let piece = prop_oneof![3 => known, 1 => prop::collection::vec(any::<u8>(), 0..8)];
    let body = prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat());
    (0..4_usize, body)
}

#[test]
fn no_bytes_whatsoever_are_a_server_error() {
    let world = patient(Setup::on(Store::Sqlite));
    let config = Config {
        cases: 400,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&bodies(), |(kind, body)| {
        let content_type = [FORM, JSON, YAML, "text/plain"][kind];
        let answer = token(&world, content_type, &body);
        is_refused(&answer, &String::from_utf8_lossy(&body));
        Ok(())
    });
    outcome.unwrap();
    goes_on(&world);
}
