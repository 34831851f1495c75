//! Patches that would make more of a resource than a body may be.

use grantor_domain::users::User;
use serde_json::{Value, json};

use crate::body::{JSON_DEPTH, Members, parse_json};
use crate::error::Failure;

use super::{MOST_OPERATIONS, Patch};

fn apply(patch: Value) -> Result<Members, Failure> {
    let Value::Object(members) = json!({ "resourceType": "User", "data": { "a": "xxxxxxxx" } })
    else {
        unreachable!("it is an object")
    };
    Patch::read(patch).unwrap().apply::<User>(members)
}

#[test]
fn copies_of_copies_do_not_fill_the_memory() {
    let copy = |n: usize| json!({ "op": "copy", "from": "/data", "path": format!("/data/x{n}") });
    let some = apply((0..10).map(copy).collect());
    assert!(some.is_ok(), "{some:?}");
    for many in [20, MOST_OPERATIONS] {
        let outcome = apply((0..many).map(copy).collect());
        assert!(
            matches!(outcome, Err(Failure::Unprocessable(_))),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_resource_stays_as_small_as_a_body() {
    let text = "x".repeat(600 * 1024);
    let both = json!({ "data": { "b": text, "c": text } });
    let outcome = apply(both);
    assert!(
        matches!(outcome, Err(Failure::Unprocessable(_))),
        "{outcome:?}"
    );
    let one = apply(json!({ "data": { "b": text } }));
    assert!(one.is_ok(), "{one:?}");
}

#[test]
fn operations_nest_no_deeper_than_a_body() {
    let nest = |depth: usize| -> Value {
        let add = |n: usize| json!({ "op": "add", "path": "/data".to_owned() + &"/a".repeat(n), "value": {} });
        (0..=depth).map(add).collect()
    };
    // The resource itself and `data` are the first two levels.
    let outcome = apply(nest(30));
    assert!(outcome.is_ok(), "{outcome:?}");
    for depth in [32, 400] {
        let outcome = apply(nest(depth));
        assert!(
            matches!(outcome, Err(Failure::Unprocessable(_))),
            "{outcome:?}"
        );
    }
}

#[test]
fn the_operation_that_does_not_fit_is_named() {
    let outcome = apply(json!([
        { "op": "test", "path": "/data/a", "value": "xxxxxxxx" },
        { "op": "remove", "path": "/nothing" },
    ]));
    match outcome {
        Err(Failure::Unprocessable(problems)) => assert_eq!(problems[0].at.as_deref(), Some("[1]")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_resource_nests_no_deeper_than_a_body() {
    let nested = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({ "a": inner }));
    let deep = |levels: usize| json!([{ "op": "add", "path": "/data/a", "value": nested(levels) }]);
    // The resource, `data`, and what is added to it.
    let members = apply(deep(JSON_DEPTH - 3)).unwrap();
    assert!(parse_json(Value::Object(members).to_string().as_bytes()).is_ok());
    let outcome = apply(deep(JSON_DEPTH - 2));
    assert!(
        matches!(outcome, Err(Failure::Unprocessable(_))),
        "{outcome:?}"
    );
}
