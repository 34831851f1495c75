//! Policies that are written in Cedar.

use cedar_policy::{ActionConstraint, PolicySet, PrincipalConstraint, ResourceConstraint};
use grantor_domain::access::Effect;

use crate::hearing::{Answer, Hearing};
use crate::likely;
use crate::logic::Logic;

/// The statements of one policy, by what they do, in the order they are written in.
#[derive(Default)]
pub(crate) struct Statements {
    /// Those that permit.
    pub(crate) permits: Vec<Statement>,
    /// Those that forbid.
    pub(crate) forbids: Vec<Statement>,
}

/// One statement.
pub(crate) struct Statement {
    /// Its place in the text, from one.
    pub(crate) number: usize,
    /// It alone.
    pub(crate) set: PolicySet,
    /// Whom it is about.
    pub(crate) principal: PrincipalConstraint,
    /// Which actions.
    pub(crate) action: ActionConstraint,
    /// To what.
    pub(crate) resource: ResourceConstraint,
    /// What its conditions ask for at least.
    pub(crate) needs: Logic,
}

impl Statement {
    fn is_about_action(&self, hearing: &Hearing<'_>) -> bool {
        let action = &hearing.ids.action;
        match &self.action {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(only) => only == action,
            ActionConstraint::In(several) => several.contains(action),
        }
    }

    /// Whether its head fits; nothing in a head can fail.
    fn is_about(&self, hearing: &Hearing<'_>) -> bool {
        let ids = &hearing.ids;
        let principal = match &self.principal {
            PrincipalConstraint::Any => true,
            PrincipalConstraint::Eq(only) => *only == ids.principal,
            PrincipalConstraint::In(group) => ids.is_in(&ids.principal, group),
            PrincipalConstraint::Is(kind) => ids.principal.type_name() == kind,
            PrincipalConstraint::IsIn(kind, group) => {
                ids.principal.type_name() == kind && ids.is_in(&ids.principal, group)
            }
        };
        let resource = || match &self.resource {
            ResourceConstraint::Any => true,
            ResourceConstraint::Eq(only) => *only == ids.resource,
            ResourceConstraint::In(group) => ids.is_in(&ids.resource, group),
            ResourceConstraint::Is(kind) => ids.resource.type_name() == kind,
            ResourceConstraint::IsIn(kind, group) => {
                ids.resource.type_name() == kind && ids.is_in(&ids.resource, group)
            }
        };
        principal && resource() && self.is_about_action(hearing)
    }
}

impl Statements {
    /// Whether they permit: one that permits applies, and none that forbids fails. One that forbids and
    /// applies is for [`Statements::forbids`] to find.
    pub(crate) fn permits(&self, hearing: &Hearing<'_>) -> bool {
        let applies = |statement: &Statement| {
            statement.is_about(hearing)
                && likely::holds(&statement.needs, &hearing.facts)
                && matches!(hearing.ask_statement(&statement.set), Answer::Applies)
        };
        self.permits.iter().any(applies)
            && !matches!(first(&self.forbids, hearing), (_, Answer::Failed(_)))
    }

    /// Whether they forbid. They do when the request cannot be put to those that might.
    pub(crate) fn forbids(&self, hearing: &Hearing<'_>) -> bool {
        let (_, answer) = first(&self.forbids, hearing);
        matches!(answer, Answer::Applies | Answer::Unheard(_))
    }

    /// What they say together, and why. One that forbids and fails takes back what the others permit,
    /// since nobody knows what it would have said.
    pub(crate) fn explain(&self, hearing: &Hearing<'_>) -> (Effect, String) {
        let mut all = self.forbids.iter().chain(&self.permits);
        if !all.any(|statement| statement.is_about_action(hearing)) {
            let reason = "no cedar statement is about this action";
            return (Effect::Silent, reason.to_owned());
        }
        match first(&self.forbids, hearing) {
            (number, Answer::Applies) => {
                return (Effect::Forbid, format!("cedar statement {number} forbids"));
            }
            (_, Answer::Unheard(error)) => return (Effect::Forbid, error),
            (_, Answer::Failed(error)) => return (Effect::Silent, error),
            (_, Answer::Nothing) => {}
        }
        match first(&self.permits, hearing) {
            (number, Answer::Applies) => {
                (Effect::Permit, format!("cedar statement {number} permits"))
            }
            (_, Answer::Failed(error) | Answer::Unheard(error)) => (Effect::Silent, error),
            (_, Answer::Nothing) => (Effect::Silent, "no cedar statement applies".to_owned()),
        }
    }
}

/// The first that applies; else the first that cannot be evaluated.
fn first(statements: &[Statement], hearing: &Hearing<'_>) -> (usize, Answer) {
    let mut found = (0, Answer::Nothing);
    for statement in statements.iter().filter(|one| one.is_about(hearing)) {
        match (hearing.ask_statement(&statement.set), &found.1) {
            (Answer::Applies, _) => return (statement.number, Answer::Applies),
            (Answer::Nothing, _) | (_, Answer::Failed(_) | Answer::Unheard(_)) => {}
            (failed, _) => found = (statement.number, failed),
        }
    }
    found
}
