//! Resources that are kept: searched, paged, changed, guarded, and told of, in each format.

mod broken_bodies;
mod conditions;
mod formats;
mod history;
mod hostile_searches;
mod pages;
mod patches;
mod search;
mod secrets;
