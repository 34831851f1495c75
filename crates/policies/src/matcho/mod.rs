//! Reading matcho patterns.

mod expression;
mod operators;
mod text;

use grantor_domain::document::Document;
use serde_json::{Map, Value};

use crate::limits;
use crate::logic::{Logic, Test};
use crate::path::{Path, PathId, Paths, Step};
use crate::scalar::Scalar;

/// Reads a pattern.
///
/// # Errors
/// The first thing that is not understood, and what to write instead.
pub(crate) fn read(pattern: &Document, reader: &mut Reader<'_>) -> Result<Logic, String> {
    let members = pattern.as_object();
    limits::check(members)?;
    if members.is_empty() {
        return Err(
            "an empty pattern says nothing; write `engine: allow` to permit everything".to_owned(),
        );
    }
    reader.object(&Path::default(), members)
}

/// Reads patterns of one policy, counting their tests.
pub(crate) struct Reader<'a> {
    paths: &'a mut Paths,
    terms: usize,
}

impl<'a> Reader<'a> {
    /// A reader that names places in `paths`.
    pub(crate) const fn new(paths: &'a mut Paths) -> Self {
        Self { paths, terms: 0 }
    }

    /// Counts tests.
    ///
    /// # Errors
    /// When there are too many.
    pub(crate) fn count(&mut self, terms: usize) -> Result<(), String> {
        self.terms = self.terms.saturating_add(terms);
        if self.terms > limits::TERMS {
            return Err(format!(
                "the policy has more than {} tests and values; split it, or compare with a path of the request",
                limits::TERMS
            ));
        }
        Ok(())
    }

    fn id(&mut self, path: &Path) -> PathId {
        self.paths.id(path)
    }

    /// The place of a condition that is said about the whole request.
    pub(crate) fn root(&mut self) -> PathId {
        self.id(&Path::default())
    }

    fn test(&mut self, path: &Path, test: Test) -> Result<Logic, String> {
        self.count(1)?;
        Ok(Logic::Is(self.id(path), test))
    }

    /// What a pattern says about a place.
    fn pattern(&mut self, path: &Path, pattern: &Value) -> Result<Logic, String> {
        match pattern {
            Value::String(text) => self.text(path, text),
            Value::Array(items) => self.list(path, items),
            Value::Object(members) => self.object(path, members),
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                let value = Scalar::of_pattern(pattern).map_err(|problem| at(path, problem))?;
                self.test(path, Test::Equals(value))
            }
        }
    }

    /// A list matches lists that begin with the same items.
    fn list(&mut self, path: &Path, items: &[Value]) -> Result<Logic, String> {
        if items.is_empty() {
            return Err(at(
                path,
                "an empty list says nothing; write `present?` or `nil?`",
            ));
        }
        let items = items.iter().enumerate();
        let items =
            items.map(|(position, item)| self.pattern(&path.then(Step::Position(position)), item));
        items.collect::<Result<_, _>>().map(Logic::All)
    }

    /// An object matches objects that have at least its members.
    fn object(&mut self, path: &Path, members: &Map<String, Value>) -> Result<Logic, String> {
        if members.is_empty() {
            return Err(at(
                path,
                "an empty object says nothing; write `present?` or `nil?`",
            ));
        }
        let parts = members.iter().map(|(name, value)| {
            if name.starts_with('$') {
                self.operator(path, name, value)
            } else {
                self.pattern(&path.then(Step::Member(name.clone())), value)
            }
        });
        parts.collect::<Result<_, _>>().map(Logic::All)
    }
}

/// A problem and where it is.
fn at(path: &Path, problem: impl AsRef<str>) -> String {
    format!("{}: {}", path.words(), problem.as_ref())
}
