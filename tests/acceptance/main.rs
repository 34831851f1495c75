//! What Grantor promises, asked of the running server: one file a feature, every store alike.

#![cfg(test)]

#[macro_use]
mod support;

mod audit;
mod bad_input;
mod bundles;
mod client_attributes;
mod client_credentials;
mod clients_and_users;
mod console;
mod guessing;
mod introspection;
mod jwt;
mod master_key;
mod metadata;
mod model;
mod moving;
mod oauth2_crate;
mod openapi;
mod operation;
mod overload;
mod own_passwords;
mod passwords;
mod policies;
mod program;
mod redis_budgets;
mod refresh;
mod replicas;
mod resources;
mod revocation;
mod roles_table;
mod runbooks;
mod sameness;
mod secrets_at_rest;
mod seeds;
mod sessions;
mod strangers;
mod throttle;
mod unavailable;
mod upgrade;
mod watched;
