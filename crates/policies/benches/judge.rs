//! One decision over a hundred policies. `cargo bench --workspace --bench judge`

use std::sync::Arc;

use divan::{Bencher, black_box};
use grantor_domain::access::{
    AccessPolicy, AccessRequest, Link, Party, PolicySettings, Principal, RoleMembership, Rule,
    Target,
};
use grantor_domain::document::Document;
use grantor_domain::id::{ClientId, PolicyId, UserId};
use grantor_domain::ports::{Judge, PolicyEngine};
use grantor_domain::revision::Stamp;
use grantor_domain::time::Timestamp;
use grantor_policies::CedarEngine;
use serde_json::{Value, json};

fn main() {
    divan::main();
}

fn document(value: &Value) -> Document {
    Document::new(value.as_object().cloned().unwrap_or_default())
}

fn request() -> AccessRequest {
    AccessRequest {
        principal: Principal {
            user: Some(Party {
                id: UserId::from_row("alice".to_owned()),
                attributes: document(&json!({
                    "userName": "alice", "active": true, "name": {"givenName": "Alice", "familyName": "Adams"},
                    "emails": [{"value": "alice@example.org", "primary": true}],
                    "data": {"roles": ["clerk", "cook"], "ward": "w1"},
                })),
            }),
            client: Some(Party {
                id: ClientId::from_row("shop-app".to_owned()),
                attributes: document(&json!({
                    "active": true, "grant_types": ["password", "refresh_token"], "scope": ["openid", "profile"],
                })),
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
            attributes: Document::default(),
        },
        context: document(&json!({
            "request-method": "get", "uri": "/Client/c1", "scheme": "https", "remote-addr": "192.0.2.7",
            "params": {"resource/type": "Client", "resource/id": "c1"},
        })),
    }
}

fn judge(policies: impl Iterator<Item = (Vec<Link>, Rule)>) -> Arc<dyn Judge> {
    let policies = policies
        .enumerate()
        .map(|(number, (links, rule))| AccessPolicy {
            id: PolicyId::from_row(format!("policy-{number:03}")),
            stamp: Stamp::first(Timestamp::from_seconds(0)),
            settings: PolicySettings {
                description: None,
                links,
                role_name: None,
                rule,
            },
        });
    let policies: Vec<_> = policies.collect();
    CedarEngine
        .compile(&policies)
        .unwrap_or_else(|fault| unreachable!("{fault}"))
}

/// Three of a hundred match; the others differ in method, address, ward, client or role.
fn pattern(number: usize) -> Rule {
    let pattern = match number % 5 {
        _ if number < 3 => json!({
            "request-method": {"$enum": ["get", "put"]}, "uri": "#^/Client/.*$", "user": {"data": {"ward": "w1"}},
        }),
        0 => {
            json!({"request-method": "get", "uri": format!("#^/Thing{number}/.*$"), "user": "present?"})
        }
        1 => {
            json!({"operation": {"id": format!("read:Thing{number}")}, "client": {"id": "shop-app"}})
        }
        2 => json!({"user": {"data": {"ward": format!("ward-{number}")}}, "request-method": "get"}),
        3 => json!({"client": {"id": format!("client-{number}")}, "uri": "#^/Client"}),
        _ => {
            json!({"role": {"$contains": format!("role-{number}")}, "params": {"resource/id": ".user.id"}})
        }
    };
    Rule::Matcho(document(&pattern))
}

#[divan::bench]
fn a_hundred_patterns_for_everyone(bencher: Bencher<'_, '_>) {
    let judge = judge((0..100).map(|number| (Vec::new(), pattern(number))));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

#[divan::bench]
fn a_hundred_patterns_that_all_match(bencher: Bencher<'_, '_>) {
    let judge = judge((0..100).map(|_| (Vec::new(), pattern(0))));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

#[divan::bench]
fn a_hundred_linked_patterns_of_which_three_concern(bencher: Bencher<'_, '_>) {
    let judge = judge((0..100).map(|number| {
        let user = if number < 3 {
            "alice".to_owned()
        } else {
            format!("user-{number}")
        };
        (vec![Link::User(UserId::from_row(user))], pattern(0))
    }));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

#[divan::bench]
fn a_hundred_linked_cedar_policies_of_which_three_concern(bencher: Bencher<'_, '_>) {
    let text = r#"permit(principal in Role::"clerk", action, resource is Client)
        when { context["request-method"] == "get" && context.user.data.ward == "w1" };"#;
    let judge = judge((0..100).map(|number| {
        let user = if number < 3 {
            "alice".to_owned()
        } else {
            format!("user-{number}")
        };
        (
            vec![Link::User(UserId::from_row(user))],
            Rule::Cedar(text.to_owned()),
        )
    }));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

#[divan::bench]
fn a_hundred_cedar_policies_for_other_actions(bencher: Bencher<'_, '_>) {
    let judge = judge(a_hundred_in_cedar(|number| {
        format!(r#"permit(principal, action == Action::"read:Thing{number}", resource);"#)
    }));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

fn a_hundred_in_cedar(text: impl Fn(usize) -> String) -> impl Iterator<Item = (Vec<Link>, Rule)> {
    (0..100).map(move |number| (Vec::new(), Rule::Cedar(text(number))))
}

#[divan::bench]
fn a_hundred_cedar_policies_for_everyone(bencher: Bencher<'_, '_>) {
    let judge = judge(a_hundred_in_cedar(|number| {
        format!(
            r#"permit(principal, action, resource) when {{ context.user.data.ward == "ward-{number}" }};"#
        )
    }));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

/// All of them have to be asked: nothing about an address is seen without Cedar.
#[divan::bench]
fn a_hundred_cedar_policies_for_everyone_that_only_cedar_can_judge(bencher: Bencher<'_, '_>) {
    let judge = judge(a_hundred_in_cedar(|number| {
        format!(
            r#"permit(principal, action, resource) when {{ ip(context["remote-addr"]) == ip("198.51.100.{number}") }};"#
        )
    }));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

/// All of them have to be asked: one that forbids counts whatever others say.
#[divan::bench]
fn a_hundred_cedar_policies_that_forbid_and_do_not_apply(bencher: Bencher<'_, '_>) {
    let text = |number| {
        format!(
            r#"forbid(principal, action, resource) when {{ context.user.data.ward == "ward-{number}" }};"#
        )
    };
    let judge = judge(a_hundred_in_cedar(text).chain([(Vec::new(), Rule::Allow)]));
    let request = request();
    bencher.bench(|| judge.permits(black_box(&request)));
}

/// What the tester and resource servers ask for.
#[divan::bench]
fn the_reasons_of_a_hundred_patterns_that_all_match(bencher: Bencher<'_, '_>) {
    let judge = judge((0..100).map(|_| (Vec::new(), pattern(0))));
    let request = request();
    bencher.bench(|| judge.explain(black_box(&request)));
}
