//! How large a policy may be, so that reading and asking it is bounded.

use serde_json::{Map, Value};

/// Levels of nesting of a pattern, and of brackets in a Cedar policy. Also of `and` and `or`, of which
/// less arrives: the HTTP adapter reads 8 levels.
pub(crate) const DEPTH: usize = 16;
/// Bytes of a pattern as compact JSON, and of the text of a Cedar policy.
pub(crate) const BYTES: usize = 64 * 1024;
/// Tests of one policy; every value of a list of values counts as one.
pub(crate) const TERMS: usize = 1000;
/// Alternatives that one regular expression may stand for.
pub(crate) const ALTERNATIVES: usize = 64;
/// Operators between two `;` of a Cedar policy: each may nest an expression one deeper.
pub(crate) const OPERATORS: usize = 300;
/// Levels of an expression of a Cedar policy: far below what Cedar evaluates on the two megabytes of
/// stack that a thread has.
pub(crate) const EXPRESSION: usize = 100;
/// Statements (`permit`, `forbid`) of one Cedar policy.
pub(crate) const STATEMENTS: usize = 64;
/// Links of one policy.
pub(crate) const LINKS: usize = 1000;
/// Levels of a request that policies see. What lies deeper is absent for them.
pub(crate) const REQUEST_DEPTH: usize = 32;

/// Whether an object is within [`DEPTH`] and [`BYTES`], or what is wrong with it.
pub(crate) fn check(object: &Map<String, Value>) -> Result<(), String> {
    let mut left = BYTES;
    let fits = object
        .iter()
        .all(|(name, value)| take(&mut left, name.len() + 4) && measure(value, 1, &mut left));
    if fits {
        Ok(())
    } else {
        Err(format!(
            "the pattern is nested deeper than {DEPTH} levels or longer than {BYTES} bytes"
        ))
    }
}

fn measure(value: &Value, depth: usize, left: &mut usize) -> bool {
    if depth > DEPTH {
        return false;
    }
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => take(left, 4),
        Value::String(text) => take(left, text.len() + 3),
        Value::Array(items) => {
            take(left, 2)
                && items
                    .iter()
                    .all(|item| take(left, 1) && measure(item, depth + 1, left))
        }
        Value::Object(members) => {
            take(left, 2)
                && members.iter().all(|(name, member)| {
                    take(left, name.len() + 4) && measure(member, depth + 1, left)
                })
        }
    }
}

fn take(left: &mut usize, bytes: usize) -> bool {
    let rest = left.checked_sub(bytes);
    *left = rest.unwrap_or(0);
    rest.is_some()
}
