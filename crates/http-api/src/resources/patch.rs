//! Patches: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902).

use json_patch::PatchOperation;
use serde_json::{Map, Value};

use crate::body::{JSON_DEPTH, Members, RESOURCE_LIMIT};
use crate::error::{Failure, Problem};

use super::wire::Wire;

/// Most operations of a JSON Patch.
const MOST_OPERATIONS: usize = 1000;

const TOO_LARGE: &str = "The resource would be too large or nested too deeply";

/// What is to be changed about a resource.
#[derive(Debug)]
pub(crate) enum Patch {
    /// Members to replace; `null` removes.
    Merge(Members),
    /// Operations, one after the other.
    Operations(Vec<PatchOperation>),
}

impl Patch {
    /// Reads a patch. A list is a JSON Patch, whatever it was called.
    ///
    /// # Errors
    /// 400 for what is neither.
    pub(crate) fn read(value: Value) -> Result<Self, Failure> {
        match value {
            Value::Object(members) => Ok(Self::Merge(members)),
            Value::Array(operations) if operations.len() <= MOST_OPERATIONS => {
                serde_json::from_value(Value::Array(operations))
                    .map(Self::Operations)
                    .map_err(|_| Failure::unreadable("This is no JSON Patch (RFC 6902)"))
            }
            Value::Array(_) => Err(Failure::unreadable(
                "A JSON Patch has at most 1000 operations",
            )),
            _ => Err(Failure::unreadable("The body must be an object or a list")),
        }
    }

    /// The members after the patch. Those that are written and not shown are there only when the
    /// patch sets them.
    ///
    /// # Errors
    /// 422 for a patch that does not fit, or that makes what no body could say.
    pub(crate) fn apply<R: Wire>(&self, members: Members) -> Result<Members, Failure> {
        let mut document = Value::Object(members);
        match self {
            Self::Merge(patch) => {
                json_patch::merge(&mut document, &Value::Object(patch.clone()));
                if let Value::Object(members) = &mut document {
                    keep_nulls::<R>(members, patch);
                }
            }
            Self::Operations(operations) => {
                apply_all::<R>(&mut document, operations)?;
            }
        }
        let misfit = |says| Failure::Unprocessable(vec![Problem::new(says)]);
        if !fits(&document, JSON_DEPTH) || size(&document) > RESOURCE_LIMIT {
            return Err(misfit(TOO_LARGE));
        }
        match document {
            Value::Object(members) => Ok(members),
            _ => Err(misfit("The patch leaves no resource")),
        }
    }
}

/// Applies operations one by one, so that a few that copy cannot fill the memory.
fn apply_all<R: Wire>(document: &mut Value, operations: &[PatchOperation]) -> Result<(), Failure> {
    let mut room = RESOURCE_LIMIT;
    for (place, operation) in operations.iter().enumerate() {
        if let PatchOperation::Copy(copy) = operation {
            let copied = document.pointer(copy.from.as_str()).map_or(0, size);
            let left = room.checked_sub(copied);
            room = left.ok_or_else(|| Failure::invalid(format!("[{place}]"), TOO_LARGE))?;
        }
        json_patch::patch(document, &[written::<R>(operation)])
            .map_err(|_| Failure::invalid(format!("[{place}]"), "does not fit the resource"))?;
    }
    Ok(())
}

/// How many bytes a value is as JSON.
fn size(value: &Value) -> usize {
    value.to_string().len()
}

/// Whether a value nests at most this deeply. An empty object takes a level too, as in a body.
fn fits(value: &Value, room: usize) -> bool {
    let below = |value: &Value| fits(value, room.saturating_sub(1));
    match value {
        Value::Object(members) => room > 0 && members.values().all(below),
        Value::Array(values) => room > 0 && values.iter().all(below),
        _ => true,
    }
}

/// `null` says "remove" of a member that is not shown, and so not there to be removed.
fn keep_nulls<R: Wire>(members: &mut Map<String, Value>, patch: &Members) {
    for name in R::WRITE_ONLY {
        if patch.get(*name) == Some(&Value::Null) {
            members.insert((*name).to_owned(), Value::Null);
        }
    }
}

/// What is not shown cannot be replaced or removed, only set.
fn written<R: Wire>(operation: &PatchOperation) -> PatchOperation {
    let is_hidden = |path: &str| {
        let name = path.strip_prefix('/').unwrap_or(path);
        R::WRITE_ONLY.contains(&name)
    };
    let set = |path: &json_patch::jsonptr::PointerBuf, value: Value| {
        PatchOperation::Add(json_patch::AddOperation {
            path: path.clone(),
            value,
        })
    };
    match operation {
        PatchOperation::Replace(replace) if is_hidden(replace.path.as_str()) => {
            set(&replace.path, replace.value.clone())
        }
        PatchOperation::Remove(remove) if is_hidden(remove.path.as_str()) => {
            set(&remove.path, Value::Null)
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
