//! Resources in FHIR's shape, at `/` and at `/fhir` alike. What can be done with one is in
//! `interaction`; `wire` is what each type says of its JSON.

mod answer;
pub(crate) mod audit_event;
pub(crate) mod batch;
mod body;
pub(crate) mod client;
mod close_sessions;
mod conditions;
mod handlers;
mod hours;
mod instant;
pub(crate) use instant::{beginning, instant};
mod interaction;
mod meta;
mod operation_outcome;
mod patch;
pub(crate) mod policy;
mod portraits;
mod reference;
pub(crate) mod role;
mod search;
pub(crate) mod session;
pub(crate) mod session_count;
pub(crate) mod session_search;
pub(crate) mod user;
mod wire;
mod write_only;

pub(crate) use answer::Place;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use audit_event::EventCriteria;
pub use audit_event::audit_event_json;
pub(crate) use body::{ResourceBody, members_of, typed};
pub(crate) use conditions::Conditions;
pub(crate) use operation_outcome::OperationOutcome;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use patch::Patch;
pub use portraits::WirePortraits;
pub(crate) use reference::{Dialect, ReferenceBody};
pub(crate) use search::PageKey;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use search::{Criteria, HistoryCriteria, Query, ResourceCriteria, Sent};
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use session_search::SessionCriteria;
pub(crate) use user::user_members;
pub(crate) use wire::Wire;
