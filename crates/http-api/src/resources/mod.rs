//! Resources in FHIR's shape, at `/` and at `/fhir` alike. What can be done with one is in
//! `interaction`; `wire` is what each type says of its JSON.

mod answer;
pub(crate) mod audit_event;
pub(crate) mod batch;
mod body;
pub(crate) mod client;
mod conditions;
mod handlers;
mod instant;
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
pub(crate) mod session_search;
pub(crate) mod user;
mod wire;
mod write_only;

pub(crate) use answer::Place;
pub use audit_event::audit_event_json;
pub(crate) use body::{ResourceBody, typed};
pub(crate) use conditions::Conditions;
pub(crate) use operation_outcome::OperationOutcome;
pub use portraits::WirePortraits;
pub(crate) use reference::{Dialect, ReferenceBody};
pub(crate) use search::PageKey;
pub(crate) use user::user_members;
pub(crate) use wire::Wire;

use serde::Serialize;
use utoipa::ToSchema;

/// How many sessions were closed, as a FHIR `Parameters` resource.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Parameters, example = json!({"resourceType": "Parameters", "parameter": [{"name": "closed", "valueInteger": 3}]}))]
pub(crate) struct Closed {
    /// Always `Parameters`.
    #[serde(rename = "resourceType")]
    #[schema(example = "Parameters")]
    resource_type: &'static str,
    /// One parameter, `closed`.
    parameter: [Parameter; 1],
}

/// A parameter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Parameter {
    /// `closed`.
    #[schema(example = "closed")]
    name: &'static str,
    /// How many.
    #[serde(rename = "valueInteger")]
    #[schema(example = 3)]
    value: u64,
}

impl Closed {
    /// So many.
    pub(crate) const fn new(count: u64) -> Self {
        let parameter = Parameter {
            name: "closed",
            value: count,
        };
        Self {
            resource_type: "Parameters",
            parameter: [parameter],
        }
    }
}
