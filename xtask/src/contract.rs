//! What the program reads and writes of the schema, one column a line: all that `schema.rs` names.

use std::fmt::Write as _;
use std::fs;

use crate::failure::{Context as _, Failure};
use crate::workspace;

const SCHEMA: &str = "crates/persistence/src/schema.rs";

const HEAD: &str = "\
# What this program reads and writes of the schema. Made by `cargo xtask generate`; see migrations/README.md.
";

/// The contract of the program as it is.
pub(crate) fn current() -> Result<String, Failure> {
    let path = workspace::root().join(SCHEMA);
    let schema = fs::read_to_string(&path).context(format_args!("cannot read {SCHEMA}"))?;
    Ok(format!("{HEAD}{}", of(&schema)))
}

/// That of tables as Diesel's macro declares them.
fn of(schema: &str) -> String {
    let mut text = String::new();
    let mut table = None;
    for line in schema.lines().map(str::trim) {
        if let Some((name, _)) = line
            .strip_suffix(") {")
            .and_then(|head| head.split_once(" ("))
        {
            table = Some(name);
        } else if line == "}" {
            table = None;
        } else if let (Some(table), Some((column, kind))) = (table, line.split_once(" -> ")) {
            let kind = kind.trim_end_matches(',');
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|kind| kind.strip_suffix('>'));
            let _infallible = match inner {
                Some(kind) => writeln!(text, "{table}.{column} {kind} null"),
                None => writeln!(text, "{table}.{column} {kind}"),
            };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_a_line() {
        let schema = "table! {\n    a_b (id) {\n        id -> Text,\n        c -> Nullable<Binary>,\n    }\n}\n\n\
                      joinable!(a_b -> c (id));\n";
        assert_eq!(of(schema), "a_b.id Text\na_b.c Binary null\n");
    }
}
