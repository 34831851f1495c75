//! Asking the policies on somebody's behalf: the tester, and the evaluation of resource servers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::caller::Caller;
use crate::document::Document;
use crate::error::Error;
use crate::id::{ClientId, PolicyId, UserId};
use crate::ports::Judge;
use crate::resources::ResourceKind;
use crate::revision::Stamp;
use crate::server::AuthorizationServer;
use crate::violation::Violation;

use super::{
    AccessPolicy, AccessRequest, Gate, Interaction, PolicySettings, Principal, Target, Verdict,
};

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

/// The policies of one moment, asked about anybody.
pub struct Evaluator<'a> {
    server: &'a AuthorizationServer,
    judge: Option<Arc<dyn Judge>>,
    principals: HashMap<(Option<UserId>, Option<ClientId>), Principal>,
}

impl AuthorizationServer {
    /// Lets a caller ask the policies about anybody.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits the caller to ask; [`Error::Fault`] when the store
    /// is away.
    pub fn evaluator(&self, caller: &Caller) -> Result<Evaluator<'_>, Error> {
        let gate = self.gate(caller)?;
        if !gate.permits(Interaction::Evaluate, ResourceKind::AccessPolicy, None) {
            return Err(self.denied(caller, ResourceKind::AccessPolicy, None));
        }
        let judge = match gate {
            Gate::Judged { judge, .. } => Some(judge),
            Gate::Open | Gate::Closed => self.judge()?,
        };
        Ok(Evaluator {
            server: self,
            judge,
            principals: HashMap::new(),
        })
    }
}

impl Evaluator<'_> {
    /// What the policies say about a question, with the request they were asked.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn evaluate(&mut self, question: Evaluation) -> Result<(AccessRequest, Verdict), Error> {
        let request = self.asked(question)?;
        let verdict = self.judge.as_ref().map(|judge| judge.explain(&request));
        Ok((request, verdict.unwrap_or_default()))
    }

    /// What one policy, stored or not, would say.
    ///
    /// # Errors
    /// Those of [`Evaluator::evaluate`].
    pub fn try_policy(
        &mut self,
        id: &PolicyId,
        settings: &PolicySettings,
        question: Evaluation,
    ) -> Result<Trial, Error> {
        let ports = &self.server.ports;
        let violations = ports.policy_engine.violations(settings);
        if !violations.is_empty() {
            return Ok(Trial::Invalid(violations));
        }
        let policy = AccessPolicy {
            id: id.clone(),
            stamp: Stamp::first(ports.clock.now()),
            settings: settings.clone(),
        };
        let judge = ports.policy_engine.compile(&[policy])?;
        let request = self.asked(question)?;
        let verdict = judge.explain(&request);
        Ok(Trial::Answered(Box::new(request), verdict))
    }

    /// A user or client that does not exist is nobody. Each is looked up once.
    fn asked(&mut self, question: Evaluation) -> Result<AccessRequest, Error> {
        let principal = match self.principals.entry((question.user, question.client)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let (user, client) = unknown.key();
                let principal = self.server.principal(user.as_ref(), client.as_ref())?;
                unknown.insert(principal)
            }
        };
        Ok(AccessRequest {
            principal: principal.clone(),
            action: question.action,
            target: question.target,
            context: question.context,
        })
    }
}
