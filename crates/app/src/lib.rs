//! The `grantor` program: configuration, commands, and the wiring of every adapter.
//! It is a library so that tests reach wiring and configuration.

mod awaited;
pub mod bootstrap;
pub mod commands;
pub mod config;
mod counted_log;
pub mod doctor;
mod exporting;
pub mod failure;
pub mod hardening;
mod log_lines;
pub mod maintenance;
pub mod metrics;
pub mod panics;
mod readiness;
pub mod reload;
mod schema;
pub mod serving;
pub mod shutdown;
pub mod system;
pub mod telemetry;
pub mod tls;
pub mod wiring;
