//! Resources that are kept: searched, paged, changed, guarded, and told of, in each format.

mod pages;
mod search;
