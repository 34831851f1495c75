//! Access policies of Grantor, judged with Cedar.
//!
//! Every engine becomes Cedar: `allow`, `matcho` and `complex` are read into a small tree of tests
//! ([`logic`]) that is written as a Cedar policy, and `cedar` is Cedar already. Nothing here knows a
//! database, HTTP or a configuration file. What the engines mean is in
//! `docs/explanation/access-policies.md`.

mod cedar_depth;
mod cedar_form;
mod cedar_needs;
mod cedar_text;
mod concern;
mod engine;
mod explain;
mod facts;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod hearing;
mod judge;
mod likely;
mod limits;
mod logic;
mod matcho;
mod node;
mod path;
mod pattern;
mod request;
mod rule;
mod scalar;
mod statements;
#[cfg(test)]
mod tests;

pub use engine::CedarEngine;
