//! What the program of the release before does with the schema still works on the schema of this one.
//!
//! `migrations/previous.txt` is what that program reads and writes: `cargo xtask generate` makes
//! `migrations/current.txt` of `schema.rs`, and a release copies it over.

use crate::database::{Database, Place};
use crate::on_every_database;

const PREVIOUS: &str = include_str!("../../../../migrations/previous.txt");

struct Column<'a> {
    name: &'a str,
    kind: &'a str,
    nullable: bool,
}

struct Table<'a> {
    name: &'a str,
    columns: Vec<Column<'a>>,
}

fn tables(contract: &str) -> Vec<Table<'_>> {
    let mut tables: Vec<Table<'_>> = Vec::new();
    for line in contract.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let (place, kind) = (words.next().unwrap(), words.next().unwrap());
        let (table, name) = place.split_once('.').unwrap();
        let nullable = words.next() == Some("null");
        let column = Column {
            name,
            kind,
            nullable,
        };
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(Table {
                name: table,
                columns: vec![column],
            }),
        }
    }
    tables
}

impl Table<'_> {
    fn list(&self, each: impl Fn(&Column<'_>) -> String) -> String {
        let columns: Vec<String> = self.columns.iter().map(each).collect();
        columns.join(", ")
    }

    /// A row with nothing but what the program before knows.
    fn insert(&self, postgres: bool, with_nulls: bool) -> String {
        let value = |column: &Column<'_>| match column.kind {
            _ if column.nullable && with_nulls => "NULL".to_owned(),
            "Bool" if postgres => "true".to_owned(),
            "BigInt" | "Bool" => "1".to_owned(),
            "Binary" if postgres => "'\\x01'".to_owned(),
            "Binary" => "x'01'".to_owned(),
            "Json" => "'[]'".to_owned(),
            "Text" => "'one'".to_owned(),
            other => panic!("a value of type {other} is wanted here"),
        };
        let system = if postgres {
            "OVERRIDING SYSTEM VALUE"
        } else {
            ""
        };
        let names = self.list(|column| column.name.to_owned());
        let values = self.list(value);
        format!(
            "INSERT INTO {} ({names}) {system} VALUES ({values})",
            self.name
        )
    }

    fn statements(&self, postgres: bool) -> Vec<String> {
        let name = self.name;
        let names = self.list(|column| column.name.to_owned());
        let same = self.list(|column| format!("{0} = {0}", column.name));
        // Columns whose numbers Postgres gives cannot be set.
        let update = if postgres && matches!(name, "event" | "resource_index" | "resource_history")
        {
            format!("SELECT {names} FROM {name}")
        } else {
            format!("UPDATE {name} SET {same}")
        };
        vec![
            format!("DELETE FROM {name}"),
            self.insert(postgres, false),
            format!("SELECT {names} FROM {name}"),
            update,
            format!("DELETE FROM {name}"),
            self.insert(postgres, true),
            format!("DELETE FROM {name}"),
        ]
    }
}

on_every_database!(the_program_before_reads_and_writes_as_it_did);

fn the_program_before_reads_and_writes_as_it_did(database: &Database) {
    let postgres = matches!(database.place, Place::Postgres(_));
    let tables = tables(PREVIOUS);
    assert!(tables.len() > 15);
    for table in &tables {
        for statement in table.statements(postgres) {
            // References are to rows that other statements would have made.
            let alone = if postgres {
                "SET session_replication_role = replica"
            } else {
                "PRAGMA foreign_keys = OFF"
            };
            let alone = format!("{alone}; {statement}");
            assert_eq!(database.try_execute(&alone), Ok(()), "{statement}");
        }
    }
}

on_every_database!(what_it_does_is_seen_to_fail_where_something_was_taken_away);

/// That the claim above can fail.
fn what_it_does_is_seen_to_fail_where_something_was_taken_away(database: &Database) {
    let postgres = matches!(database.place, Place::Postgres(_));
    let broken = |table: &str| {
        let tables = tables(PREVIOUS);
        let table = tables.iter().find(|one| one.name == table).unwrap();
        let statements = table.statements(postgres);
        statements
            .iter()
            .any(|statement| database.try_execute(statement).is_err())
    };
    assert!(!broken("throttle") && !broken("session_census") && !broken("client"));
    database.execute("DROP INDEX throttle_tat; ALTER TABLE throttle DROP COLUMN tat");
    database.execute("ALTER TABLE session_census RENAME COLUMN live TO alive");
    if postgres {
        database.execute("ALTER TABLE client ALTER COLUMN secret_hash SET NOT NULL");
    } else {
        database.execute(
            "ALTER TABLE client ADD COLUMN wanted text NOT NULL DEFAULT '' CHECK (wanted <> '')",
        );
    }
    assert!(broken("throttle") && broken("session_census") && broken("client"));
}
