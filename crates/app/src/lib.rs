//! The `grantor` program: configuration, commands, and the wiring of every adapter.
//! It is a library so that tests reach wiring and configuration.

mod awaited;
pub mod bootstrap;
pub mod commands;
pub mod config;
mod counted_log;
pub mod failure;
pub mod hardening;
pub mod maintenance;
pub mod serving;
pub mod shutdown;
pub mod system;
pub mod telemetry;
pub mod tls;
pub mod wiring;
