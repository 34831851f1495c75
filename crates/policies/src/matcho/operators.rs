//! Operators: members whose name begins with a dollar sign. Several in one object must all hold.

use serde_json::Value;

use crate::logic::{Logic, Test};
use crate::path::{Path, Step, harmless};
use crate::scalar::Scalar;

use super::{Reader, at};

const KNOWN: &str = "$enum, $one-of, $not, $contains, $every, $present-all, $length and $reference";

impl Reader<'_> {
    pub(super) fn operator(
        &mut self,
        path: &Path,
        name: &str,
        value: &Value,
    ) -> Result<Logic, String> {
        if path.is_root() && name != "$one-of" {
            let problem = format!(
                "{} cannot stand at the top of a pattern; say it about a member",
                harmless(name)
            );
            return Err(problem);
        }
        match name {
            "$one-of" => self.one_of(path, value),
            "$not" => self.negated(path, value),
            "$enum" => {
                let values = self.values(path, name, value)?;
                self.test(path, Test::Among(values))
            }
            "$present-all" => {
                let values = self.values(path, name, value)?;
                self.test(path, Test::HasAll(values))
            }
            "$contains" => self.contains(path, value),
            "$every" => {
                let values = self.value_or_enum(path, name, value)?;
                self.test(path, Test::Only(values))
            }
            "$length" => {
                let length = value.as_i64().filter(|length| *length > 0);
                let length = length.ok_or_else(|| {
                    at(
                        path,
                        "$length is a whole number from 1; write `nil?` for a list of nothing",
                    )
                })?;
                self.test(path, Test::Length(length))
            }
            "$reference" => self.parsed_reference(path, value),
            _ => {
                let problem = format!("{} is no operator; there are {KNOWN}", harmless(name));
                Err(at(path, problem))
            }
        }
    }

    fn one_of(&mut self, path: &Path, value: &Value) -> Result<Logic, String> {
        let Some(patterns) = value.as_array().filter(|patterns| !patterns.is_empty()) else {
            return Err(at(path, "$one-of is a list of patterns"));
        };
        if path.is_root() && !patterns.iter().all(Value::is_object) {
            return Err(at(
                path,
                "at the top of a pattern, $one-of is a list of objects",
            ));
        }
        let parts = patterns.iter().map(|pattern| self.pattern(path, pattern));
        let parts = parts.collect::<Result<_, _>>()?;
        Ok(Logic::Any(self.id(path), parts))
    }

    fn negated(&mut self, path: &Path, value: &Value) -> Result<Logic, String> {
        if value == "present?" {
            return Err(at(
                path,
                "$not asks for the member to be there; write `nil?`",
            ));
        }
        self.count(1)?;
        let inner = self.pattern(path, value)?;
        Ok(Logic::Not(self.id(path), Box::new(inner)))
    }

    fn contains(&mut self, path: &Path, value: &Value) -> Result<Logic, String> {
        match value {
            Value::String(text) if text.starts_with('.') => {
                let other = self.reference(path, text)?;
                self.test(path, Test::HasSameAs(other))
            }
            _ => {
                let values = self.value_or_enum(path, "$contains", value)?;
                self.test(path, Test::HasAny(values))
            }
        }
    }

    /// A plain value, or `{$enum: [values]}`.
    fn value_or_enum(
        &mut self,
        path: &Path,
        name: &str,
        value: &Value,
    ) -> Result<Vec<Scalar<'static>>, String> {
        let refusal = || {
            let problem = format!(
                "{name} takes a text, a number, `true`, `false` or {{$enum: […]}}: Cedar does not search lists \
                 for patterns. Keep plain values in the list, or give the item's position ([first, second])"
            );
            Err(at(path, problem))
        };
        match value {
            Value::Object(members) => match (members.get("$enum"), members.len()) {
                (Some(values), 1) => self.values(path, "$enum", values),
                _ => refusal(),
            },
            Value::String(text) if is_special(text) => refusal(),
            Value::Array(_) => refusal(),
            _ => {
                let value = Scalar::of_pattern(value).map_err(|problem| at(path, problem))?;
                Ok(vec![value])
            }
        }
    }

    /// A list of plain values; every text in it means itself.
    fn values(
        &mut self,
        path: &Path,
        name: &str,
        value: &Value,
    ) -> Result<Vec<Scalar<'static>>, String> {
        let Some(values) = value.as_array().filter(|values| !values.is_empty()) else {
            return Err(at(path, format!("{name} is a list of plain values")));
        };
        self.count(values.len())?;
        let values = values.iter().map(Scalar::of_pattern);
        values
            .collect::<Result<_, _>>()
            .map_err(|problem| at(path, format!("{name}: {problem}")))
    }

    fn parsed_reference(&mut self, path: &Path, value: &Value) -> Result<Logic, String> {
        let members = value.as_object().filter(|members| {
            let known = |name: &String| name == "id" || name == "resourceType";
            !members.is_empty() && members.keys().all(known)
        });
        let Some(members) = members else {
            return Err(at(
                path,
                "$reference is an object with `id`, `resourceType` or both",
            ));
        };
        self.object(&path.then(Step::Reference), members)
    }
}

/// Whether a text would mean more than itself elsewhere in a pattern.
fn is_special(text: &str) -> bool {
    text.starts_with(['.', '#']) || matches!(text, "present?" | "nil?" | "not-blank?")
}
