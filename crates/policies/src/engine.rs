//! The port that makes policies out of what administrators write.

use std::sync::Arc;

use grantor_domain::access::{AccessPolicy, PolicySettings, Rule};
use grantor_domain::fault::Fault;
use grantor_domain::ports::{Judge, PolicyEngine};
use grantor_domain::violation::Violation;

use crate::judge::{CedarJudge, Compiled};
use crate::limits::LINKS;
use crate::path::Paths;

/// Reads policies and compiles them to Cedar. It keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct CedarEngine;

impl PolicyEngine for CedarEngine {
    fn violations(&self, policy: &PolicySettings) -> Vec<Violation> {
        let mut violations = Vec::new();
        if policy.links.len() > LINKS {
            let problem = format!("more than {LINKS} links; link a Role instead of its users");
            violations.push(Violation::new("link", problem));
        }
        let path = match &policy.rule {
            Rule::Allow => "engine",
            Rule::Matcho(_) => "matcho",
            Rule::All(_) => "and",
            Rule::Any(_) => "or",
            Rule::Cedar(_) => "policy",
        };
        let problem = Compiled::new(&policy.rule, &mut Paths::default()).err();
        violations.extend(problem.map(|problem| Violation::new(path, problem)));
        violations
    }

    fn compile(&self, policies: &[AccessPolicy]) -> Result<Arc<dyn Judge>, Fault> {
        Ok(Arc::new(CedarJudge::new(policies)?))
    }
}
