//! Texts that mean more than themselves.

use crate::logic::{Logic, Test};
use crate::path::{Path, PathId};
use crate::scalar::Scalar;

use super::{Reader, at, expression};

impl Reader<'_> {
    /// What a text says about a place.
    pub(super) fn text(&mut self, path: &Path, text: &str) -> Result<Logic, String> {
        match text {
            "" => Err(at(
                path,
                "empty values are taken out of a request; write `nil?`",
            )),
            "present?" => self.test(path, Test::Present),
            "not-blank?" => self.test(path, Test::SomeText),
            "nil?" => {
                self.count(1)?;
                Ok(Logic::Nil(self.id(path)))
            }
            _ => self.other_text(path, text),
        }
    }

    fn other_text(&mut self, path: &Path, text: &str) -> Result<Logic, String> {
        if let Some(expression) = text.strip_prefix('#') {
            return self.expression(path, expression);
        }
        if text.starts_with('.') {
            let other = self.reference(path, text)?;
            return self.test(path, Test::SameAs(other));
        }
        self.test(path, Test::Equals(Scalar::Text(text.to_owned().into())))
    }

    /// The place that `.user.id` names.
    pub(super) fn reference(&mut self, path: &Path, text: &str) -> Result<PathId, String> {
        let other = text.strip_prefix('.').and_then(Path::parse);
        let other = other.ok_or_else(|| {
            at(
                path,
                "a text that begins with a dot names another place of the request (`.user.id`); write \
                 `$enum: [\"…\"]` to compare with such a text itself",
            )
        })?;
        Ok(self.id(&other))
    }

    fn expression(&mut self, path: &Path, expression: &str) -> Result<Logic, String> {
        let forms = expression::read(expression).map_err(|problem| at(path, problem))?;
        let mut tests = Vec::new();
        for form in forms {
            tests.push(self.test(path, Test::Like(form))?);
        }
        match (tests.pop(), tests.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                tests.extend(last);
                Ok(Logic::Any(self.id(path), tests))
            }
        }
    }
}
