//! Policies as functions of bytes: for `fuzz/`, and for the tests that read its corpus.

use grantor_domain::access::{
    AccessPolicy, AccessRequest, Party, PolicySettings, Principal, RoleMembership, Rule, Target,
};
use grantor_domain::document::Document;
use grantor_domain::id::{PolicyId, UserId};
use grantor_domain::ports::PolicyEngine as _;
use grantor_domain::revision::Stamp;
use grantor_domain::time::Timestamp;
use serde_json::{Map, Value};

use crate::CedarEngine;

/// A rule, and after the first line that begins with `---` the context of a request, as JSON. A rule that begins
/// with `{` is a pattern, or `and` or `or` with a list of rules; another is Cedar's language. A rule without
/// violations compiles, and is judged the same in both ways of asking.
///
/// # Panics
/// When a promise is broken.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (rule, context) = text.split_once("\n---").unwrap_or((text, ""));
    let Some(rule) = rule_of(rule) else {
        return;
    };
    let settings = PolicySettings {
        description: None,
        links: Vec::new(),
        role_name: None,
        rule,
    };
    let is_understood = CedarEngine.violations(&settings).is_empty();
    let Ok(id) = PolicyId::parse("p") else {
        return;
    };
    let policy = AccessPolicy {
        id,
        stamp: Stamp::first(Timestamp::from_seconds(0)),
        settings,
    };
    let compiled = CedarEngine.compile(&[policy]);
    assert!(
        compiled.is_ok() == is_understood,
        "one way of reading a policy refuses what the other takes"
    );
    let (Ok(judge), Some(request)) = (compiled, request(context)) else {
        return;
    };
    let verdict = judge.explain(&request);
    assert!(
        judge.permits(&request) == verdict.permitted,
        "the quick answer is another than {verdict:?}"
    );
}

fn rule_of(text: &str) -> Option<Rule> {
    if text.starts_with('{') {
        rule(serde_json::from_str(text).ok()?)
    } else {
        Some(Rule::Cedar(text.to_owned()))
    }
}

fn rule(value: Value) -> Option<Rule> {
    let Value::Object(mut members) = value else {
        return value.as_str().map(|text| Rule::Cedar(text.to_owned()));
    };
    let mut list = |name: &str| match members.remove(name) {
        Some(Value::Array(rules)) => rules.into_iter().map(rule).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let (all, any) = (list("and"), list("or"));
    let all = all.map(Rule::All).or(any.map(Rule::Any));
    Some(all.unwrap_or_else(|| Rule::Matcho(Document::new(members))))
}

/// A clerk reads a client; the request holds what the fuzzer says.
fn request(context: &str) -> Option<AccessRequest> {
    let context = match serde_json::from_str(context) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let attributes = Document::new(context.clone());
    Some(AccessRequest {
        principal: Principal {
            user: Some(Party {
                id: UserId::parse("amy").ok()?,
                attributes: attributes.clone(),
            }),
            client: None,
            roles: vec![RoleMembership {
                id: None,
                name: "clerk".to_owned(),
            }],
        },
        action: "read:Client".to_owned(),
        target: Target {
            kind: "Client".to_owned(),
            id: Some("c1".to_owned()),
            attributes,
        },
        context: Document::new(context),
    })
}

#[cfg(test)]
mod tests {
    grantor_testkit::corpus!(of: crate::fuzzing; policy);
}
