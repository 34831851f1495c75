//! Grantor's storage ports on SQLite and Postgres.
//!
//! Every statement is written once, in `queries/`, and compiled twice: as `postgres::queries` and as
//! `sqlite::queries`. So is `adapter/`, where the ports meet the statements. What only one database
//! has lives in that database's folder.

#![expect(
    clippy::duplicate_mod,
    reason = "`queries/` and `adapter/` are compiled once a database"
)]

mod backup;
mod documents;
mod effect;
mod fault;
mod group;
mod measure;
mod migrate;
mod moving;
mod options;
mod plan;
mod pool;
mod postgres;
mod schema;
mod scripts;
mod secrets;
mod sqlite;
mod statements;
mod store;
mod vitals;

pub use backup::BackupError;
pub use effect::{Effect, Lock, Work};
pub use migrate::{MigrateError, SchemaStatus};
pub use moving::{Move, MoveError, Moved, Progress, TargetState};
pub use options::{ConnectError, DatabaseOptions};
pub use plan::{PlannedMigration, PlannedStatement};
pub use pool::Connections;
pub use scripts::Kind;
pub use sqlite::Restore;
pub use store::Persistence;
pub use vitals::{Setting, Vitals};
