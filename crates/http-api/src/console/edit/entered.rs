//! What stands in the fields of a form. Secrets never do.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::console::form::Form;

use super::Kind;
use super::field::{Field, Group, fields};
use super::secrets::{self, REMOVE};
use crate::console::member;

/// The texts of fields, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entered(BTreeMap<String, Vec<String>>);

impl Entered {
    /// A form that shows a resource.
    pub(crate) fn of(table: &'static [Group], resource: &Value) -> Self {
        let shown = fields(table).filter(|field| !field.kind.is_write_only());
        let shown = shown.map(|field| {
            let texts = field.kind.show(member::at(resource, field.path));
            (field.path.to_owned(), texts)
        });
        Self(shown.collect())
    }

    /// A form that was posted; `resource` is what it showed.
    pub(crate) fn posted(table: &'static [Group], resource: &Value, form: &Form) -> Self {
        let names = fields(table).flat_map(|field| match field.kind {
            Kind::Secret(_) => vec![format!("{}.{REMOVE}", field.path)],
            Kind::Secrets => secrets::names(field.path, member::at(resource, field.path)),
            _ => vec![field.path.to_owned()],
        });
        let sent = names.filter_map(|name| {
            let texts: Vec<String> = form.all(&name).map(plain).collect();
            (!texts.is_empty()).then_some((name, texts))
        });
        Self(sent.collect())
    }

    /// These texts, and where others say something else, those.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The same changes to a later version of what the form showed: what was not touched is as that
    /// version has it.
    pub(crate) fn carried(
        mut self,
        table: &'static [Group],
        began: &Value,
        latest: &Value,
    ) -> Self {
        for field in fields(table).filter(|field| !field.kind.is_write_only()) {
            if !self.is_touched(field, began) {
                let shown = field.kind.show(member::at(latest, field.path));
                self.0.insert(field.path.to_owned(), shown);
            }
        }
        self
    }

    /// The text of a field, if it was sent.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    /// The texts of a field; none, if it was not sent.
    pub(super) fn texts(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a field says anything else than what it showed.
    pub(super) fn is_touched(&self, field: &Field, resource: &Value) -> bool {
        let Some(texts) = self.0.get(field.path) else {
            let shown = field.kind.show(member::at(resource, field.path));
            return field.kind.may_be_unsent() && !shown.is_empty();
        };
        let order = |texts: &[String]| {
            let texts = texts.iter().map(|text| text.trim().to_owned());
            let mut texts: Vec<String> = texts.collect();
            texts.sort_unstable();
            texts
        };
        let shown = field.kind.show(member::at(resource, field.path));
        order(texts) != order(&shown)
    }
}

/// A text with the ends of lines it had before a browser sent it.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}
