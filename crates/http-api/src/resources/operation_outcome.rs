//! FHIR R4 `OperationOutcome`: what went wrong with a request for a resource.

use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationOutcome {
    /// Always `OperationOutcome`.
    #[serde(rename = "resourceType")]
    #[schema(example = "OperationOutcome")]
    resource_type: &'static str,
    /// One for each thing that is wrong.
    issue: Vec<Issue>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Issue {
    /// Always `error`.
    #[schema(example = "error")]
    severity: &'static str,
    /// A code of FHIR's `IssueType`.
    #[schema(example = "invalid")]
    code: &'static str,
    /// What people are told.
    diagnostics: String,
    /// The members it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expression: Vec<String>,
}

impl OperationOutcome {
    /// An outcome of issues of one code, each with the member it is about.
    pub(crate) fn new(code: &'static str, issues: Vec<(Option<String>, String)>) -> Self {
        let issue = |(at, diagnostics): (Option<String>, String)| Issue {
            severity: "error",
            code,
            diagnostics,
            expression: at.into_iter().collect(),
        };
        Self {
            resource_type: "OperationOutcome",
            issue: issues.into_iter().map(issue).collect(),
        }
    }
}
