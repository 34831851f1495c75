//! Every statement, written once. This folder is compiled twice, as `postgres::queries` and as
//! `sqlite::queries`, and speaks only of the names below, which each side defines in its own way.

use super::{ANTI_JOINS, Backend, Conn, insert_all};

/// Rows that are written by one statement: few enough for what a statement may bind.
const AT_ONCE: usize = 500;

/// A condition that holds, for statements with a long list. Diesel keeps none prepared that has SQL
/// written out, and Postgres would keep the plan of the first five: to read the whole table, which
/// was small then, and to compare each row with each value of the list.
fn planned_anew() -> diesel::expression::SqlLiteral<diesel::sql_types::Bool> {
    diesel::dsl::sql("TRUE")
}

pub(crate) mod browser_notes;
pub(crate) mod chain;
pub(crate) mod clients;
pub(crate) mod event_counts;
mod event_row;
pub(crate) mod event_search;
pub(crate) mod events;
pub(crate) mod familiar_networks;
mod history;
mod index;
mod kept;
mod pages;
pub(crate) mod policies;
pub(crate) mod resources;
pub(crate) mod roles;
pub(crate) mod schema_changes;
pub(crate) mod session_census;
pub(crate) mod session_row;
pub(crate) mod session_search;
pub(crate) mod session_update;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
pub(crate) mod throttle;
pub(crate) mod users;
