//! What is wrong with a form, at the fields it is about.

use std::fmt;

use crate::console::api::Answered;

use super::field::{Field, Group, fields};

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(crate) struct Mistake {
    /// The field it is about.
    field: Option<&'static Field>,
    /// The member it is about, when no field shows it.
    at: String,
    says: String,
}

impl Mistake {
    /// One that concerns a field.
    pub(super) fn at(field: &'static Field, says: impl Into<String>) -> Self {
        Self {
            field: Some(field),
            at: String::new(),
            says: says.into(),
        }
    }

    /// What the API says about a member: it belongs to the field whose path is the longest that the
    /// member is, or is in.
    pub(crate) fn told(table: &'static [Group], at: &str, says: impl Into<String>) -> Self {
        let holds = |field: &&'static Field| {
            let rest = at.strip_prefix(field.path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let field = fields(table)
            .filter(holds)
            .max_by_key(|field| field.path.len());
        // Deeper than the field, the place helps to find it.
        let at = if field.is_some_and(|field| field.path == at) {
            ""
        } else {
            at
        };
        Self {
            field,
            at: at.to_owned(),
            says: says.into(),
        }
    }

    /// The field it is about.
    pub(crate) fn field(&self) -> Option<&'static Field> {
        self.field
    }

    /// Whether it is about this field.
    pub(super) fn is_about(&self, field: &Field) -> bool {
        self.field.is_some_and(|own| own.path == field.path)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.as_str() {
            "" => f.write_str(&self.says),
            at => write!(f, "{at} {}", self.says),
        }
    }
}

/// Everything the API says is wrong.
pub(crate) fn all_mistakes(table: &'static [Group], answered: &Answered) -> Vec<Mistake> {
    let problems = answered.problems().into_iter();
    problems
        .map(|(at, says)| Mistake::told(table, &at, says))
        .collect()
}
