//! Resources that are kept: searched, paged, changed, guarded, and told of, in each format.

mod conditions;
mod formats;
mod history;
mod hostile;
mod pages;
mod patches;
mod search;
mod secrets;
