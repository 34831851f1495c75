//! Asking the policies on somebody's behalf: the tester, and the evaluation of resource servers.

use crate::caller::Caller;
use crate::document::Document;
use crate::error::Error;
use crate::id::{ClientId, PolicyId, UserId};
use crate::resources::ResourceKind;
use crate::revision::Stamp;
use crate::server::AuthorizationServer;
use crate::violation::Violation;

use super::{AccessPolicy, AccessRequest, Interaction, PolicySettings, Principal, Target, Verdict};

/// A question about somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The user it is about.
    pub user: Option<UserId>,
    /// The client it is about.
    pub client: Option<ClientId>,
    /// What it wants to do.
    pub action: String,
    /// To what.
    pub target: Target,
    /// How.
    pub context: Document,
}

/// How a policy that is not stored would answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Trial {
    /// So.
    Answered(Box<AccessRequest>, Verdict),
    /// It cannot be understood.
    Invalid(Vec<Violation>),
}

impl AuthorizationServer {
    /// What the policies say about questions, each with the request they were asked.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits the caller to ask; [`Error::Fault`] when the store
    /// is away.
    pub fn evaluate(
        &self,
        caller: &Caller,
        questions: Vec<Evaluation>,
    ) -> Result<Vec<(AccessRequest, Verdict)>, Error> {
        self.permit(
            caller,
            Interaction::Evaluate,
            ResourceKind::AccessPolicy,
            None,
        )?;
        let judge = self.judge()?;
        questions
            .into_iter()
            .map(|question| {
                let request = self.asked(question)?;
                let verdict = judge.as_ref().map(|judge| judge.explain(&request));
                Ok((request, verdict.unwrap_or_default()))
            })
            .collect()
    }

    /// What one policy, stored or not, would say.
    ///
    /// # Errors
    /// Those of [`AuthorizationServer::evaluate`].
    pub fn try_policy(
        &self,
        caller: &Caller,
        id: &PolicyId,
        settings: &PolicySettings,
        question: Evaluation,
    ) -> Result<Trial, Error> {
        self.permit(
            caller,
            Interaction::Evaluate,
            ResourceKind::AccessPolicy,
            None,
        )?;
        let violations = self.ports.policy_engine.violations(settings);
        if !violations.is_empty() {
            return Ok(Trial::Invalid(violations));
        }
        let policy = AccessPolicy {
            id: id.clone(),
            stamp: Stamp::first(self.ports.clock.now()),
            settings: settings.clone(),
        };
        let judge = self.ports.policy_engine.compile(&[policy])?;
        let request = self.asked(question)?;
        let verdict = judge.explain(&request);
        Ok(Trial::Answered(Box::new(request), verdict))
    }

    /// A user or client that does not exist is nobody.
    fn asked(&self, question: Evaluation) -> Result<AccessRequest, Error> {
        let principal: Principal =
            self.principal(question.user.as_ref(), question.client.as_ref())?;
        Ok(AccessRequest {
            principal,
            action: question.action,
            target: question.target,
            context: question.context,
        })
    }
}
