//! Further secrets: their ends are shown and changed, they themselves only added and removed.

use serde_json::{Value, json};

use crate::console::form::Form;
use crate::console::show::Instant;

use super::{Entered, Kind};
use crate::console::member;

/// Ends the name of a box that removes something.
pub(super) const REMOVE: &str = "remove";

/// A further secret there is.
pub(crate) struct SecretRow {
    pub(crate) id: String,
    pub(crate) created: Option<Instant>,
    /// The names of its fields.
    pub(crate) expires_name: String,
    pub(crate) remove_name: String,
    pub(crate) expires: String,
    pub(crate) is_removed: bool,
}

impl SecretRow {
    /// The type of the `<input>` that can hold when it ends.
    pub(super) fn input(&self) -> &'static str {
        date_input(&self.expires)
    }
}

/// The type of an `<input>` for a date: what is more precise than a day is a text.
pub(super) fn date_input(text: &str) -> &'static str {
    let is_dash = |(at, b): (usize, u8)| {
        if at == 4 || at == 7 {
            b == b'-'
        } else {
            b.is_ascii_digit()
        }
    };
    let is_day = text.len() == 10 && text.bytes().enumerate().all(is_dash);
    if text.is_empty() || is_day {
        "date"
    } else {
        "text"
    }
}

fn id(entry: &Value) -> &str {
    entry.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn entries(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

/// The names of the fields that hold no secret.
pub(super) fn names(path: &str, list: Option<&Value>) -> Vec<String> {
    let known = entries(list).flat_map(|entry| {
        let id = id(entry);
        [
            format!("{path}.{id}.expires"),
            format!("{path}.{id}.{REMOVE}"),
        ]
    });
    let new = [format!("{path}.new.id"), format!("{path}.new.expires")];
    known.chain(new).collect()
}

/// The rows of a table of secrets.
pub(super) fn rows(path: &str, list: Option<&Value>, entered: &Entered) -> Vec<SecretRow> {
    let row = |entry: &Value| {
        let id = id(entry).to_owned();
        let (expires, remove) = (
            format!("{path}.{id}.expires"),
            format!("{path}.{id}.{REMOVE}"),
        );
        let shown = Kind::Date.show(entry.get("expires")).concat();
        SecretRow {
            created: entry
                .get("created")
                .and_then(Value::as_str)
                .map(|at| Instant(at.to_owned())),
            expires: entered.text(&expires).map_or(shown, str::to_owned),
            is_removed: entered.text(&remove).is_some(),
            expires_name: expires,
            remove_name: remove,
            id,
        }
    };
    entries(list).map(row).collect()
}

/// What a form makes of the list, new secrets aside. `None`: nothing was changed.
pub(super) fn kept(path: &str, list: Option<&Value>, entered: &Entered) -> Option<Value> {
    let mut kept = Vec::new();
    let mut is_changed = false;
    for (row, entry) in rows(path, list, entered).into_iter().zip(entries(list)) {
        let mut entry = entry.clone();
        let expires = row.expires.trim();
        if Kind::Date.show(entry.get("expires")).concat() != expires {
            is_changed = true;
            member::put(&mut entry, "expires", json!(expires));
        }
        if expires.is_empty() {
            member::remove(&mut entry, "expires");
        }
        if row.is_removed {
            is_changed = true;
        } else {
            kept.push(entry);
        }
    }
    is_changed.then_some(Value::Array(kept))
}

/// The secret a form adds.
pub(super) fn added(path: &str, form: &Form) -> Option<Value> {
    let mut entry = json!({});
    for name in ["id", "secret", "expires"] {
        let text = form.get(&format!("{path}.new.{name}")).to_owned();
        if !text.is_empty() {
            member::put(&mut entry, name, json!(text));
        }
    }
    entry
        .as_object()
        .is_some_and(|entry| !entry.is_empty())
        .then_some(entry)
}
