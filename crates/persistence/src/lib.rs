//! Grantor's storage ports on SQLite and Postgres.
//!
//! Every statement is written once, in `queries/`, and compiled twice: as `postgres::queries` and as
//! `sqlite::queries`. So is `adapter.rs`, where the ports meet the statements. What only one database
//! has lives in that database's folder.

#![expect(
    clippy::duplicate_mod,
    reason = "`queries/` and `adapter.rs` are compiled once a database"
)]

mod documents;
mod fault;
mod group;
mod measure;
mod migrate;
mod options;
mod pool;
mod postgres;
mod schema;
mod secrets;
mod sqlite;
mod store;

pub use migrate::{MigrateError, SchemaStatus};
pub use options::{ConnectError, DatabaseOptions};
pub use pool::Connections;
pub use store::Persistence;
