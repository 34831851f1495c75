//! An `SQLite` store as what another is copied from.

use std::path::Path;

use diesel::connection::{DefaultLoadingMode, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::migrate::{MigrateError, SchemaStatus};
use crate::moving::{Digest, MoveError, Table, Texts};
use crate::options::ConnectError;

use super::{Conn, migrations};

/// In this mode the first statement locks the file itself, which fails while anybody else has it open,
/// busy or not; and it stays locked until the connection ends.
const ALONE: &str = "\
    PRAGMA busy_timeout = 0; \
    PRAGMA locking_mode = EXCLUSIVE; \
    BEGIN IMMEDIATE; \
    COMMIT";

/// What `SQLite` says then.
const LOCKED: &str = "locked";

/// What changes whenever a server has been at work: its start leaves an event, and so does its work.
const FINGERPRINT: &str = "\
    SELECT coalesce((SELECT id || '@' || at FROM event ORDER BY id DESC LIMIT 1), '-') \
    || ' ' || coalesce((SELECT group_concat(kid, ' ') FROM (SELECT kid FROM signing_key ORDER BY kid)), '-') \
    AS text";

const TABLES: &str = "\
    SELECT name AS text FROM sqlite_master WHERE type = 'table' \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT IN ('__diesel_schema_migrations', 'schema_change') ORDER BY name";

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// A store that is read.
pub(crate) struct Source(Conn);

/// Some rows, and the place of the last of them.
pub(crate) struct Page {
    pub(crate) rows: Vec<Texts>,
    /// As an `SQLite` literal; `None` when there are no rows.
    pub(crate) last: Option<String>,
}

impl Source {
    /// Opens it beside others.
    pub(crate) fn look(path: &Path) -> Result<Self, MoveError> {
        let Some(path) = path.to_str() else {
            return Err(MoveError::Connect(ConnectError::MalformedUrl(
                "sqlite: wants a path that is UTF-8",
            )));
        };
        let status = migrations::status(path).map_err(|error| match error {
            MigrateError::Unreachable(reason) if reason.contains(LOCKED) => MoveError::InUse,
            error => MoveError::Schema(error),
        })?;
        if status != SchemaStatus::default() {
            return Err(MoveError::SourceSchema);
        }
        let unreachable = |error: diesel::ConnectionError| MoveError::Schema(error.into());
        Conn::establish(path).map(Self).map_err(unreachable)
    }

    /// Opens it and keeps everybody else out.
    pub(crate) fn take(path: &Path) -> Result<Self, MoveError> {
        let mut source = Self::look(path)?;
        match source.0.batch_execute(ALONE) {
            Ok(()) => Ok(source),
            Err(diesel::result::Error::DatabaseError(_, information))
                if information.message().contains(LOCKED) =>
            {
                Err(MoveError::InUse)
            }
            Err(error) => Err(MoveError::refused("the SQLite store")(error)),
        }
    }

    /// What tells whether it is still the store that was seen.
    pub(crate) fn fingerprint(&mut self) -> Result<String, MoveError> {
        let one: QueryResult<One> = diesel::sql_query(FINGERPRINT).get_result(&mut self.0);
        let one = one.map_err(MoveError::refused("the SQLite store"))?;
        Ok(one.text)
    }

    /// Every table and its rows.
    pub(crate) fn tables(&mut self) -> Result<Vec<(String, u64)>, MoveError> {
        let names: QueryResult<Vec<One>> = diesel::sql_query(TABLES).load(&mut self.0);
        let names = names.map_err(MoveError::refused("the SQLite store"))?;
        let mut tables = Vec::with_capacity(names.len());
        for One { text: name } in names {
            let count: QueryResult<Count> =
                diesel::sql_query(format!("SELECT count(*) AS rows FROM \"{name}\""))
                    .get_result(&mut self.0);
            let count = count.map_err(MoveError::refused(&name))?;
            tables.push((name, count.rows.unsigned_abs()));
        }
        Ok(tables)
    }

    /// The rows after a place, at most `limit` of them and about `bytes` bytes.
    pub(crate) fn page(
        &mut self,
        table: &Table,
        after: Option<&str>,
        limit: u32,
        bytes: usize,
    ) -> Result<Page, MoveError> {
        let refused = MoveError::refused(&table.name);
        let key = self.key(table)?;
        let place: Vec<String> = key
            .iter()
            .map(|column| format!("quote({column})"))
            .collect();
        let (place, key) = (place.join(" || ',' || "), key.join(", "));
        let beyond = after.map_or(String::new(), |after| format!("WHERE ({key}) > ({after})"));
        let columns = columns(table);
        let statement = format!(
            "SELECT {columns}, {place} FROM \"{}\" {beyond} ORDER BY {key} LIMIT {limit}",
            table.name
        );
        let mut page = Page {
            rows: Vec::new(),
            last: None,
        };
        let read = (|| {
            let mut size = 0;
            let rows =
                diesel::sql_query(statement).load_iter::<Texts, DefaultLoadingMode>(&mut self.0)?;
            for row in rows {
                let mut row = row?;
                page.last = row.0.pop().flatten();
                size += row.0.iter().flatten().map(String::len).sum::<usize>();
                page.rows.push(row);
                if size >= bytes {
                    break;
                }
            }
            QueryResult::Ok(())
        })();
        read.map_err(refused)?;
        Ok(page)
    }

    /// What all rows of a table are.
    pub(crate) fn digest(&mut self, table: &Table) -> Result<Digest, MoveError> {
        let statement = format!("SELECT {} FROM \"{}\"", columns(table), table.name);
        let mut digest = Digest::default();
        let read = (|| {
            let rows =
                diesel::sql_query(statement).load_iter::<Texts, DefaultLoadingMode>(&mut self.0)?;
            for row in rows {
                digest.add(&row?);
            }
            QueryResult::Ok(())
        })();
        read.map_err(MoveError::refused(&table.name))?;
        Ok(digest)
    }

    /// What rows are read in the order of: where they lie.
    fn key(&mut self, table: &Table) -> Result<Vec<String>, MoveError> {
        let name = &table.name;
        let keys = format!(
            "SELECT '\"' || i.name || '\"' AS text FROM pragma_table_list('{name}') t, pragma_table_info('{name}') i \
             WHERE t.schema = 'main' AND t.wr = 1 AND i.pk > 0 ORDER BY i.pk"
        );
        let keys: QueryResult<Vec<One>> = diesel::sql_query(keys).load(&mut self.0);
        let keys = keys.map_err(MoveError::refused(name))?;
        Ok(if keys.is_empty() {
            vec!["rowid".to_owned()]
        } else {
            keys.into_iter().map(|one| one.text).collect()
        })
    }
}

fn columns(table: &Table) -> String {
    table.list(|column| {
        column
            .form
            .read_from_sqlite(&format!("\"{}\"", column.name))
    })
}
