//! Taking a text of SQL apart into its statements.

/// The statements of a text. A comment that stands between two of them belongs to neither.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut statement = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = token(rest, next);
        let (here, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        match here {
            ";" => statements.push(std::mem::take(&mut statement)),
            comment if comment.starts_with("--") && statement.trim().is_empty() => {}
            part => statement.push_str(part),
        }
    }
    statements.push(statement);
    let whole = statements.iter().map(|one| one.trim().to_owned());
    whole.filter(|one| !one.is_empty()).collect()
}

/// How many bytes belong together at the beginning: a quoted text, a comment, or one character.
fn token(text: &str, first: char) -> usize {
    let until = |end: &str, from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(end)
            .map_or(text.len(), |at| from + at + end.len())
    };
    match first {
        '\'' | '"' => until(if first == '"' { "\"" } else { "'" }, 1),
        '-' if text.starts_with("--") => text.find('\n').unwrap_or(text.len()),
        '$' => dollar(text).map_or(1, |tag| until(tag, tag.len())),
        other => other.len_utf8(),
    }
}

/// `$$` or `$tag$`, where a text that is quoted so begins.
fn dollar(text: &str) -> Option<&str> {
    let end = text.get(1..)?.find('$')? + 2;
    let tag = text.get(..end)?;
    let name = tag.trim_matches('$');
    name.chars()
        .all(|c| c.is_alphanumeric() || c == '_')
        .then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_at_semicolons_that_are_not_quoted() {
        let text = "-- first; one\nCREATE TABLE a (b text DEFAULT ';');\n\n-- a note\nINSERT INTO \"a;b\" \
                    VALUES ('it''s; fine'); -- the end\nDO $x$ BEGIN NULL; END $x$";
        assert_eq!(
            split(text),
            [
                "CREATE TABLE a (b text DEFAULT ';')",
                "INSERT INTO \"a;b\" VALUES ('it''s; fine')",
                "DO $x$ BEGIN NULL; END $x$",
            ]
        );
    }

    #[test]
    fn a_comment_inside_a_statement_stays_and_hides_its_semicolons() {
        let text = "CREATE TABLE a (\n    b text -- one; two\n);";
        assert_eq!(split(text), ["CREATE TABLE a (\n    b text -- one; two\n)"]);
    }

    #[test]
    fn what_is_no_tag_is_a_dollar() {
        assert_eq!(split("SELECT $1; SELECT 'a'"), ["SELECT $1", "SELECT 'a'"]);
    }
}
