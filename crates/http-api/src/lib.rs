//! Grantor's HTTP interface: what goes in and out as bytes, and nothing that decides.
//!
//! In reading order:
//!
//! - `routes`: the one list of endpoints; `openapi` describes it.
//! - `oauth`, `account`, `keys`, `access` and `resources`: one endpoint a file: what it reads, its handler, what it answers.
//! - `body` and `extract`: requests into values, or into a `Failure`.
//! - `blocking`: the one hop off the event loop, in two lanes.
//! - `error`: the only place that writes a failing status.
//! - `frame`: what every answer has: headers, a request id, a line in the log.
//! - `console`: pages for browsers, each made of what the API answers.
//! - `operations`: health and metrics, on a listener of their own.

mod access;
mod account;
mod blocking;
mod body;
pub mod bundle;
mod console;
mod cors;
mod docs;
mod error;
mod extract;
mod frame;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod headers;
mod keys;
mod listen;
mod negotiate;
mod oauth;
mod observe;
mod openapi;
mod operations;
mod options;
mod reference;
mod reply;
mod resources;
mod routes;
mod state;
mod survive;
#[cfg(test)]
mod tests;
mod trace;

pub use blocking::is_given_up;
pub use listen::{HttpServer, start};
pub use openapi::openapi_document;
pub use options::{
    HttpOptions, LaneOptions, Operations, PageLinkKey, RequestSpan, SpanSink, TimeLimits,
};
pub use reference::errors_reference;
pub use resources::{WirePortraits, audit_event_json};
pub use trace::Trace;
