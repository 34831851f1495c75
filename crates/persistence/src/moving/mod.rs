//! Moving an `SQLite` store into Postgres: whatever tables and columns there are, as texts.
//!
//! What was copied is remembered in the target, in the transaction that copied it, so a move that was
//! interrupted goes on where it stood. While that table is there no program serves from the target.

mod digest;
mod error;
mod table;

use grantor_domain::event::Event;
use grantor_domain::time::Timestamp;

pub(crate) use digest::Digest;
pub use error::MoveError;
pub(crate) use table::{Column, Form, Table, Texts, order};

use crate::options::{ConnectError, DatabaseOptions, Location};
use crate::{postgres, sqlite};

/// Most bytes of a batch, so that large documents do not fill the memory.
const BATCH_BYTES: usize = 8 << 20;

/// How far a move of a table is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The table.
    pub table: &'a str,
    /// Rows that are in the target.
    pub copied: u64,
    /// Rows of the source.
    pub rows: u64,
}

/// A table whose copy was found equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 of each row, combined without regard to their order, in hexadecimal digits.
    pub digest: String,
}

/// What a move finds in its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// No table of this program; migrations are run first.
    Empty,
    /// The tables, and nothing in them but what migrations leave.
    Ready,
    /// A move of this very store that has not ended.
    Begun,
    /// A move that has not ended, of another store or of this one before it changed.
    BegunOtherwise,
}

/// An `SQLite` store that nobody else has open, and a Postgres to copy it into.
pub struct Move {
    source: sqlite::Source,
    target: postgres::Target,
    state: TargetState,
}

impl Move {
    /// Looks at both stores. Nothing is written.
    ///
    /// # Errors
    /// [`MoveError`] when they are not an `SQLite` store of this program's schema and a Postgres that is
    /// empty, freshly migrated, or the target of a move that has not ended.
    pub fn look(from: &DatabaseOptions, to: &DatabaseOptions) -> Result<Self, MoveError> {
        Self::between(from, to, sqlite::Source::look)
    }

    /// Looks at both stores, and keeps everybody else out of the source until it is dropped.
    ///
    /// # Errors
    /// As [`Move::look`], and [`MoveError::InUse`] while a program has the source open.
    pub fn begin(from: &DatabaseOptions, to: &DatabaseOptions) -> Result<Self, MoveError> {
        Self::between(from, to, sqlite::Source::take)
    }

    fn between(
        from: &DatabaseOptions,
        to: &DatabaseOptions,
        open: fn(&std::path::Path) -> Result<sqlite::Source, MoveError>,
    ) -> Result<Self, MoveError> {
        let (Location::Sqlite(path), Location::Postgres(url)) = (from.location()?, to.location()?)
        else {
            return Err(MoveError::WrongKinds);
        };
        if !path.exists() {
            return Err(MoveError::Connect(ConnectError::File {
                path: path.display().to_string(),
                reason: "there is no such file".to_owned(),
            }));
        }
        let mut source = open(&path)?;
        let mut target = postgres::Target::open(&url)?;
        let state = target.state(&source.fingerprint()?)?;
        Ok(Self {
            source,
            target,
            state,
        })
    }

    /// What was found in the target.
    #[must_use]
    pub const fn target(&self) -> &TargetState {
        &self.state
    }

    /// The tables of the source and how many rows each has.
    ///
    /// # Errors
    /// [`MoveError`] when the source cannot be read.
    pub fn tables(&mut self) -> Result<Vec<(String, u64)>, MoveError> {
        self.source.tables()
    }

    /// Copies all that is not copied yet, in batches of at most `batch` rows, and tells of each. With
    /// `restart`, a move that was begun otherwise is begun anew.
    ///
    /// # Errors
    /// [`MoveError`] when a database refuses; what was copied until then stays copied.
    pub fn copy(
        &mut self,
        now: Timestamp,
        batch: u32,
        restart: bool,
        tell: &mut dyn FnMut(&Progress<'_>) -> Result<(), MoveError>,
    ) -> Result<(), MoveError> {
        let fingerprint = self.source.fingerprint()?;
        match self.state {
            TargetState::BegunOtherwise if !restart => return Err(MoveError::OtherSource),
            TargetState::Begun if !restart => {}
            TargetState::Empty | TargetState::Ready => self.target.prepare(&fingerprint, now)?,
            TargetState::Begun | TargetState::BegunOtherwise => {
                self.target.begin_anew(&fingerprint)?;
            }
        }
        self.state = TargetState::Begun;
        let counts = self.source.tables()?;
        for table in self.target.tables()? {
            let rows = counts.iter().find(|(name, _)| *name == table.name);
            let rows = rows.map(|(_, rows)| *rows);
            let rows = rows.ok_or_else(|| MoveError::Shape(table.name.clone()))?;
            self.copy_table(&table, rows, batch, tell)?;
        }
        Ok(())
    }

    fn copy_table(
        &mut self,
        table: &Table,
        rows: u64,
        batch: u32,
        tell: &mut dyn FnMut(&Progress<'_>) -> Result<(), MoveError>,
    ) -> Result<(), MoveError> {
        let mut place = self.target.place(table)?;
        loop {
            let page = self
                .source
                .page(table, place.after.as_deref(), batch, BATCH_BYTES)?;
            let Some(last) = page.last.clone() else {
                return tell(&Progress {
                    table: &table.name,
                    copied: place.copied,
                    rows,
                });
            };
            place.copied += page.rows.len() as u64;
            place.after = Some(last);
            self.target.write(table, page.rows, &place)?;
            if place.copied < rows {
                tell(&Progress {
                    table: &table.name,
                    copied: place.copied,
                    rows,
                })?;
            }
        }
    }

    /// Reads every row of both stores and compares them, then lets the target's numbers follow.
    ///
    /// # Errors
    /// [`MoveError::Differs`] when a table is not what it was copied from.
    pub fn verify(&mut self, tell: &mut dyn FnMut(&Moved)) -> Result<(), MoveError> {
        for table in self.target.tables()? {
            let source = self.source.digest(&table)?;
            let target = self.target.digest(&table)?;
            if source != target {
                return Err(MoveError::Differs {
                    table: table.name,
                    source_rows: source.rows(),
                    target_rows: target.rows(),
                });
            }
            tell(&Moved {
                table: table.name,
                rows: source.rows(),
                digest: source.to_text(),
            });
        }
        self.target.follow_numbers()
    }

    /// Ends the move with its events, durably: from now on the target serves.
    ///
    /// # Errors
    /// [`MoveError`] when it is not known whether it ended.
    pub fn finish(mut self, events: &[Event]) -> Result<(), MoveError> {
        self.target.finish(events)
    }
}
