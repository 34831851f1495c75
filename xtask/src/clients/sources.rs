//! What the scenarios are made from.

use std::path::PathBuf;

use crate::workspace;

/// The folder of a scenario's sources.
pub(crate) fn of(name: &str) -> PathBuf {
    workspace::root().join("tests/generated").join(name)
}

/// The committed document.
pub(crate) fn document() -> PathBuf {
    workspace::root().join("openapi/openapi.json")
}
