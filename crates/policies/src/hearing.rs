//! One request before the policies.

use std::cell::OnceCell;

use cedar_policy::{Authorizer, Entities, PolicySet, Request};
use grantor_domain::access::AccessRequest;

use crate::cedar_text::cut;
use crate::facts::Facts;
use crate::path::Paths;
use crate::pattern::Pattern;
use crate::request::{Ids, Types};

/// One request. What is made of it is made when it is first needed.
pub(crate) struct Hearing<'a> {
    request: &'a AccessRequest,
    /// Who wants what of what.
    pub(crate) ids: Ids,
    /// What it has at the places that are looked at.
    pub(crate) facts: Facts<'a>,
    whole: OnceCell<Result<(Request, Entities), String>>,
    authorizer: Authorizer,
    nothing: Entities,
}

/// What Cedar says to one statement.
pub(crate) enum Answer {
    /// It applies.
    Applies,
    /// It does not.
    Nothing,
    /// It could not be evaluated.
    Failed(String),
    /// Cedar did not take the request.
    Unheard(String),
}

impl<'a> Hearing<'a> {
    /// Of a request, by policies that look at these places.
    pub(crate) fn new(request: &'a AccessRequest, types: &Types, paths: &'a Paths) -> Self {
        Self {
            request,
            ids: types.ids(request),
            facts: Facts::new(request, paths),
            whole: OnceCell::new(),
            authorizer: Authorizer::new(),
            nothing: Entities::empty(),
        }
    }

    /// Asks a pattern, which sees its own slots.
    pub(crate) fn ask_pattern(&self, pattern: &Pattern) -> Answer {
        let context = self.facts.context(&pattern.slots);
        match context.and_then(|context| self.ids.request(context)) {
            Ok(request) => self.ask(&pattern.set, &request, &self.nothing),
            Err(error) => Answer::Unheard(cut(&error)),
        }
    }

    /// Asks a statement in Cedar, which sees everything.
    pub(crate) fn ask_statement(&self, statement: &PolicySet) -> Answer {
        let whole = self.whole.get_or_init(|| self.ids.whole(self.request));
        match whole {
            Ok((request, entities)) => self.ask(statement, request, entities),
            Err(error) => Answer::Unheard(cut(error)),
        }
    }

    fn ask(&self, statement: &PolicySet, request: &Request, entities: &Entities) -> Answer {
        let response = self.authorizer.is_authorized(request, statement, entities);
        let diagnostics = response.diagnostics();
        if diagnostics.reason().next().is_some() {
            return Answer::Applies;
        }
        match diagnostics.errors().next() {
            Some(error) => Answer::Failed(cut(&error.to_string())),
            None => Answer::Nothing,
        }
    }
}
