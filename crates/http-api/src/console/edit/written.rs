//! What a form makes of a resource.

use serde_json::{Value, json};

use crate::console::form::Form;

use super::field::{Group, fields};
use super::secrets::{self, REMOVE};
use super::{Entered, Kind, Mistake};
use crate::console::member;

/// The resource as the form wants it: what was touched is changed, all else stays. Secrets aside.
///
/// # Errors
/// What cannot be read.
pub(crate) fn over(
    table: &'static [Group],
    resource: &Value,
    entered: &Entered,
) -> Result<Value, Vec<Mistake>> {
    let mut wanted = resource.clone();
    member::remove(&mut wanted, "meta");
    let mut mistakes = Vec::new();
    for group in table {
        let counts = group.engine.is_empty() || entered.text("engine") == Some(group.engine);
        for field in group.fields {
            if !counts {
                member::remove(&mut wanted, field.path);
                continue;
            }
            let before = member::at(resource, field.path);
            if matches!(field.kind, Kind::Secrets)
                && let Some(kept) = secrets::kept(field.path, before, entered)
            {
                member::put(&mut wanted, field.path, kept);
            }
            if field.kind.is_write_only() || !entered.is_touched(field, resource) {
                continue;
            }
            match field.kind.read(entered.texts(field.path), before) {
                Ok(Some(value)) => member::put(&mut wanted, field.path, value),
                Ok(None) => member::remove(&mut wanted, field.path),
                Err(says) => mistakes.push(Mistake::at(field, says)),
            }
        }
    }
    if mistakes.is_empty() {
        Ok(wanted)
    } else {
        Err(mistakes)
    }
}

/// The same with the secrets the form sends. It goes to the API and nowhere else.
pub(crate) fn with_secrets(table: &'static [Group], mut wanted: Value, form: &Form) -> Value {
    for field in fields(table) {
        match field.kind {
            Kind::Secret(_) => {
                let text = form.get(field.path);
                if !text.is_empty() {
                    member::put(&mut wanted, field.path, json!(text));
                } else if form.ticked(&format!("{}.{REMOVE}", field.path)) {
                    member::put(&mut wanted, field.path, Value::Null);
                }
            }
            Kind::Secrets => {
                if let Some(added) = secrets::added(field.path, form) {
                    let known = member::at(&wanted, field.path).and_then(Value::as_array);
                    let mut list = known.cloned().unwrap_or_default();
                    list.push(added);
                    member::put(&mut wanted, field.path, Value::Array(list));
                }
            }
            _ => {}
        }
    }
    wanted
}
