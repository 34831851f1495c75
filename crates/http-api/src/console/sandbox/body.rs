//! Bodies as the forms preview them. `console.js` writes the same, so both must change together.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The members of a body, in order.
#[derive(Default)]
pub(super) struct Members(Map<String, Value>);

impl Members {
    /// With a member at a path, such as `auth.password.refresh_token`.
    pub(super) fn with(mut self, path: &str, value: impl Into<Value>) -> Self {
        put(&mut self.0, path, value.into());
        self
    }

    /// With a text, unless it is empty or the default.
    pub(super) fn text(self, path: &str, text: &str, default: &str) -> Self {
        if text.is_empty() || text == default {
            self
        } else {
            self.with(path, text)
        }
    }

    /// With a whole number, unless it is empty or the default. What is none stays the text it is.
    pub(super) fn number(self, path: &str, text: &str, default: &str) -> Self {
        let is_whole = (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(number) if is_whole && text != default => self.with(path, number),
            _ => self.text(path, text, default),
        }
    }

    /// With a yes or no, unless it is the default.
    pub(super) fn flag(self, path: &str, flag: bool, default: bool) -> Self {
        if flag == default {
            self
        } else {
            self.with(path, flag)
        }
    }

    /// With words parted by white space and commas, unless there are none.
    pub(super) fn words(self, path: &str, text: &str) -> Self {
        let words = text.split(|c: char| c.is_whitespace() || c == ',');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            self
        } else {
            self.with(path, words)
        }
    }

    /// Written as JSON or YAML.
    pub(super) fn write(self, is_yaml: bool) -> String {
        match (is_yaml, self.0.is_empty()) {
            (true, true) => "{}".to_owned(),
            (true, false) => {
                let mut text = String::new();
                yaml(&mut text, &self.0, "");
                text.truncate(text.trim_end_matches('\n').len());
                text
            }
            (false, _) => pretty(&Value::Object(self.0)),
        }
    }
}

/// JSON, indented by two.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn put(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((name, rest)) => {
            let within = members.entry(name).or_insert_with(|| Map::new().into());
            if let Value::Object(within) = within {
                put(within, rest, value);
            }
        }
    }
}

fn yaml(text: &mut String, members: &Map<String, Value>, indent: &str) {
    for (name, value) in members {
        // Writing to a String does not fail.
        let _ = match value {
            Value::Object(within) => {
                let _ = writeln!(text, "{indent}{name}:");
                yaml(text, within, &format!("{indent}  "));
                Ok(())
            }
            Value::Array(items) => {
                let items = items
                    .iter()
                    .map(|item| format!("\n{indent}- {}", scalar(item)));
                writeln!(text, "{indent}{name}:{}", items.collect::<String>())
            }
            other => writeln!(text, "{indent}{name}: {}", scalar(other)),
        };
    }
}

/// A text is plain when no reader could take it for anything else.
fn scalar(value: &Value) -> String {
    const OTHERS: [&str; 11] = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf",
    ];
    let Some(text) = value.as_str() else {
        return value.to_string();
    };
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_./@+-".contains(&b));
    let is_other = OTHERS.iter().any(|other| other.eq_ignore_ascii_case(text));
    if is_word && !is_other {
        text.to_owned()
    } else {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members() -> Members {
        Members::default()
            .text("secret", "very \"secret\"", "")
            .with("grant_types", vec!["password"])
            .words("scope", " a.read, b ")
            .text("auth.password.token_format", "opaque", "opaque")
            .number("auth.password.access_token_expiration", "0900", "3600")
            .number("auth.password.refresh_token_expiration", "soon", "2592000")
            .flag("auth.password.refresh_token", true, false)
            .flag("auth.password.secret_required", true, true)
    }

    #[test]
    fn json_is_indented_and_in_the_order_of_the_form() {
        let expected = "{\n  \"secret\": \"very \\\"secret\\\"\",\n  \"grant_types\": [\n    \"password\"\n  ],\n  \
             \"scope\": [\n    \"a.read\",\n    \"b\"\n  ],\n  \"auth\": {\n    \"password\": {\n      \
             \"access_token_expiration\": 900,\n      \"refresh_token_expiration\": \"soon\",\n      \
             \"refresh_token\": true\n    }\n  }\n}";
        assert_eq!(members().write(false), expected);
    }

    #[test]
    fn yaml_is_in_blocks() {
        let expected = "secret: \"very \\\"secret\\\"\"\ngrant_types:\n- password\nscope:\n- a.read\n- b\nauth:\n  \
             password:\n    access_token_expiration: 900\n    refresh_token_expiration: soon\n    refresh_token: true";
        assert_eq!(members().write(true), expected);
        assert_eq!(Members::default().write(true), "{}");
    }

    #[test]
    fn what_yaml_would_read_as_something_else_is_quoted() {
        for (text, written) in [
            ("verysecret", "verysecret"),
            ("user@mail.com", "user@mail.com"),
            ("Yes", "\"Yes\""),
            ("123", "\"123\""),
            ("a: b", "\"a: b\""),
            ("-", "\"-\""),
            ("é", "\"é\""),
            ("", "\"\""),
        ] {
            assert_eq!(scalar(&Value::from(text)), written);
        }
    }
}
