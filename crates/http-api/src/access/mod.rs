//! Asking the access policies: for people who test them, and for resource servers (`AuthZEN`).

pub(crate) mod configuration;
pub(crate) mod evaluation;
pub(crate) mod evaluations;
mod operation;
mod question;
pub(crate) mod test_policy;

use grantor_domain::access::{Effect, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

/// What one policy said, or why none was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PolicyReason, example = json!({"policy": "clerks-read-clients", "effect": "permit", "reason": "the pattern matches"}))]
pub(crate) struct SaidBy {
    /// The id of the policy; absent when none was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "clerks-read-clients")]
    policy: Option<String>,
    /// `permit`, `forbid` or `silent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "permit")]
    effect: Option<&'static str>,
    /// Why, in words for people.
    #[schema(example = "the pattern matches")]
    reason: String,
}

impl SaidBy {
    /// A reason of the server's own.
    fn server(reason: &str) -> Self {
        Self {
            policy: None,
            effect: None,
            reason: reason.to_owned(),
        }
    }
}

/// What every policy said that concerns the request.
fn reasons(verdict: &Verdict) -> Vec<SaidBy> {
    let said = verdict.spoken.iter().map(|spoken| SaidBy {
        policy: Some(spoken.policy.to_string()),
        effect: Some(match spoken.effect {
            Effect::Permit => "permit",
            Effect::Forbid => "forbid",
            Effect::Silent => "silent",
        }),
        reason: spoken.reason.clone(),
    });
    let mut said: Vec<SaidBy> = said.collect();
    if said.is_empty() {
        said.push(SaidBy::server("No policy concerns the request"));
    }
    said
}
