//! Tables and rows of which only the databases know what they are.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::row::NamedRow;
use diesel::sql_types::{Nullable, Text};

use super::MoveError;

/// A row, every value of it as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Texts(pub(crate) Vec<Option<String>>);

impl Texts {
    /// The values, where none may be missing.
    pub(crate) fn take<const N: usize>(self) -> Option<[String; N]> {
        let values: Option<Vec<String>> = self.0.into_iter().collect();
        values?.try_into().ok()
    }
}

impl<DB: Backend> QueryableByName<DB> for Texts
where
    Option<String>: FromSql<Nullable<Text>, DB>,
{
    fn build<'a>(row: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        (0..row.field_count())
            .map(|index| row.get_value::<Nullable<Text>, Option<String>, _>(index))
            .collect::<deserialize::Result<_>>()
            .map(Self)
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Integer,
    Truth,
    Bytes,
    Text,
    Json,
}

impl Form {
    /// The form of a type, in the words of Postgres.
    pub(crate) fn parse(data_type: &str) -> Option<Self> {
        match data_type {
            "bigint" => Some(Self::Integer),
            "boolean" => Some(Self::Truth),
            "bytea" => Some(Self::Bytes),
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// As text, on `SQLite`.
    pub(crate) fn read_from_sqlite(self, column: &str) -> String {
        match self {
            Self::Integer | Self::Truth => format!("CAST({column} AS TEXT)"),
            // Of nothing, hex() makes an empty text.
            Self::Bytes => format!("iif({column} IS NULL, NULL, lower(hex({column})))"),
            Self::Text | Self::Json => column.to_owned(),
        }
    }

    /// As the same text, on Postgres.
    pub(crate) fn read_from_postgres(self, column: &str) -> String {
        match self {
            Self::Integer | Self::Json => format!("{column}::text"),
            Self::Truth => format!("{column}::int::text"),
            Self::Bytes => format!("encode({column}, 'hex')"),
            Self::Text => column.to_owned(),
        }
    }

    /// Of that text, on Postgres.
    pub(crate) fn write_to_postgres(self, text: &str) -> String {
        match self {
            Self::Integer => format!("{text}::bigint"),
            Self::Truth => format!("{text}::int::boolean"),
            Self::Bytes => format!("decode({text}, 'hex')"),
            Self::Text => text.to_owned(),
            Self::Json => format!("{text}::json"),
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) form: Form,
}

/// A table and its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
}

impl Table {
    /// Something for each column, with commas.
    pub(crate) fn list(&self, each: impl Fn(&Column) -> String) -> String {
        let columns: Vec<String> = self.columns.iter().map(each).collect();
        columns.join(", ")
    }
}

/// The tables so that each comes after those it refers to. References are (from, to).
pub(crate) fn order(
    mut tables: Vec<Table>,
    references: &[(String, String)],
) -> Result<Vec<Table>, MoveError> {
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |table: &Table| {
            references.iter().any(|(from, to)| {
                *from == table.name && to != from && !ordered.iter().any(|done| done.name == *to)
            })
        };
        let (later, now): (Vec<Table>, Vec<Table>) = tables.into_iter().partition(waits);
        if let (Some(stuck), true) = (later.first(), now.is_empty()) {
            return Err(MoveError::Shape(stuck.name.clone()));
        }
        ordered.extend(now);
        tables = later;
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Table {
        Table {
            name: name.to_owned(),
            columns: Vec::new(),
        }
    }

    fn reference(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn a_table_comes_after_those_it_refers_to() {
        let references = [
            reference("a", "b"),
            reference("b", "c"),
            reference("c", "c"),
        ];
        let ordered = order(vec![table("a"), table("b"), table("c")], &references).unwrap();
        let names: Vec<_> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["c", "b", "a"]);
    }

    #[test]
    fn tables_that_refer_to_one_another_are_refused() {
        let references = [reference("a", "b"), reference("b", "a")];
        assert!(order(vec![table("a"), table("b")], &references).is_err());
    }
}
