//! What policies answer. The port is asked, never a part of it.

mod agreement;
mod cedar;
mod expressions;
mod hostile;
mod links;
mod matcho;
mod refusals;

use grantor_domain::access::{
    AccessPolicy, AccessRequest, Effect, Link, Party, PolicySettings, Principal, RoleMembership,
    Rule, Target, Verdict,
};
use grantor_domain::document::Document;
use grantor_domain::id::{ClientId, PolicyId, UserId};
use grantor_domain::ports::PolicyEngine;
use grantor_domain::revision::Stamp;
use grantor_domain::time::Timestamp;
use serde_json::{Value, json};

use crate::CedarEngine;

/// A document of a JSON object.
fn document(value: Value) -> Document {
    match value {
        Value::Object(members) => Document::new(members),
        other => panic!("not an object: {other}"),
    }
}

fn settings(rule: Rule) -> PolicySettings {
    PolicySettings {
        description: None,
        links: Vec::new(),
        role_name: None,
        rule,
    }
}

fn policy(id: &str, settings: PolicySettings) -> AccessPolicy {
    AccessPolicy {
        id: PolicyId::parse(id).unwrap(),
        stamp: Stamp::first(Timestamp::from_seconds(0)),
        settings,
    }
}

fn matcho(pattern: Value) -> Rule {
    Rule::Matcho(document(pattern))
}

fn cedar(text: &str) -> Rule {
    Rule::Cedar(text.to_owned())
}

/// Alice, a clerk, reads a client through the shop.
fn request() -> AccessRequest {
    AccessRequest {
        principal: Principal {
            user: Some(Party {
                id: UserId::parse("alice").unwrap(),
                attributes: document(json!({
                    "id": "hidden",
                    "userName": "alice",
                    "active": true,
                    "age": 42,
                    "height": 1.5,
                    "data": {"roles": ["clerk", "cook"], "ward": "w1", "note": ""},
                    "emails": [{"value": "a@b.example"}, {"value": "c@d.example"}],
                })),
            }),
            client: Some(Party {
                id: ClientId::parse("shop-app").unwrap(),
                attributes: document(json!({"first_party": true})),
            }),
            roles: vec![RoleMembership {
                id: None,
                name: "clerk".to_owned(),
            }],
        },
        action: "read:Client".to_owned(),
        target: Target {
            kind: "Client".to_owned(),
            id: Some("c1".to_owned()),
            attributes: document(json!({"owner": "alice", "subject": {"reference": "Patient/p1"}})),
        },
        context: document(json!({
            "request-method": "get",
            "uri": "/Client/c1",
            "params": {"resource/id": "c1", "owner": "alice", "empty": null, "list": [1, 2, 2, 3]},
            "remote-addr": "192.0.2.7",
            "user": {"id": "mallory"},
        })),
    }
}

/// The same request of nobody.
fn anonymous() -> AccessRequest {
    AccessRequest {
        principal: Principal::default(),
        ..request()
    }
}

/// What the policies say, which is the same in both ways of asking.
fn judged(policies: &[AccessPolicy], request: &AccessRequest) -> Verdict {
    let judge = CedarEngine.compile(policies).unwrap();
    let verdict = judge.explain(request);
    assert_eq!(judge.permits(request), verdict.permitted, "{verdict:?}");
    verdict
}

/// What one rule says, alone.
fn said(rule: Rule, request: &AccessRequest) -> (Effect, String) {
    let verdict = judged(&[policy("p", settings(rule))], request);
    let spoken = verdict.spoken.into_iter().next().unwrap();
    (spoken.effect, spoken.reason)
}

fn permits(rule: Rule, request: &AccessRequest) -> bool {
    said(rule, request).0 == Effect::Permit
}

/// Whether a pattern matches the request of [`request`].
fn matches(pattern: Value) -> bool {
    permits(matcho(pattern), &request())
}

/// Why a rule cannot be written: path and problem.
fn refusal(rule: Rule) -> (&'static str, String) {
    let violations = CedarEngine.violations(&settings(rule));
    assert_eq!(violations.len(), 1, "{violations:?}");
    let violation = violations.into_iter().next().unwrap();
    (violation.path, violation.problem)
}

fn linked(rule: Rule, links: Vec<Link>) -> PolicySettings {
    PolicySettings {
        links,
        ..settings(rule)
    }
}
