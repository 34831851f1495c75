//! `POST /access/v1/evaluation`: one question (`AuthZEN` Authorization API 1.0 §6).

use actix_web::post;
use grantor_domain::AuthorizationServer;
use grantor_domain::access::{Evaluation, Interaction};
use grantor_domain::caller::Caller;
use grantor_domain::resources::ResourceKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::EvaluationErrors;
use crate::reply::Reply;
use crate::resources::{ResourceBody, typed};
use crate::state::Server;

use super::question::Question;
use super::{SaidBy, reasons};

/// Whether it may, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Decision, example = json!({"decision": true, "context": {"reasons": [{"policy": "clerks-read-documents", "effect": "permit", "reason": "engine allow"}]}}))]
pub(crate) struct Decision {
    /// Whether it may.
    pub(super) decision: bool,
    /// Why.
    context: DecisionContext,
}

/// Why a decision is as it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DecisionContext {
    /// What every policy said that concerns the question.
    reasons: Vec<SaidBy>,
}

/// Passes callers that a policy permits to ask about anybody.
pub(super) fn permit(server: &AuthorizationServer, caller: &Caller) -> Result<(), Failure> {
    let kind = ResourceKind::AccessPolicy;
    Ok(server.permit(caller, Interaction::Evaluate, kind, None)?)
}

/// Answers questions in their order; those about subjects of unknown types with no.
pub(super) fn decide(
    server: &AuthorizationServer,
    caller: &Caller,
    questions: Vec<Option<Evaluation>>,
) -> Result<Vec<Decision>, Failure> {
    let known: Vec<bool> = questions.iter().map(Option::is_some).collect();
    let asked: Vec<Evaluation> = questions.into_iter().flatten().collect();
    let mut answers = server.evaluate(caller, asked)?.into_iter();
    let decisions = known.into_iter().map(|is_known| {
        let verdict = if is_known { answers.next() } else { None };
        let unknown = || {
            let says = "The type of the subject must be user or client";
            (false, vec![SaidBy::server(says)])
        };
        let (decision, reasons) = verdict.map_or_else(unknown, |(_, verdict)| {
            (verdict.permitted, reasons(&verdict))
        });
        let context = DecisionContext { reasons };
        Decision { decision, context }
    });
    Ok(decisions.collect())
}

/// Whether a subject may do something to a resource.
#[utoipa::path(
    tag = "AuthZEN",
    operation_id = "evaluate_access",
    request_body(content((Question = "application/json"), (Question = "text/yaml"))),
    responses((status = 200, description = "The decision", content((Decision = "application/json"), (Decision = "text/yaml"))), EvaluationErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/access/v1/evaluation")]
pub(crate) async fn evaluate_access(
    server: Server,
    shown: Shown,
    body: ResourceBody,
) -> Result<Reply<Decision>, Failure> {
    let decision = server
        .run(move |server| -> Result<_, Failure> {
            let caller = shown.identify(server)?;
            permit(server, &caller)?;
            let question: Question = typed(body.members()?)?;
            let decisions = decide(server, &caller, vec![question.read("")?])?;
            decisions.into_iter().next().ok_or(Failure::Panicked)
        })
        .await?;
    Ok(Reply::ok(decision))
}
