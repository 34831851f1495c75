//! A compiled set of policies.

use grantor_domain::access::{AccessPolicy, AccessRequest, Effect, Rule, Spoken, Verdict};
use grantor_domain::fault::Fault;
use grantor_domain::id::PolicyId;
use grantor_domain::ports::Judge;

use crate::cedar_text;
use crate::concern::Concern;
use crate::hearing::Hearing;
use crate::path::Paths;
use crate::pattern::Pattern;
use crate::request::Types;
use crate::statements::Statements;

/// Policies in order of id, compiled.
pub(crate) struct CedarJudge {
    policies: Vec<(PolicyId, Compiled)>,
    concern: Concern,
    paths: Paths,
    types: Types,
}

/// A compiled policy.
pub(crate) enum Compiled {
    Pattern(Box<Pattern>),
    Cedar(Statements),
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
            let read = Compiled::new(&policy.settings.rule, &mut paths);
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
        })
    }

    /// The policies that concern a request, in order.
    fn concerned(&self, request: &AccessRequest) -> Vec<&(PolicyId, Compiled)> {
        let places = self.concern.with(&request.principal).into_iter();
        places
            .filter_map(|place| self.policies.get(place))
            .collect()
    }
}

impl Compiled {
    /// Compiles what a policy says.
    ///
    /// # Errors
    /// Why it is not understood.
    pub(crate) fn new(rule: &Rule, paths: &mut Paths) -> Result<Self, String> {
        match rule {
            Rule::Cedar(text) => cedar_text::read(text, paths).map(Self::Cedar),
            rule => Pattern::compile(rule, paths).map(|pattern| Self::Pattern(Box::new(pattern))),
        }
    }

    fn permits(&self, hearing: &Hearing<'_>) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.permits(hearing),
            Self::Cedar(statements) => statements.permits(hearing),
        }
    }

    fn forbids(&self, hearing: &Hearing<'_>) -> bool {
        match self {
            Self::Pattern(_) => false,
            Self::Cedar(statements) => statements.forbids(hearing),
        }
    }
}

impl Judge for CedarJudge {
    /// Looks for one that permits, and asks those that could forbid only when there is one.
    fn permits(&self, request: &AccessRequest) -> bool {
        let hearing = Hearing::new(request, &self.types, &self.paths);
        let concerned = self.concerned(request);
        concerned.iter().any(|(_, policy)| policy.permits(&hearing))
            && !concerned.iter().any(|(_, policy)| policy.forbids(&hearing))
    }

    fn explain(&self, request: &AccessRequest) -> Verdict {
        let hearing = Hearing::new(request, &self.types, &self.paths);
        let spoken = self.concerned(request).into_iter().map(|(id, policy)| {
            let (effect, reason) = match policy {
                Compiled::Pattern(pattern) => pattern.explain(&hearing),
                Compiled::Cedar(statements) => statements.explain(&hearing),
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
}
