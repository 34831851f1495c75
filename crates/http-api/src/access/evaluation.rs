//! `POST /access/v1/evaluation`: one question (`AuthZEN` Authorization API 1.0 §6).

use actix_web::post;
use grantor_domain::access::{Evaluation, Evaluator};
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

/// Answers a question; no to one about a subject of an unknown type.
pub(super) fn decide(
    evaluator: &mut Evaluator<'_>,
    question: Option<Evaluation>,
) -> Result<Decision, Failure> {
    let (decision, reasons) = if let Some(question) = question {
        let (_, verdict) = evaluator.evaluate(question)?;
        (verdict.permitted, reasons(&verdict))
    } else {
        let says = "The type of the subject must be user or client";
        (false, vec![SaidBy::server(says)])
    };
    let context = DecisionContext { reasons };
    Ok(Decision { decision, context })
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
            let mut evaluator = server.evaluator(&caller)?;
            let question: Question = typed(body.members()?)?;
            decide(&mut evaluator, question.read("")?)
        })
        .await?;
    Ok(Reply::ok(decision))
}
