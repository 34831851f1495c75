//! `GET /.well-known/authzen-configuration`: where decisions are made (`AuthZEN` Authorization API
//! 1.0 §9).

use actix_web::{HttpRequest, get};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::headers::cacheable;
use crate::openapi::Faults;
use crate::reply::Reply;
use crate::state::Server;

/// Where this server decides.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuthZenConfiguration, example = json!({"policy_decision_point": "https://auth.example", "access_evaluation_endpoint": "https://auth.example/access/v1/evaluation", "access_evaluations_endpoint": "https://auth.example/access/v1/evaluations"}))]
pub(crate) struct Configuration {
    /// The base of the policy decision point.
    policy_decision_point: String,
    /// Takes one question.
    access_evaluation_endpoint: String,
    /// Takes several.
    access_evaluations_endpoint: String,
}

/// Where access is decided, for policy enforcement points that configure themselves.
#[utoipa::path(
    tag = "Metadata",
    operation_id = "read_authzen_configuration",
    responses(
        (status = 200, description = "The configuration", body = Configuration, content_type = "application/json"),
        (status = 304, description = "The caller has it"),
        Faults,
    ),
    security(()),
)]
#[get("/.well-known/authzen-configuration")]
pub(crate) async fn read_authzen_configuration(
    server: Server,
    request: HttpRequest,
) -> Result<Reply<Configuration>, Failure> {
    let issuer = server.issuer();
    let configuration = Configuration {
        policy_decision_point: issuer.to_owned(),
        access_evaluation_endpoint: format!("{issuer}/access/v1/evaluation"),
        access_evaluations_endpoint: format!("{issuer}/access/v1/evaluations"),
    };
    Ok(cacheable(&request, configuration))
}
