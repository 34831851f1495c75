//! Reads keys of the merged sources and remembers every mistake, each with its key.

use std::cell::RefCell;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use config::Config as Merged;
use zeroize::Zeroizing;

use super::secret_file::SecretFileError;

/// A file that a key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// The key, as `section.key`.
    pub key: String,
    /// The file.
    pub path: PathBuf,
}

/// Something wrong with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key, as `section.key`.
    pub key: String,
    /// What is wrong, and what would be right. Never the value of a secret.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

/// The merged sources. Every reading gives a value, so that all mistakes are found in one go; the
/// values count only when there were none.
pub(super) struct Reader {
    merged: Merged,
    mistakes: RefCell<Vec<Mistake>>,
    secret_files: RefCell<Vec<NamedFile>>,
}

impl Reader {
    pub(super) const fn new(merged: Merged) -> Self {
        Self {
            merged,
            mistakes: RefCell::new(Vec::new()),
            secret_files: RefCell::new(Vec::new()),
        }
    }

    pub(super) fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes.into_inner()
    }

    pub(super) fn mistake(&self, key: &str, problem: impl Into<String>) {
        self.mistakes.borrow_mut().push(Mistake {
            key: key.to_owned(),
            problem: problem.into(),
        });
    }

    pub(super) fn text(&self, key: &str) -> String {
        self.merged.get_string(key).unwrap_or_else(|_| {
            self.mistake(key, "must be a text");
            String::new()
        })
    }

    /// A text, or `None` when it is empty.
    pub(super) fn optional_text(&self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.merged.get_bool(key).unwrap_or_else(|_| {
            self.mistake(key, "must be true or false");
            false
        })
    }

    pub(super) fn number(&self, key: &str, range: RangeInclusive<u32>) -> u32 {
        let number = self
            .merged
            .get_int(key)
            .ok()
            .and_then(|number| u32::try_from(number).ok());
        match number {
            Some(number) if range.contains(&number) => number,
            _ => {
                let (least, most) = (range.start(), range.end());
                self.mistake(
                    key,
                    format!("must be a whole number from {least} to {most}"),
                );
                *least
            }
        }
    }

    /// A text that is a `T`, or `None` when it is empty.
    pub(super) fn parsed<T: FromStr>(&self, key: &str, what: &str) -> Option<T> {
        let text = self.optional_text(key)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.mistake(key, format!("must be {what}"));
        }
        value
    }

    pub(super) fn list<T: FromStr>(&self, key: &str, what: &str) -> Vec<T> {
        let Ok(values) = self.merged.get_array(key) else {
            self.mistake(key, "must be a list");
            return Vec::new();
        };
        let texts = values
            .into_iter()
            .map(|value| value.into_string().unwrap_or_default());
        texts
            .filter_map(|text| {
                let value = text.parse().ok();
                if value.is_none() {
                    self.mistake(key, format!("every entry must be {what}"));
                }
                value
            })
            .collect()
    }

    pub(super) fn path(&self, key: &str) -> Option<PathBuf> {
        self.optional_text(key).map(PathBuf::from)
    }

    /// The content of the secret file a key names, without the line end.
    pub(super) fn secret_file(&self, key: &str) -> Option<Zeroizing<String>> {
        let path = self.path(key)?;
        self.private(key, &path, super::secret_file::read)
    }

    /// The secret file a key names, for somebody else to read.
    pub(super) fn secret_path(&self, key: &str) -> Option<PathBuf> {
        let path = self.path(key)?;
        self.private(key, &path, super::secret_file::check)?;
        Some(path)
    }

    /// The secret files that were named so far.
    pub(super) fn secret_files(&self) -> Vec<NamedFile> {
        self.secret_files.borrow().clone()
    }

    fn private<T>(
        &self,
        key: &str,
        path: &Path,
        use_it: impl FnOnce(&Path) -> Result<T, SecretFileError>,
    ) -> Option<T> {
        self.secret_files.borrow_mut().push(NamedFile {
            key: key.to_owned(),
            path: path.to_owned(),
        });
        match use_it(path) {
            Ok(used) => Some(used),
            Err(problem) => {
                self.mistake(key, problem.to_string());
                None
            }
        }
    }
}
