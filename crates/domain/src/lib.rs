//! An OAuth 2.0 authorization server as a library: grants, tokens and sessions over ports.
//!
//! In reading order, this crate's words are:
//!
//! - [`server::AuthorizationServer`]: ports and a policy; every workflow is a method of it.
//! - [`grants`]: how a token is asked for. [`grants::TokenRequest`] in, [`tokens::TokenResponse`] out.
//! - [`sessions`]: one granted relationship and its live token pair. `sessions/refresh.rs` is the
//!   decision everything else leads to.
//! - [`tokens`]: formats, claims, introspection and revocation.
//! - [`clients`] and [`users`]: who asks, and on whose behalf.
//! - [`browser`]: signing in with a browser, and out again.
//! - [`caller`]: who calls the administrative side, and in whose name.
//! - [`access`] and [`roles`]: the policies that say who may call what.
//! - [`audit`]: what happened, as it was recorded, and the chain that shows that nobody altered it.
//! - [`ports`]: what is needed from outside. Nothing here reads a clock, a file or a socket.
//! - [`reason`] and [`fault`]: a rule that says no, and an outside that does not answer.
//!
//! With the feature `mocks`, every port has a mockall mock in [`ports`].

pub mod access;
pub mod audit;
pub mod browser;
pub mod bundle;
pub mod caller;
pub mod clients;
pub mod document;
pub mod error;
pub mod event;
pub mod fault;
pub mod grants;
pub mod hour;
pub mod id;
pub mod keys;
#[cfg(test)]
mod mocked;
pub mod origin;
pub mod policy;
pub mod ports;
mod pseudonym;
pub mod reason;
mod resource_id;
pub mod resources;
pub mod revision;
pub mod roles;
pub mod scope;
pub mod secret;
pub mod server;
pub mod sessions;
pub mod setup;
pub mod time;
pub mod tokens;
pub mod users;
pub mod violation;
pub mod window;

pub use error::Error;
pub use fault::Fault;
pub use reason::Reason;
pub use server::{AuthorizationServer, Ports};
