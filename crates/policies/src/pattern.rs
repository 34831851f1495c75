//! Policies that are written as patterns: `allow`, `matcho` and `complex`.

use std::collections::BTreeSet;

use cedar_policy::PolicySet;
use grantor_domain::access::{Effect, Rule};

use crate::cedar_form;
use crate::explain;
use crate::hearing::{Answer, Hearing};
use crate::likely;
use crate::logic::{Logic, Slot};
use crate::matcho::Reader;
use crate::path::Paths;
use crate::rule;

/// One such policy. It only ever permits.
pub(crate) struct Pattern {
    logic: Logic,
    /// The one statement it is in Cedar.
    pub(crate) set: PolicySet,
    /// What this statement looks at.
    pub(crate) slots: BTreeSet<Slot>,
    holds: &'static str,
}

impl Pattern {
    /// Compiles a rule.
    ///
    /// # Errors
    /// Why it is not understood.
    pub(crate) fn compile(rule: &Rule, paths: &mut Paths) -> Result<Self, String> {
        let logic = rule::read(rule, &mut Reader::new(paths))?;
        let mut slots = BTreeSet::new();
        logic.slots(&mut slots);
        Ok(Self {
            set: cedar_form::permit(&logic, paths)?,
            logic,
            slots,
            holds: match rule {
                Rule::Allow => "engine allow",
                Rule::All(_) => "every rule of `and` says yes",
                Rule::Any(_) => "a rule of `or` says yes",
                Rule::Matcho(_) | Rule::Cedar(_) => "the pattern matches",
            },
        })
    }

    /// Whether it is worth asking.
    pub(crate) fn is_likely(&self, hearing: &Hearing<'_>) -> bool {
        likely::holds(&self.logic, &hearing.facts)
    }

    /// Whether it permits.
    pub(crate) fn permits(&self, hearing: &Hearing<'_>) -> bool {
        self.is_likely(hearing) && matches!(hearing.ask_pattern(self), Answer::Applies)
    }

    /// What it says, and why.
    pub(crate) fn explain(&self, hearing: &Hearing<'_>) -> (Effect, String) {
        if !self.is_likely(hearing) {
            return (
                Effect::Silent,
                explain::mismatch(&self.logic, &hearing.facts),
            );
        }
        match hearing.ask_pattern(self) {
            Answer::Applies => (Effect::Permit, self.holds.to_owned()),
            Answer::Nothing => (Effect::Silent, "the pattern does not match".to_owned()),
            Answer::Failed(error) | Answer::Unheard(error) => (Effect::Silent, error),
        }
    }
}
