//! Clients, users, roles and policies: found, made, changed and removed, the same for all four.
//!
//! `described` says what differs between them; each type's file is its tables. Everything else is
//! written once: `list`, `create`, `one` (the page), `change` (its form), `stale` (when somebody
//! was faster), `history`, `at_once` (what takes one button) and `once` (what is shown once).

mod at_once;
mod cell;
mod change;
mod clients;
mod create;
mod described;
mod history;
mod list;
mod once;
mod one;
mod policies;
mod roles;
mod rotate;
mod stale;
mod users;

pub(super) use at_once::{disable, enable, force_reset, remove};
pub(super) use change::change;
pub(super) use create::{create, new};
pub(super) use history::show as history;
pub(super) use list::show as list;
pub(super) use one::show as one;
pub(super) use policies::DESCRIBED as POLICIES;
pub(super) use rotate::rotate;

/// The four, as a segment of a path.
pub(super) const TYPE: &str = "{type:clients|users|roles|policies}";
