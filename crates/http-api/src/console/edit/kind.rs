//! How a member becomes the texts of a field, and the texts of a field a member.

use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::body::{parse_json, parse_yaml};

use crate::console::member;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// The id: chosen once.
    Id,
    /// A line of text, for an `<input>` of this type.
    Text(&'static str),
    /// A text of many lines.
    Code,
    /// A whole number.
    Number,
    /// Yes or no, and which of them nothing means.
    Tick { by_default: bool },
    /// Yes, no, or what nothing means in these words.
    Either(&'static str),
    /// One of these: value and words. The value of what nothing means is empty.
    Choice(&'static [(&'static str, &'static str)]),
    /// One of these, side by side.
    Radio(&'static [&'static str]),
    /// Any of these.
    Ticks(&'static [&'static str]),
    /// A list, parted by white space.
    Words,
    /// A list, one a line.
    Lines,
    /// A list of SCIM's plural attributes, by their `value`, parted by commas.
    Values,
    /// A date, or an instant.
    Date,
    /// Open content.
    Json,
    /// A reference to a resource of this type, by its id.
    Reference(&'static str),
    /// References with their types, one a line.
    References,
    /// What is written and never shown. What removing it is called; empty when it cannot be.
    Secret(&'static str),
    /// Further secrets, with their ends.
    Secrets,
}

impl Kind {
    /// Whether its field takes the whole width.
    pub(super) const fn is_wide(self) -> bool {
        matches!(self, Self::Tick { .. } | Self::Radio(_) | Self::Ticks(_))
    }

    /// Whether its field is written apart from all others, because it is never shown again.
    pub(super) const fn is_write_only(self) -> bool {
        matches!(self, Self::Secret(_) | Self::Secrets)
    }

    /// Whether a form that does not send its field says something by that.
    pub(super) const fn may_be_unsent(self) -> bool {
        matches!(self, Self::Tick { .. } | Self::Ticks(_))
    }

    /// The texts of a member.
    pub(super) fn show(self, member: Option<&Value>) -> Vec<String> {
        let one = |text: String| vec![text];
        match (self, member) {
            (Self::Tick { by_default }, member) => {
                let is_on = member.and_then(Value::as_bool).unwrap_or(by_default);
                is_on.then(|| "true".to_owned()).into_iter().collect()
            }
            (Self::Ticks(_), member) => texts(member),
            (_, None) => one(String::new()),
            (Self::Words, Some(list)) => one(texts(Some(list)).join(" ")),
            (Self::Lines, Some(list)) => one(texts(Some(list)).join("\n")),
            (Self::Values, Some(list)) => one(values(list).join(", ")),
            (Self::References, Some(list)) => one(references(list).join("\n")),
            (Self::Reference(kind), Some(reference)) => {
                let shown = referred(reference);
                one(match shown.split_once('/') {
                    Some((of, id)) if of == kind => id.to_owned(),
                    _ => shown,
                })
            }
            (Self::Json, Some(value)) => {
                one(serde_json::to_string_pretty(value).unwrap_or_default())
            }
            (Self::Date, Some(date)) => {
                let text = text(date);
                one(text
                    .strip_suffix("T00:00:00Z")
                    .map_or(text.clone(), str::to_owned))
            }
            (_, Some(value)) => one(text(value)),
        }
    }

    /// The member that texts stand for, `None` when they stand for nothing; `before` is what it was.
    ///
    /// # Errors
    /// What is wrong with the texts, where they do not stand for anything.
    pub(super) fn read(
        self,
        texts: &[String],
        before: Option<&Value>,
    ) -> Result<Option<Value>, String> {
        let first = texts.first().map_or("", |text| text.trim());
        Ok(match self {
            Self::Tick { .. } => Some(json!(!first.is_empty())),
            Self::Ticks(_) => some(texts),
            _ if first.is_empty() => None,
            Self::Number => {
                let number: Option<i64> = first.parse().ok();
                Some(json!(number.ok_or("must be a whole number")?))
            }
            Self::Either(_) => Some(json!(first == "true")),
            Self::Words => some(&list(first, char::is_whitespace)),
            Self::Lines => some(&list(first, |c| c == '\n')),
            Self::Values => {
                let names = list(first, |c| c == ',');
                let entries = names.iter().map(|name| valued(name, before));
                Some(Value::Array(entries.collect()))
            }
            Self::Json => Some(open(first)?),
            Self::Reference(kind) => Some(json!({ "resourceType": kind, "id": first })),
            Self::References => {
                let lines = list(first, |c| c == '\n');
                Some(lines.iter().map(|line| reference(line)).collect())
            }
            Self::Code => Some(json!(texts.first())),
            _ => Some(json!(first)),
        })
    }
}

/// The first of these members that is there.
pub(crate) fn called(paths: &[&str], resource: &Value) -> Option<String> {
    paths
        .iter()
        .find_map(|path| member::at(resource, path))
        .map(text)
}

/// A list that has something in it.
fn some(list: &[String]) -> Option<Value> {
    (!list.is_empty()).then(|| json!(list))
}

fn list(text: &str, separates: impl Fn(char) -> bool) -> Vec<String> {
    let parts = text.split(separates).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A value as people read it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    match list {
        Some(Value::Array(list)) => list.iter().map(text).collect(),
        Some(one) => vec![text(one)],
        None => Vec::new(),
    }
}

fn values(list: &Value) -> Vec<String> {
    let entries = list.as_array().into_iter().flatten();
    entries
        .filter_map(|entry| entry.get("value"))
        .map(text)
        .collect()
}

/// The entry there was with this value, or a new one.
fn valued(name: &str, before: Option<&Value>) -> Value {
    let entries = before.and_then(Value::as_array).into_iter().flatten();
    let mut same = entries.filter(|entry| entry.get("value").and_then(Value::as_str) == Some(name));
    same.next()
        .cloned()
        .unwrap_or_else(|| json!({ "value": name }))
}

/// A reference as `Type/id`, in whichever spelling it is.
fn referred(reference: &Value) -> String {
    let part = |name: &str| reference.get(name).and_then(Value::as_str);
    match (part("resourceType"), part("id"), part("reference")) {
        (Some(kind), Some(id), _) => format!("{kind}/{id}"),
        (_, _, Some(reference)) => reference.to_owned(),
        _ => text(reference),
    }
}

fn references(list: &Value) -> Vec<String> {
    let entries = list.as_array().into_iter().flatten();
    entries.map(referred).collect()
}

/// What is no `Type/id` is sent as it is: the API says what is wrong with it.
fn reference(line: &str) -> Value {
    match line.split_once('/') {
        Some((kind, id)) => json!({ "resourceType": kind, "id": id }),
        None => json!({ "reference": line }),
    }
}

/// Open content, in JSON or YAML.
fn open(text: &str) -> Result<Value, String> {
    if !text.starts_with(['{', '[']) {
        return parse_yaml(text.as_bytes()).map_err(|_| {
            "is neither JSON nor one plain YAML document with unique keys".to_owned()
        });
    }
    parse_json(text.as_bytes()).map_err(|_| match serde_json::from_str::<IgnoredAny>(text) {
        Err(error) if error.line() > 0 => format!(
            "is not well-formed JSON: look at line {}, column {}",
            error.line(),
            error.column()
        ),
        _ => "has a key twice, or is nested too deeply".to_owned(),
    })
}
