//! Members of JSON, by path: `auth.password.sunset`.

use serde_json::{Map, Value};

/// The member at a path. What is null is not there.
pub(in crate::console) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let found = steps.try_fold(value, |value, step| value.get(step))?;
    (!found.is_null()).then_some(found)
}

/// The text at a path.
pub(in crate::console) fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    at(value, path)?.as_str()
}

/// Sets the member at a path, and makes the objects it is in.
pub(in crate::console) fn put(value: &mut Value, path: &str, member: Value) {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Value::Object(members) = value else {
        return;
    };
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), member);
        }
        Some((step, rest)) => put(members.entry(step).or_insert(Value::Null), rest, member),
    }
}

/// Removes the member at a path, and the objects that hold nothing without it.
pub(in crate::console) fn remove(value: &mut Value, path: &str) {
    let Value::Object(members) = value else {
        return;
    };
    let Some((step, rest)) = path.split_once('.') else {
        members.shift_remove(path);
        return;
    };
    let Some(inner) = members.get_mut(step) else {
        return;
    };
    remove(inner, rest);
    if inner.as_object().is_some_and(Map::is_empty) {
        members.shift_remove(step);
    }
}
