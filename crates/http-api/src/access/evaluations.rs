//! `POST /access/v1/evaluations`: several questions (`AuthZEN` Authorization API 1.0 §7).

use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::EvaluationErrors;
use crate::reply::Reply;
use crate::resources::{ResourceBody, typed};
use crate::state::Server;

use super::evaluation::{Decision, decide};
use super::question::Question;

/// Most questions of one request.
const MOST: usize = 100;

/// Several questions. What one lacks is taken from the request.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EvaluationsRequest, example = json!({"subject": {"type": "user", "id": "amy"}, "action": {"name": "read"}, "evaluations": [{"resource": {"type": "document", "id": "7"}}, {"resource": {"type": "document", "id": "8"}}]}))]
pub(crate) struct Questions {
    /// What every question has that says nothing else; the only question when there are none.
    #[serde(flatten)]
    defaults: Question,
    /// At most 100 questions.
    #[serde(default)]
    evaluations: Vec<Question>,
    /// How they are answered.
    #[serde(default)]
    options: Options,
}

/// How several questions are answered.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = EvaluationsOptions, example = json!({"evaluations_semantic": "deny_on_first_deny"}))]
pub(crate) struct Options {
    /// When to stop.
    #[serde(default)]
    evaluations_semantic: Semantic,
}

/// When to stop answering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EvaluationsSemantic)]
pub(crate) enum Semantic {
    /// Every question is answered.
    #[default]
    ExecuteAll,
    /// The first no is the last answer.
    DenyOnFirstDeny,
    /// The first yes is the last answer.
    PermitOnFirstPermit,
}

impl Semantic {
    /// Whether a decision is the last.
    const fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

/// The decisions in the order of the questions, or the one decision about the only question.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = EvaluationsReply, example = json!({"evaluations": [{"decision": true, "context": {"reasons": [{"policy": "clerks-read-documents", "effect": "permit", "reason": "engine allow"}]}}]}))]
pub(crate) enum Decisions {
    /// Of several questions.
    Several {
        /// The decisions.
        evaluations: Vec<Decision>,
    },
    /// Of the only question.
    One(Decision),
}

/// Whether subjects may do things to resources.
#[utoipa::path(
    tag = "AuthZEN",
    operation_id = "evaluate_accesses",
    request_body(content((Questions = "application/json"), (Questions = "text/yaml"))),
    responses((status = 200, description = "The decisions", content((Decisions = "application/json"), (Decisions = "text/yaml"))), EvaluationErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/access/v1/evaluations")]
pub(crate) async fn evaluate_accesses(
    server: Server,
    shown: Shown,
    body: ResourceBody,
) -> Result<Reply<Decisions>, Failure> {
    let decisions = server
        .run(move |server| -> Result<_, Failure> {
            let caller = shown.identify(server)?;
            let mut evaluator = server.evaluator(&caller)?;
            let asked: Questions = typed(body.members()?)?;
            if asked.evaluations.len() > MOST {
                let says = "must be at most 100";
                return Err(Failure::unreadable_at("evaluations", says));
            }
            if asked.evaluations.is_empty() {
                let question = asked.defaults.read("")?;
                return Ok(Decisions::One(decide(&mut evaluator, question)?));
            }
            let questions = asked.evaluations.into_iter().enumerate();
            let questions = questions.map(|(place, question)| {
                let question = question.or(&asked.defaults);
                question.read(&format!("evaluations[{place}]."))
            });
            let questions = questions.collect::<Result<Vec<_>, _>>()?;
            let mut evaluations = Vec::with_capacity(questions.len());
            for question in questions {
                let made = decide(&mut evaluator, question)?;
                let is_last = asked.options.evaluations_semantic.ends_with(made.decision);
                evaluations.push(made);
                if is_last {
                    break;
                }
            }
            Ok(Decisions::Several { evaluations })
        })
        .await?;
    Ok(Reply::ok(decisions))
}
