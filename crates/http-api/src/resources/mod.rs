//! Resources in FHIR's shape: Client, User and Session, at `/` and at `/fhir` alike.

mod body;
pub(crate) mod client;
mod instant;
mod meta;
mod operation_outcome;
mod reference;
pub(crate) mod session;
pub(crate) mod session_search;
mod stored;
pub(crate) mod user;
mod write_only;

pub(crate) use body::typed;
pub(crate) use client::ClientBody;
pub(crate) use operation_outcome::OperationOutcome;
pub(crate) use user::{UserBody, user_members, user_resource};

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
