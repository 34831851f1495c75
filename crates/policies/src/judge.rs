//! A compiled set of policies.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use cedar_policy::{Authorizer, Entities, PolicySet, Request};
use grantor_domain::access::{AccessPolicy, AccessRequest, Effect, Rule, Spoken, Verdict};
use grantor_domain::fault::Fault;
use grantor_domain::id::PolicyId;
use grantor_domain::ports::Judge;

use crate::cedar_form;
use crate::cedar_text::{self, Statements, cut};
use crate::concern::Concern;
use crate::explain;
use crate::facts::Facts;
use crate::likely;
use crate::logic::{Logic, Slot};
use crate::matcho::Reader;
use crate::path::Paths;
use crate::request::Types;
use crate::rule;

/// Policies in order of id, compiled.
pub(crate) struct CedarJudge {
    policies: Vec<(PolicyId, Compiled)>,
    concern: Concern,
    paths: Paths,
    types: Types,
    authorizer: Authorizer,
}

enum Compiled {
    Pattern(Box<Pattern>),
    Cedar(Box<Statements>),
}

/// An `allow`, `matcho` or `complex` policy.
struct Pattern {
    logic: Logic,
    set: PolicySet,
    slots: BTreeSet<Slot>,
    holds: &'static str,
}

/// What Cedar is asked about one request, made when it is first needed.
struct Hearing<'a> {
    facts: Facts<'a>,
    request: &'a AccessRequest,
    flat: Result<Option<Request>, String>,
    whole: OnceCell<Result<(Request, Entities), String>>,
    nothing: Entities,
}

impl CedarJudge {
    /// Compiles policies.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] when one of them is not understood.
    pub(crate) fn new(policies: &[AccessPolicy]) -> Result<Self, Fault> {
        let mut sorted: Vec<&AccessPolicy> = policies.iter().collect();
        sorted.sort_by(|one, other| one.id.cmp(&other.id));
        let mut paths = Paths::default();
        let mut compiled = Vec::with_capacity(sorted.len());
        for policy in &sorted {
            let read = compile(&policy.settings.rule, &mut paths);
            let read = read.map_err(|problem| {
                Fault::Corrupt(format!("AccessPolicy {}: {problem}", policy.id))
            })?;
            compiled.push((policy.id.clone(), read));
        }
        Ok(Self {
            policies: compiled,
            concern: Concern::of(&sorted),
            paths,
            types: Types::new().map_err(Fault::Corrupt)?,
            authorizer: Authorizer::new(),
        })
    }

    fn verdict(&self, request: &AccessRequest, detailed: bool) -> Verdict {
        let places = self.concern.with(&request.principal);
        let concerned: Vec<_> = places
            .into_iter()
            .filter_map(|place| self.policies.get(place))
            .collect();
        let facts = Facts::new(request, &self.paths);
        let likely: Vec<bool> = concerned
            .iter()
            .map(|(_, compiled)| match compiled {
                Compiled::Pattern(pattern) => detailed || likely::may_hold(&pattern.logic, &facts),
                Compiled::Cedar(statements) => self.is_about(statements, request),
            })
            .collect();
        let flat = self.flat(request, &facts, concerned.iter().zip(&likely));
        let hearing = Hearing {
            facts,
            request,
            flat,
            whole: OnceCell::new(),
            nothing: Entities::empty(),
        };
        let spoken = concerned
            .iter()
            .zip(&likely)
            .map(|((id, compiled), likely)| {
                let (effect, reason) = match compiled {
                    Compiled::Pattern(pattern) if *likely => {
                        self.ask_pattern(pattern, &hearing, detailed)
                    }
                    Compiled::Pattern(_) => {
                        (Effect::Silent, "the pattern does not match".to_owned())
                    }
                    Compiled::Cedar(statements) if *likely => self.ask_cedar(statements, &hearing),
                    Compiled::Cedar(_) => (
                        Effect::Silent,
                        "no cedar statement is about this action".to_owned(),
                    ),
                };
                Spoken {
                    policy: id.clone(),
                    effect,
                    reason,
                }
            });
        let spoken: Vec<Spoken> = spoken.collect();
        let any = |effect| spoken.iter().any(|spoken| spoken.effect == effect);
        Verdict {
            permitted: any(Effect::Permit) && !any(Effect::Forbid),
            spoken,
        }
    }

    fn is_about(&self, statements: &Statements, request: &AccessRequest) -> bool {
        match &statements.actions {
            Some(actions) => actions.contains(&self.types.action(request)),
            None => true,
        }
    }

    /// The request with the slots of all patterns that are asked; `None` when none is.
    fn flat<'a>(
        &self,
        request: &AccessRequest,
        facts: &Facts<'_>,
        concerned: impl Iterator<Item = (&'a &'a (PolicyId, Compiled), &'a bool)>,
    ) -> Result<Option<Request>, String> {
        let mut slots = BTreeSet::new();
        let mut asked = false;
        for ((_, compiled), likely) in concerned {
            if let (Compiled::Pattern(pattern), true) = (compiled, likely) {
                asked = true;
                slots.extend(&pattern.slots);
            }
        }
        if !asked {
            return Ok(None);
        }
        let context = facts.context(&slots)?;
        self.types.request(request, context).map(Some)
    }

    fn ask_pattern(
        &self,
        pattern: &Pattern,
        hearing: &Hearing<'_>,
        detailed: bool,
    ) -> (Effect, String) {
        let request = match &hearing.flat {
            Ok(Some(request)) => request,
            Ok(None) => return (Effect::Silent, "not asked".to_owned()),
            Err(error) => return (Effect::Silent, cut(error)),
        };
        match self.ask(&pattern.set, request, &hearing.nothing) {
            Answer::Applies(_) => (Effect::Permit, pattern.holds.to_owned()),
            Answer::Failed(error) => (Effect::Silent, error),
            Answer::Nothing if detailed => {
                let holds = |part: &Logic| {
                    let set = cedar_form::permit(part, &self.paths);
                    set.is_ok_and(|set| {
                        matches!(
                            self.ask(&set, request, &hearing.nothing),
                            Answer::Applies(_)
                        )
                    })
                };
                let reason = explain::mismatch(&pattern.logic, &self.paths, &hearing.facts, holds);
                (Effect::Silent, reason)
            }
            Answer::Nothing => (Effect::Silent, "the pattern does not match".to_owned()),
        }
    }

    /// What the statements of one policy say together. One that forbids and cannot be evaluated takes
    /// back what the others permit, since nobody knows what it would have said.
    fn ask_cedar(&self, statements: &Statements, hearing: &Hearing<'_>) -> (Effect, String) {
        let whole = hearing
            .whole
            .get_or_init(|| self.types.whole(hearing.request));
        let (request, entities) = match whole {
            Ok(whole) => (&whole.0, &whole.1),
            Err(error) if statements.forbids.is_empty() => return (Effect::Silent, cut(error)),
            Err(error) => return (Effect::Forbid, cut(error)),
        };
        match self.ask(&statements.forbids, request, entities) {
            Answer::Applies(number) => {
                return (Effect::Forbid, format!("cedar statement {number} forbids"));
            }
            Answer::Failed(error) => return (Effect::Silent, error),
            Answer::Nothing => {}
        }
        match self.ask(&statements.permits, request, entities) {
            Answer::Applies(number) => {
                (Effect::Permit, format!("cedar statement {number} permits"))
            }
            Answer::Failed(error) => (Effect::Silent, error),
            Answer::Nothing => (Effect::Silent, "no cedar statement applies".to_owned()),
        }
    }

    /// Asks policies that all have the same effect.
    fn ask(&self, set: &PolicySet, request: &Request, entities: &Entities) -> Answer {
        if set.is_empty() {
            return Answer::Nothing;
        }
        let response = self.authorizer.is_authorized(request, set, entities);
        let diagnostics = response.diagnostics();
        if let Some(policy) = diagnostics.reason().min() {
            return Answer::Applies(policy.to_string());
        }
        match diagnostics.errors().next() {
            Some(error) => Answer::Failed(cut(&error.to_string())),
            None => Answer::Nothing,
        }
    }
}

enum Answer {
    /// This one applies.
    Applies(String),
    /// None applies, and one could not be evaluated.
    Failed(String),
    Nothing,
}

impl Judge for CedarJudge {
    fn judge(&self, request: &AccessRequest) -> Verdict {
        self.verdict(request, false)
    }

    fn explain(&self, request: &AccessRequest) -> Verdict {
        self.verdict(request, true)
    }
}

fn compile(rule: &Rule, paths: &mut Paths) -> Result<Compiled, String> {
    let holds = match rule {
        Rule::Cedar(text) => {
            let statements = cedar_text::read(text)?;
            return Ok(Compiled::Cedar(Box::new(statements)));
        }
        Rule::Allow => "engine allow",
        Rule::Matcho(_) => "the pattern matches",
        Rule::All(_) => "every rule of `and` says yes",
        Rule::Any(_) => "a rule of `or` says yes",
    };
    let logic = rule::read(rule, &mut Reader::new(paths))?;
    let mut slots = BTreeSet::new();
    logic.slots(&mut slots);
    Ok(Compiled::Pattern(Box::new(Pattern {
        set: cedar_form::permit(&logic, paths)?,
        logic,
        slots,
        holds,
    })))
}
