//! Every operation the running server documents, for tables that must not forget one.

use std::collections::BTreeSet;

use serde_json::Value;

use super::http::Call;
use super::server::World;

/// An operation of the `OpenAPI` document.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// With `{…}` where something is to be filled in.
    pub(crate) path: String,
    pub(crate) described: Value,
}

impl Operation {
    /// Whether it can be called with a token.
    pub(crate) fn takes_a_token(&self) -> bool {
        let ways = self.described["security"].as_array().unwrap();
        ways.iter().any(|way| way.get("bearer").is_some())
    }
}

/// Every operation of a document.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, described) in methods.as_object().unwrap() {
            if let Some(id) = described["operationId"].as_str() {
                found.push(Operation {
                    id: id.to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    described: described.clone(),
                });
            }
        }
    }
    found
}

/// A table has a row for each of these operations, and none for anything else.
#[track_caller]
pub(crate) fn each_has_a_row<'a>(
    documented: impl IntoIterator<Item = &'a Operation>,
    rows: impl IntoIterator<Item = &'a str>,
) {
    let documented: BTreeSet<&str> = documented.into_iter().map(|o| o.id.as_str()).collect();
    let mut rows_seen = BTreeSet::new();
    for row in rows {
        assert!(rows_seen.insert(row), "{row} has two rows");
    }
    let missing: Vec<_> = documented.difference(&rows_seen).collect();
    assert!(missing.is_empty(), "operations without a row: {missing:?}");
    let vanished: Vec<_> = rows_seen.difference(&documented).collect();
    assert!(
        vanished.is_empty(),
        "rows without an operation: {vanished:?}"
    );
}

impl World {
    /// The `OpenAPI` document as it is served.
    #[track_caller]
    pub(crate) fn document(&self) -> Value {
        self.send(Call::get("/openapi.json")).expect(200).json()
    }
}
