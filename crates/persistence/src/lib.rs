//! Grantor's storage ports on SQLite and Postgres.
//!
//! Every statement is written once, in `queries/`, and compiled twice: as `postgres::queries` and as
//! `sqlite::queries`. So is `adapter.rs`, where the ports meet the statements. What only one database
//! has lives in that database's folder.

#![expect(
    clippy::duplicate_mod,
    reason = "`queries/` and `adapter.rs` are compiled once a database"
)]

mod backup;
mod documents;
mod fault;
mod group;
mod migrate;
mod options;
mod pool;
mod postgres;
mod schema;
mod secrets;
mod sqlite;
mod store;
mod vitals;

pub use backup::BackupError;
pub use migrate::{MigrateError, SchemaStatus};
pub use options::{ConnectError, DatabaseOptions};
pub use sqlite::Restore;
pub use store::Persistence;
pub use vitals::{Setting, Vitals};
