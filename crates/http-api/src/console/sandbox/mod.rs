//! The sandbox: a grant from its first request to its last, against this server.
//!
//! Each step makes the exact request it shows, sends it in process, and shows the exact answer. What
//! was filled in and what came back are notes beside the browser's session (`notes`), so they survive
//! a reload, the back button and another replica.
//!
//! In reading order: `grant` (which steps there are), `fields` (what a form has), `requests` (what is
//! sent), `message` (how it is written), `notes`, `act` and `clean_up` (what a form does), `show`.

mod act;
mod body;
mod cards;
mod clean_up;
mod curl;
mod fields;
mod grant;
mod jwt;
mod message;
mod notes;
mod remaining;
mod requests;
mod show;
mod stepper;
mod tokens;
mod verdict;

pub(super) use act::act;
pub(super) use clean_up::clean_up;
pub(super) use show::{begin, show};
