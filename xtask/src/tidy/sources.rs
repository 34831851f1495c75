//! The Rust files of the workspace, as the other tests look at them.

use std::fs;
use std::path::Path;

use crate::workspace;

/// A Rust file.
pub(super) struct Source {
    /// From the workspace's folder, with `/`.
    pub(super) path: String,
    text: String,
}

impl Source {
    /// Whether the file is compiled into tests only.
    pub(super) fn is_test_file(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        parts.contains(&"tests") || parts.last() == Some(&"tests.rs")
    }

    pub(super) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Every line with its number, counted from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// The lines without comments.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines()
            .map(|(number, line)| (number, without_comment(line)))
    }

    /// The lines without comments and without the test module at the end of the file.
    pub(super) fn code_without_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.lines_without_tests();
        self.code().take_while(move |(number, _)| *number <= end)
    }

    /// How many lines there are before an inline test module, which by custom is the last item of a file.
    pub(super) fn lines_without_tests(&self) -> usize {
        let lines: Vec<&str> = self.text.lines().collect();
        let inline = lines.iter().enumerate().position(|(index, line)| {
            *line == "#[cfg(test)]"
                && lines
                    .iter()
                    .skip(index + 1)
                    .find(|next| !next.starts_with("#["))
                    .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
        });
        inline.unwrap_or(lines.len())
    }
}

/// Every Rust file but those of the tidy tests, which spell out what they forbid.
pub(super) fn all() -> Vec<Source> {
    let mut sources = Vec::new();
    collect(workspace::root(), &mut sources);
    assert!(
        sources.len() > 10,
        "no sources found below {}",
        workspace::root().display()
    );
    sources.retain(|source| !source.path.starts_with("xtask/src/tidy/"));
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

fn collect(folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                collect(&path, sources);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(workspace::root()).unwrap();
            let path_text = relative.to_string_lossy().replace('\\', "/");
            sources.push(Source {
                path: path_text,
                text: fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

/// Good enough for searching: a `//` inside a string also ends the line, unless it belongs to a URL.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .find(|(at, _)| !line.get(..*at).unwrap_or("").ends_with(':'));
    comment.map_or(line, |(at, _)| line.get(..at).unwrap_or(line))
}

#[test]
fn a_test_module_at_the_end_is_not_counted_but_a_declared_one_hides_nothing() {
    let source = |text: &str| Source {
        path: "one.rs".to_owned(),
        text: text.to_owned(),
    };
    assert_eq!(
        source("a\nb\n#[cfg(test)]\nmod tests {\nc\n}\n").lines_without_tests(),
        2
    );
    assert_eq!(
        source("a\n#[cfg(test)]\nmod tests;\nb\n").lines_without_tests(),
        4
    );
}

#[test]
fn comments_are_not_code() {
    assert_eq!(without_comment("let one = 1; // not two"), "let one = 1; ");
    assert_eq!(without_comment("/// std::env"), "");
    assert_eq!(
        without_comment(r#"let url = "http://localhost";"#),
        r#"let url = "http://localhost";"#
    );
}
