//! A form as HTML.

use askama::Template;
use serde_json::Value;

use super::field::{Field, Group};
use super::secrets::{self, REMOVE, SecretRow};
use super::{Entered, Kind, Mistake};
use crate::console::member;

/// The fields of a form, in groups.
#[derive(Template)]
#[template(path = "console/edit/sheet.html")]
pub(crate) struct Sheet {
    groups: Vec<(&'static Group, Vec<Filled>)>,
}

/// A field, filled in.
#[derive(Template)]
#[template(path = "console/edit/field.html")]
pub(crate) struct Filled {
    field: &'static Field,
    control: Control,
    mistakes: Vec<String>,
}

/// What a field is made of.
enum Control {
    Line {
        kind: &'static str,
        value: String,
        is_fixed: bool,
    },
    Area(String),
    Tick {
        is_on: bool,
    },
    Select(Vec<Choice>),
    Radio(Vec<Choice>),
    Ticks(Vec<Choice>),
    Secret {
        removal: Option<(&'static str, String, bool)>,
    },
    Secrets {
        rows: Vec<SecretRow>,
        id: String,
        expires: String,
    },
}

/// One of several.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// A form to be shown: of a resource, with what stands in it and what is wrong with that.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) resource: &'a Value,
    pub(crate) entered: &'a Entered,
    pub(crate) mistakes: &'a [Mistake],
    /// Whether it makes something new.
    pub(crate) is_new: bool,
}

impl Sheet {
    /// A form.
    pub(crate) fn new(table: &'static [Group], shown: Shown<'_>) -> Self {
        let groups = table.iter().map(|group| {
            let fields = group.fields.iter();
            let fields =
                fields.filter(|field| !(shown.is_new && matches!(field.kind, Kind::Secrets)));
            (group, fields.map(|field| shown.field(field)).collect())
        });
        Self {
            groups: groups.collect(),
        }
    }
}

impl Shown<'_> {
    fn field(self, field: &'static Field) -> Filled {
        let mistakes = self
            .mistakes
            .iter()
            .filter(|mistake| mistake.is_about(field));
        Filled {
            field,
            control: self.control(field),
            mistakes: mistakes.map(ToString::to_string).collect(),
        }
    }

    fn control(self, field: &'static Field) -> Control {
        let texts = self.entered.texts(field.path);
        match field.kind {
            Kind::Tick { .. } => Control::Tick {
                is_on: !texts.is_empty(),
            },
            Kind::Either(unset) => {
                let options = [("", unset), ("true", "yes"), ("false", "no")];
                Control::Select(choices(&options, texts))
            }
            Kind::Choice(options) => Control::Select(choices(options, texts)),
            Kind::Radio(options) => Control::Radio(choices(&same(options), texts)),
            Kind::Ticks(options) => Control::Ticks(choices(&same(options), texts)),
            Kind::Secret(removes) => {
                let name = format!("{}.{REMOVE}", field.path);
                let is_removed = self.entered.text(&name).is_some();
                let can_remove = !self.is_new && !removes.is_empty();
                Control::Secret {
                    removal: can_remove.then_some((removes, name, is_removed)),
                }
            }
            Kind::Secrets => self.secrets(field.path),
            _ => self.written(field, texts.first().cloned().unwrap_or_default()),
        }
    }

    /// What is written into, and not chosen.
    fn written(self, field: &'static Field, value: String) -> Control {
        let kind = match field.kind {
            Kind::Lines | Kind::References | Kind::Json | Kind::Code => {
                return Control::Area(value);
            }
            Kind::Words if field.is_wide => return Control::Area(value),
            Kind::Text(kind) => kind,
            Kind::Number if value.bytes().all(|b| b.is_ascii_digit()) => "number",
            Kind::Date => secrets::date_input(&value),
            _ => "text",
        };
        Control::Line {
            kind,
            value,
            is_fixed: !self.is_new && matches!(field.kind, Kind::Id),
        }
    }

    fn secrets(self, path: &str) -> Control {
        let entered = |name: &str| {
            let text = self.entered.text(&format!("{path}.new.{name}"));
            text.unwrap_or_default().to_owned()
        };
        Control::Secrets {
            rows: secrets::rows(path, member::at(self.resource, path), self.entered),
            id: entered("id"),
            expires: entered("expires"),
        }
    }
}

impl Filled {
    /// The sentence below it.
    fn help(&self) -> &'static str {
        match self.control {
            Control::Line { is_fixed: true, .. } => "It never changes.",
            _ => self.field.help,
        }
    }

    /// How many lines are shown of a text, so that most need no scrolling.
    fn rows(value: &str) -> usize {
        value.lines().count().clamp(2, 16)
    }

    /// The ids of what describes it.
    fn described_by(&self) -> String {
        let path = self.field.path;
        let help = (!self.help().is_empty()).then(|| format!("{path}-help"));
        let error = (!self.mistakes.is_empty()).then(|| format!("{path}-error"));
        help.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

fn same(options: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    options.iter().map(|option| (*option, *option)).collect()
}

/// The options, and what stands in the field although it is none of them.
fn choices(options: &[(&str, &str)], chosen: &[String]) -> Vec<Choice> {
    let known = options.iter().map(|(value, label)| Choice {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
        is_chosen: chosen.iter().any(|chosen| chosen == value),
    });
    let is_other = |text: &&String| !options.iter().any(|(value, _)| value == text);
    let others = chosen.iter().filter(is_other).map(|text| Choice {
        value: text.clone(),
        label: text.clone(),
        is_chosen: true,
    });
    known.chain(others).collect()
}
