//! An `AccessPolicy` as it is written and shown.

use grantor_domain::access::{AccessPolicy, Link, PolicySettings, Rule};
use grantor_domain::document::Document;
use grantor_domain::id::{ClientId, InvalidId, PolicyId, RoleId, UserId};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::body::Members;
use crate::error::Failure;
use crate::resources::meta::Meta;
use crate::resources::reference::{Dialect, Reference, ReferenceBody};
use crate::resources::typed;
use crate::resources::wire::{Wire, identity_problems};

/// Engines of other servers, which are refused with this reason.
const ELSEWHERE: [&str; 5] = ["sql", "json-schema", "clj", "allow-rpc", "matcho-rpc"];
/// Deepest nesting of `and` and `or`.
const DEEPEST: usize = 8;

/// A rule of who may call what. Members that are not listed are refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessPolicy, example = json!({"resourceType": "AccessPolicy", "id": "clerks-read-clients", "engine": "matcho", "roleName": "clerk", "matcho": {"request-method": "get", "uri": "#^/Client"}}))]
pub(crate) struct PolicyBody {
    /// Always `AccessPolicy`.
    #[serde(rename = "resourceType")]
    #[schema(example = "AccessPolicy")]
    resource_type: Option<String>,
    /// Its id.
    #[schema(example = "clerks-read-clients")]
    id: Option<String>,
    /// Kept by the server; refused when written.
    #[schema(read_only)]
    meta: Option<Meta>,
    /// Shown to people.
    description: Option<String>,
    /// `allow`, `matcho`, `complex` or `cedar`.
    #[schema(required = true, example = "matcho")]
    engine: Option<String>,
    /// Whom it concerns: Users, Clients, Roles. None: every request.
    #[schema(value_type = Option<Vec<Reference>>)]
    link: Option<Vec<ReferenceBody>>,
    /// It concerns only users with a role of this name.
    #[serde(rename = "roleName")]
    role_name: Option<String>,
    /// `matcho`: the pattern a request must match.
    #[schema(value_type = Option<Object>)]
    matcho: Option<Map<String, Value>>,
    /// `complex`: rules that must all say yes, each with an `engine`.
    #[schema(value_type = Option<Vec<Object>>)]
    and: Option<Vec<Map<String, Value>>>,
    /// `complex`: rules of which one must say yes, each with an `engine`.
    #[schema(value_type = Option<Vec<Object>>)]
    or: Option<Vec<Map<String, Value>>>,
    /// `cedar`: policies in Cedar's language.
    policy: Option<String>,
}

/// The part of a policy, or of a rule within one, that is its engine's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleBody {
    engine: Option<String>,
    matcho: Option<Map<String, Value>>,
    and: Option<Vec<Map<String, Value>>>,
    or: Option<Vec<Map<String, Value>>>,
    policy: Option<String>,
}

impl RuleBody {
    fn rule(self, depth: usize) -> Result<Rule, Failure> {
        if depth > DEEPEST {
            return Err(Failure::invalid("engine", "is nested too deeply"));
        }
        let members = [
            ("matcho", self.matcho.is_some()),
            ("and", self.and.is_some()),
            ("or", self.or.is_some()),
            ("policy", self.policy.is_some()),
        ];
        let only = |allowed: &[&str]| {
            let mut surplus = members
                .iter()
                .filter(|(name, is_there)| *is_there && !allowed.contains(name));
            match surplus.next() {
                Some(&(name, _)) => Err(Failure::invalid(name, "does not go with this engine")),
                None => Ok(()),
            }
        };
        let nested = |rules: Vec<Map<String, Value>>| {
            let rules = rules.into_iter().map(|rule| {
                let body: Self = typed(rule)?;
                body.rule(depth + 1)
            });
            rules.collect::<Result<Vec<_>, _>>()
        };
        match self.engine.as_deref() {
            Some("allow") => only(&[]).map(|()| Rule::Allow),
            Some("matcho") => {
                only(&["matcho"])?;
                let pattern = self
                    .matcho
                    .ok_or_else(|| Failure::invalid("matcho", "is required"))?;
                Ok(Rule::Matcho(Document::new(pattern)))
            }
            Some("complex") => {
                only(&["and", "or"])?;
                match (self.and, self.or) {
                    (Some(rules), None) if !rules.is_empty() => Ok(Rule::All(nested(rules)?)),
                    (None, Some(rules)) if !rules.is_empty() => Ok(Rule::Any(nested(rules)?)),
                    _ => Err(Failure::invalid(
                        "engine",
                        "complex takes either and or or, not empty",
                    )),
                }
            }
            Some("cedar") => {
                only(&["policy"])?;
                let text = self
                    .policy
                    .ok_or_else(|| Failure::invalid("policy", "is required"))?;
                Ok(Rule::Cedar(text))
            }
            Some(engine) if ELSEWHERE.contains(&engine) => Err(Failure::invalid(
                "engine",
                "is not supported: write this rule with matcho or cedar",
            )),
            Some(_) => Err(Failure::invalid(
                "engine",
                "must be allow, matcho, complex or cedar",
            )),
            None => Err(Failure::invalid("engine", "is required")),
        }
    }
}

/// Whom a reference links a policy to.
fn link(reference: &ReferenceBody) -> Option<Link> {
    let user = || {
        UserId::parse(&reference.id_of("User")?)
            .ok()
            .map(Link::User)
    };
    let client = || {
        ClientId::parse(&reference.id_of("Client")?)
            .ok()
            .map(Link::Client)
    };
    let role = || {
        RoleId::parse(&reference.id_of("Role")?)
            .ok()
            .map(Link::Role)
    };
    user().or_else(client).or_else(role)
}

impl PolicyBody {
    /// What the policy says, with everything that is wrong.
    pub(crate) fn into_settings(self) -> Result<PolicySettings, Failure> {
        let rule = RuleBody {
            engine: self.engine,
            matcho: self.matcho,
            and: self.and,
            or: self.or,
            policy: self.policy,
        };
        let rule = rule.rule(0)?;
        let links: Option<Vec<Link>> = self.link.unwrap_or_default().iter().map(link).collect();
        let links = links.ok_or_else(|| {
            let says = "must be references to a User, Client or Role";
            Failure::invalid("link", says)
        })?;
        Ok(PolicySettings {
            description: self.description,
            links,
            role_name: self.role_name,
            rule,
        })
    }
}

fn shown(rule: &Rule, members: &mut Members) {
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("engine", json!(rule.engine()));
    let nested = |rules: &[Rule]| {
        let rules = rules.iter().map(|rule| {
            let mut members = Members::new();
            shown(rule, &mut members);
            Value::Object(members)
        });
        Value::Array(rules.collect())
    };
    match rule {
        Rule::Allow => {}
        Rule::Matcho(pattern) => {
            set("matcho", json!(pattern.as_object()));
        }
        Rule::All(rules) => {
            set("and", nested(rules));
        }
        Rule::Any(rules) => {
            set("or", nested(rules));
        }
        Rule::Cedar(text) => {
            set("policy", json!(text));
        }
    }
}

impl Wire for AccessPolicy {
    const WRITE_ONLY: &'static [&'static str] = &[];

    fn parse_id(text: &str) -> Result<PolicyId, InvalidId> {
        PolicyId::parse(text)
    }

    fn read(
        members: Members,
        id: Option<&str>,
    ) -> Result<(Option<String>, PolicySettings), Failure> {
        let body: PolicyBody = typed(members)?;
        let (kind, own) = (body.resource_type.as_deref(), body.id.clone());
        let problems = identity_problems::<Self>(kind, own.as_deref(), id, body.meta.is_some());
        if !problems.is_empty() {
            return Err(Failure::Unprocessable(problems));
        }
        let settings = body.into_settings()?;
        Ok((own, settings))
    }

    fn members(&self, dialect: Dialect) -> Members {
        let settings = &self.settings;
        let mut members = Members::new();
        members.insert("resourceType".to_owned(), json!("AccessPolicy"));
        members.insert("id".to_owned(), json!(self.id.as_str()));
        if let Some(description) = &settings.description {
            members.insert("description".to_owned(), json!(description));
        }
        if !settings.links.is_empty() {
            let links = settings.links.iter().map(|link| {
                let (kind, id) = link.parts();
                Reference::new(dialect, kind.as_str(), id)
            });
            members.insert("link".to_owned(), json!(links.collect::<Vec<_>>()));
        }
        if let Some(name) = &settings.role_name {
            members.insert("roleName".to_owned(), json!(name));
        }
        shown(&settings.rule, &mut members);
        members
    }
}
