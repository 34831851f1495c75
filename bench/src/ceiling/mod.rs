//! What the machine could reach, measured in the same minutes by small programs that do one thing alone.

mod argon2id;
mod empty;
mod signatures;
mod table;
mod together;

use std::time::Duration;

use crate::failure::Outcome;
use crate::load::Loader;
use crate::server::Signing;

pub(crate) use argon2id::{Cost, hash};
pub(crate) use empty::{Empty, Question, answer, wanted_address};
pub(crate) use signatures::{sign, verify};
pub(crate) use table::Table;
pub(crate) use together::Rate;

/// The one thing that a scenario cannot do without.
pub(crate) enum Yardstick {
    /// Argon2id, reusing its memory.
    Hashes(Cost),
    /// Durable commits of a row: on SQLite by one connection, on Postgres by as many as the load has.
    Inserts(Table),
    /// Reads by primary key, on as many connections as the load has.
    Reads(Table),
    /// Signatures with a kept key.
    Signatures(Signing),
    /// Answers of a server that does nothing, to as many connections as the load has.
    Answers(Empty, Question),
}

/// What is measured beside.
#[derive(Clone, Copy)]
pub(crate) struct Beside<'a> {
    /// What drives the server.
    pub(crate) loader: &'a Loader,
    /// Connections of the load.
    pub(crate) connections: u32,
    /// Cores there are for what takes nothing but CPU time.
    pub(crate) cores: usize,
    /// For how long to measure.
    pub(crate) duration: Duration,
}

impl Yardstick {
    /// What is counted.
    pub(crate) const fn what(&self) -> &'static str {
        match self {
            Self::Hashes(_) => "raw hashes",
            Self::Inserts(_) => "one-row inserts",
            Self::Reads(_) => "primary-key reads",
            Self::Signatures(_) => "signatures",
            Self::Answers(..) => "empty answers",
        }
    }

    /// How often a second. One connection can keep one core busy, so where only CPU time counts, it is one thread's.
    pub(crate) fn measure(&self, beside: Beside<'_>) -> Outcome<Rate> {
        let connections = beside.connections as usize;
        let threads = beside.cores.min(connections);
        match self {
            Self::Hashes(cost) => hash(*cost, threads, beside.duration),
            Self::Inserts(table) => table.insert(connections, beside.duration),
            Self::Reads(table) => table.read(connections, beside.duration),
            Self::Signatures(signing) => sign(*signing, threads, beside.duration),
            Self::Answers(empty, question) => {
                let load = (beside.loader, beside.connections);
                let per_second = empty.ask(*question, load, beside.duration)?;
                Ok(Rate {
                    per_second,
                    cpu_milliseconds: 0.0,
                })
            }
        }
    }
}
