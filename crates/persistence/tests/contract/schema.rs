//! Both databases have the same tables.

use std::collections::BTreeSet;

use crate::database::Database;

fn facts(database: &Database, sql: &str) -> BTreeSet<String> {
    database.column(sql).into_iter().collect()
}

#[test]
fn tables_columns_and_nullability_agree() {
    let sqlite = facts(
        &Database::sqlite(),
        r#"SELECT t.name || '.' || c.name || CASE WHEN c."notnull" THEN ' NOT NULL' ELSE '' END AS cell
           FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'
           AND t.name <> '__diesel_schema_migrations'"#,
    );
    let postgres = facts(
        &Database::postgres(),
        "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
           AS cell FROM information_schema.columns WHERE table_schema = 'public'
           AND table_name <> '__diesel_schema_migrations'",
    );
    assert_eq!(sqlite, postgres);
    assert!(
        sqlite.contains("session.access_hash NOT NULL"),
        "{sqlite:?}"
    );
}

#[test]
fn uniqueness_and_indexes_agree() {
    let sqlite = facts(
        &Database::sqlite(),
        r#"SELECT t.name || '(' || (SELECT group_concat(name, ',') FROM
               (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
               || CASE WHEN i."unique" THEN ' UNIQUE' ELSE '' END AS cell
           FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'
           AND t.name <> '__diesel_schema_migrations'
           UNION ALL
           SELECT t.name || '(' || c.name || ') UNIQUE' FROM sqlite_master t, pragma_table_info(t.name) c
           WHERE t.type = 'table' AND c.pk AND upper(c.type) = 'INTEGER'"#,
    );
    let postgres = facts(
        &Database::postgres(),
        "SELECT t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.place)
               FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) || ')'
               || CASE WHEN i.indisunique THEN ' UNIQUE' ELSE '' END AS cell
           FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
           WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> '__diesel_schema_migrations'",
    );
    assert_eq!(sqlite, postgres);
    assert!(sqlite.contains("session(access_hash) UNIQUE"), "{sqlite:?}");
}
