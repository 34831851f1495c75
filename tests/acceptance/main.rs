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
mod introspection;
mod jwt;
mod metadata;
mod model;
mod oauth2_crate;
mod openapi;
mod overload;
mod own_passwords;
mod passwords;
mod policies;
mod program;
mod refresh;
mod replicas;
mod resources;
mod revocation;
mod roles_table;
mod runbooks;
mod secrets_at_rest;
mod seeds;
mod sessions;
mod strangers;
mod throttle;
mod unavailable;
