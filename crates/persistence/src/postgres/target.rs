//! A Postgres as what another store is copied into.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use grantor_domain::event::Event;
use grantor_domain::time::Timestamp;

use crate::moving::{Column, Digest, Form, MoveError, Table, TargetState, Texts, order};

use super::queries::events;
use super::{Backend, Conn, migrations};

/// Batches need not be on disk one by one: the commit that ends the move is, and all before it with it.
const SETTINGS: &str = "\
    SET synchronous_commit = off; \
    SET statement_timeout = 0; \
    SET lock_timeout = '30s'; \
    SET application_name = 'grantor move'";

/// The key of the advisory lock: "movestor" in ASCII. It ends with the connection.
const LOCK: &str = "SELECT pg_try_advisory_lock(7885647162702917490) AS answer";

/// How often the lock is asked for. A move that was killed holds it until Postgres has noticed.
const TRIES: u32 = 50;
const PAUSE: &str = "SELECT pg_sleep(0.2)";

/// Where the progress is remembered. While it is there, nothing else here counts.
const PROGRESS: &str = "\
    CREATE TABLE grantor_move ( \
        name text COLLATE \"C\" PRIMARY KEY, after text, copied bigint NOT NULL \
    )";

/// The row of the progress that names the source.
const OF_SOURCE: &str = "";

const COLUMNS: &str = "\
    SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL) \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') \
    AND c.relname NOT IN ('__diesel_schema_migrations', 'grantor_move', 'schema_change') \
    ORDER BY c.relname, a.attnum";

const REFERENCES: &str = "\
    SELECT f.relname::text, t.relname::text FROM pg_constraint k \
    JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid \
    WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace";

const NUMBERED: &str = "\
    SELECT c.relname::text, a.attname::text FROM pg_class c \
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')";

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

/// How far the copy of a table is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// The last row that was copied, in the words of the source.
    pub(crate) after: Option<String>,
    /// How many were.
    pub(crate) copied: u64,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Nullable<Text>)]
    after: Option<String>,
    #[diesel(sql_type = BigInt)]
    copied: i64,
}

/// A database that is written.
pub(crate) struct Target {
    conn: Conn,
    url: String,
}

fn refused(error: diesel::result::Error) -> MoveError {
    MoveError::refused("the target")(error)
}

impl Target {
    /// Connects, and keeps other moves out.
    pub(crate) fn open(url: &str) -> Result<Self, MoveError> {
        let unreachable = |error: diesel::ConnectionError| MoveError::Schema(error.into());
        let mut target = Self {
            conn: Conn::establish(url).map_err(unreachable)?,
            url: url.to_owned(),
        };
        target.conn.batch_execute(SETTINGS).map_err(refused)?;
        for _ in 0..TRIES {
            if target.ask(LOCK)? {
                return Ok(target);
            }
            target.conn.batch_execute(PAUSE).map_err(refused)?;
        }
        Err(MoveError::AnotherMove)
    }

    fn ask(&mut self, question: &str) -> Result<bool, MoveError> {
        let answer: QueryResult<Answer> = diesel::sql_query(question).get_result(&mut self.conn);
        answer.map(|answer| answer.answer).map_err(refused)
    }

    /// What is in it; an error when that is somebody else's.
    pub(crate) fn state(&mut self, fingerprint: &str) -> Result<TargetState, MoveError> {
        let status = migrations::status(&self.url)?;
        if !status.unknown.is_empty() {
            return Err(MoveError::TargetSchema);
        }
        if status.unfinished_move {
            let place = self.place_of(OF_SOURCE)?;
            return Ok(if place.after.as_deref() == Some(fingerprint) {
                TargetState::Begun
            } else {
                TargetState::BegunOtherwise
            });
        }
        let names = self.texts::<3>(COLUMNS)?.into_iter().map(|[name, ..]| name);
        let mut names: Vec<String> = names.collect();
        names.dedup();
        if !self.ask("SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS answer")? {
            return match names.first() {
                Some(name) => Err(MoveError::Foreign(format!("it has a table {name}"))),
                None => Ok(TargetState::Empty),
            };
        }
        for name in &names {
            self.expect_untouched(name)?;
        }
        Ok(TargetState::Ready)
    }

    /// Migrations leave events of their own, and where the counts of events stand.
    fn expect_untouched(&mut self, table: &str) -> Result<(), MoveError> {
        let rows = match table {
            "event" => "WHERE kind <> 'migration.applied'",
            "event_counted" => "WHERE until <> 0",
            _ => "",
        };
        if self.ask(&format!(
            "SELECT EXISTS (SELECT FROM \"{table}\" {rows}) AS answer"
        ))? {
            return Err(MoveError::Foreign(format!("there are rows in {table}")));
        }
        Ok(())
    }

    /// Brings the schema up to date, empties what migrations left, and says whose copy this is.
    pub(crate) fn prepare(&mut self, fingerprint: &str, now: Timestamp) -> Result<(), MoveError> {
        migrations::run(&self.url, now)?;
        let tables = self.tables()?;
        let prepared = self.conn.transaction(|conn| {
            conn.batch_execute(PROGRESS)?;
            empty(conn, &tables)?;
            remember(conn, OF_SOURCE, Some(fingerprint), 0)
        });
        prepared.map_err(refused)
    }

    /// Forgets what was copied.
    pub(crate) fn begin_anew(&mut self, fingerprint: &str) -> Result<(), MoveError> {
        migrations::run(&self.url, Timestamp::from_micros(0))?;
        let tables = self.tables()?;
        let emptied = self.conn.transaction(|conn| {
            empty(conn, &tables)?;
            conn.batch_execute("DELETE FROM grantor_move")?;
            remember(conn, OF_SOURCE, Some(fingerprint), 0)
        });
        emptied.map_err(refused)
    }

    /// Every table, those that others refer to first.
    pub(crate) fn tables(&mut self) -> Result<Vec<Table>, MoveError> {
        let mut tables: Vec<Table> = Vec::new();
        for [table, name, data_type] in self.texts(COLUMNS)? {
            let form = Form::parse(&data_type);
            let form = form.ok_or_else(|| MoveError::Shape(format!("{table}.{name}")))?;
            let column = Column { name, form };
            match tables.last_mut() {
                Some(last) if last.name == table => last.columns.push(column),
                _ => tables.push(Table {
                    name: table,
                    columns: vec![column],
                }),
            }
        }
        let references = self.texts(REFERENCES)?;
        let references: Vec<(String, String)> = references.into_iter().map(<_>::from).collect();
        order(tables, &references)
    }

    fn texts<const N: usize>(&mut self, query: &str) -> Result<Vec<[String; N]>, MoveError> {
        let rows: QueryResult<Vec<Texts>> = diesel::sql_query(query).load(&mut self.conn);
        let rows = rows.map_err(refused)?.into_iter().map(Texts::take);
        let rows: Option<_> = rows.collect();
        rows.ok_or_else(|| MoveError::Shape("a name".to_owned()))
    }

    /// How far the copy of a table is.
    pub(crate) fn place(&mut self, table: &Table) -> Result<Place, MoveError> {
        self.place_of(&table.name)
    }

    fn place_of(&mut self, name: &str) -> Result<Place, MoveError> {
        let place: QueryResult<Option<PlaceRow>> =
            diesel::sql_query("SELECT after, copied FROM grantor_move WHERE name = $1")
                .bind::<Text, _>(name)
                .get_result(&mut self.conn)
                .optional();
        let place = place.map_err(refused)?.map(|row| Place {
            after: row.after,
            copied: row.copied.unsigned_abs(),
        });
        Ok(place.unwrap_or_default())
    }

    /// Writes rows and how far they reach, or nothing.
    pub(crate) fn write(
        &mut self,
        table: &Table,
        rows: Vec<Texts>,
        place: &Place,
    ) -> Result<(), MoveError> {
        let names = table.list(|column| format!("\"{}\"", column.name));
        let values = table.list(|column| {
            column
                .form
                .write_to_postgres(&format!("\"{}\"", column.name))
        });
        let given: Vec<String> = (1..=table.columns.len()).map(|n| format!("${n}")).collect();
        let statement = format!(
            "INSERT INTO \"{}\" ({names}) OVERRIDING SYSTEM VALUE SELECT {values} FROM unnest({}) AS given ({names})",
            table.name,
            given.join(", ")
        );
        let mut insert = diesel::sql_query(statement).into_boxed::<Backend>();
        for column in turned(rows, table.columns.len()) {
            insert = insert.bind::<Array<Nullable<Text>>, _>(column);
        }
        let copied = i64::try_from(place.copied).unwrap_or(i64::MAX);
        let written = self.conn.transaction(|conn| {
            insert.execute(conn)?;
            remember(conn, &table.name, place.after.as_deref(), copied)
        });
        written.map_err(MoveError::refused(&table.name))
    }

    /// What all rows of a table are.
    pub(crate) fn digest(&mut self, table: &Table) -> Result<Digest, MoveError> {
        let columns = table.list(|column| {
            column
                .form
                .read_from_postgres(&format!("\"{}\"", column.name))
        });
        let statement = format!("SELECT {columns} FROM \"{}\"", table.name);
        let mut digest = Digest::default();
        let read = (|| {
            let rows = diesel::sql_query(statement)
                .load_iter::<Texts, PgRowByRowLoadingMode>(&mut self.conn)?;
            for row in rows {
                digest.add(&row?);
            }
            QueryResult::Ok(())
        })();
        read.map_err(MoveError::refused(&table.name))?;
        Ok(digest)
    }

    /// Numbers that are given from now on come after those that were copied. The statistics are made
    /// anew, so that the first questions are planned well.
    pub(crate) fn follow_numbers(&mut self) -> Result<(), MoveError> {
        for [table, column] in self.texts(NUMBERED)? {
            let follow = format!(
                "SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), max(\"{column}\")) FROM \"{table}\""
            );
            self.conn.batch_execute(&follow).map_err(refused)?;
        }
        self.conn.batch_execute("ANALYZE").map_err(refused)
    }

    /// Ends it, durably.
    pub(crate) fn finish(&mut self, of_move: &[Event]) -> Result<(), MoveError> {
        let finished = self.conn.transaction(|conn| {
            conn.batch_execute("SET LOCAL synchronous_commit = on; DROP TABLE grantor_move")?;
            events::append(conn, of_move)
        });
        finished.map_err(refused)
    }
}

fn empty(conn: &mut Conn, tables: &[Table]) -> QueryResult<()> {
    let names: Vec<String> = tables
        .iter()
        .map(|table| format!("\"{}\"", table.name))
        .collect();
    conn.batch_execute(&format!("TRUNCATE {} RESTART IDENTITY", names.join(", ")))
}

fn remember(conn: &mut Conn, name: &str, after: Option<&str>, copied: i64) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO grantor_move (name, after, copied) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET after = excluded.after, copied = excluded.copied",
    )
    .bind::<Text, _>(name)
    .bind::<Nullable<Text>, _>(after)
    .bind::<BigInt, _>(copied)
    .execute(conn)
    .map(drop)
}

/// Rows as columns.
fn turned(rows: Vec<Texts>, width: usize) -> Vec<Vec<Option<String>>> {
    let mut columns: Vec<Vec<Option<String>>> = Vec::new();
    columns.resize_with(width, || Vec::with_capacity(rows.len()));
    for Texts(row) in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}
