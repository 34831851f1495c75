//! Access policies without a language.

use std::sync::Arc;

use grantor_domain::Fault;
use grantor_domain::access::{
    AccessPolicy, AccessRequest, Effect, Link, PolicySettings, Rule, Spoken, Verdict,
};
use grantor_domain::clients::Client;
use grantor_domain::document::Document;
use grantor_domain::ports::{Judge, PasswordJudge, PolicyEngine, Portraits};
use grantor_domain::secret::Password;
use grantor_domain::users::User;
use grantor_domain::violation::Violation;

/// Understands `allow` and `complex`; of `cedar`, the words `permit` and `forbid`, which an action
/// may follow (`forbid delete:Role`). For tests only.
#[derive(Clone, Debug, Default)]
pub struct PlainPolicyEngine(Vec<AccessPolicy>);

impl PolicyEngine for PlainPolicyEngine {
    fn violations(&self, policy: &PolicySettings) -> Vec<Violation> {
        match &policy.rule {
            Rule::Cedar(text) if sentence(text).is_none() => {
                vec![Violation::new("policy", "must be permit or forbid")]
            }
            _ => Vec::new(),
        }
    }

    fn compile(&self, policies: &[AccessPolicy]) -> Result<Arc<dyn Judge>, Fault> {
        Ok(Arc::new(Self(policies.to_vec())))
    }
}

impl Judge for PlainPolicyEngine {
    fn permits(&self, request: &AccessRequest) -> bool {
        self.explain(request).permitted
    }

    fn explain(&self, request: &AccessRequest) -> Verdict {
        let concerned = self
            .0
            .iter()
            .filter(|policy| concerns(&policy.settings, request));
        let spoken: Vec<Spoken> = concerned
            .map(|policy| Spoken {
                policy: policy.id.clone(),
                effect: effect(&policy.settings.rule, &request.action),
                reason: policy.settings.rule.engine().to_owned(),
            })
            .collect();
        let says = |effect| spoken.iter().any(|spoken| spoken.effect == effect);
        Verdict {
            permitted: says(Effect::Permit) && !says(Effect::Forbid),
            spoken,
        }
    }
}

fn concerns(policy: &PolicySettings, request: &AccessRequest) -> bool {
    let principal = &request.principal;
    let is_linked = policy.links.iter().any(|link| match link {
        Link::User(id) => principal.user.as_ref().is_some_and(|user| user.id == *id),
        Link::Client(id) => principal.client.as_ref().is_some_and(|c| c.id == *id),
        Link::Role(id) => principal.roles.iter().any(|r| r.id.as_ref() == Some(id)),
    });
    let has_role = policy
        .role_name
        .as_ref()
        .is_none_or(|name| principal.roles.iter().any(|role| role.name == *name));
    (policy.links.is_empty() || is_linked) && has_role
}

/// What a text says, and to which action: to every one when it names none.
fn sentence(text: &str) -> Option<(Effect, Option<&str>)> {
    let (word, action) = match text.split_once(' ') {
        Some((word, action)) => (word, Some(action)),
        None => (text, None),
    };
    match word {
        "permit" => Some((Effect::Permit, action)),
        "forbid" => Some((Effect::Forbid, action)),
        _ => None,
    }
}

fn effect(rule: &Rule, asked: &str) -> Effect {
    let permits = |rule: &Rule| effect(rule, asked) == Effect::Permit;
    let yes = match rule {
        Rule::Allow => true,
        Rule::All(rules) => rules.iter().all(permits),
        Rule::Any(rules) => rules.iter().any(permits),
        Rule::Matcho(_) => false,
        Rule::Cedar(text) => {
            let said = sentence(text).filter(|(_, action)| action.is_none_or(|a| a == asked));
            return said.map_or(Effect::Silent, |(effect, _)| effect);
        }
    };
    if yes { Effect::Permit } else { Effect::Silent }
}

/// Shows ids and open content. For tests only.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainPortraits;

impl Portraits for PlainPortraits {
    fn of_user(&self, user: &User) -> Document {
        with_id(user.id.as_str(), &user.settings.profile)
    }

    fn of_client(&self, client: &Client) -> Document {
        with_id(client.id.as_str(), &client.settings.details)
    }
}

fn with_id(id: &str, content: &Document) -> Document {
    let mut object = content.as_object().clone();
    object.insert("id".to_owned(), id.into());
    Document::new(object)
}

/// Refuses passwords shorter than eight characters, and those that are a name of their owner. For
/// tests only.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainPasswordJudge;

impl PasswordJudge for PlainPasswordJudge {
    fn problems(&self, password: &Password, own: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        if password.expose().chars().count() < 8 {
            problems.push("Use at least 8 characters".to_owned());
        }
        if own.iter().any(|name| name == password.expose()) {
            problems.push("Do not use your own name".to_owned());
        }
        problems
    }
}
