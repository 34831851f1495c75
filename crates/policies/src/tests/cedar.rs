//! The engine `cedar`.

use super::*;

fn when(condition: &str) -> Rule {
    cedar(&format!(
        "permit(principal, action, resource) when {{ {condition} }};"
    ))
}

#[test]
fn the_principal_is_the_user_else_the_client_else_nobody() {
    let mut client_only = request();
    client_only.principal.user = None;
    for (request, principal) in [
        (request(), r#"User::"alice""#),
        (client_only, r#"Client::"shop-app""#),
        (anonymous(), r#"Nobody::"nobody""#),
    ] {
        let text = format!("permit(principal == {principal}, action, resource);");
        assert!(permits(cedar(&text), &request), "{principal}");
    }
}

#[test]
fn a_user_is_in_its_roles() {
    assert!(permits(
        cedar(r#"permit(principal in Role::"clerk", action, resource);"#),
        &request()
    ));
    assert!(!permits(
        cedar(r#"permit(principal in Role::"cook", action, resource);"#),
        &request()
    ));
}

#[test]
fn action_and_resource_are_entities() {
    let text = r#"permit(principal, action == Action::"read:Client", resource == Client::"c1");"#;
    assert!(permits(cedar(text), &request()));
    assert!(permits(
        when("resource is Client && resource.owner == principal.userName"),
        &request()
    ));
}

#[test]
fn a_head_says_the_same_as_a_condition() {
    let (mut of_a_client, mut of_herself) = (request(), request());
    of_a_client.principal.user = None;
    of_herself.target.kind = "User".to_owned();
    of_herself.target.id = Some("alice".to_owned());
    let requests = [request(), of_a_client, of_herself, anonymous()];
    let entities = [
        r#"User::"alice""#,
        r#"User::"bob""#,
        r#"Client::"shop-app""#,
        r#"Client::"c1""#,
        r#"Role::"clerk""#,
        r#"Role::"cook""#,
        r#"Nobody::"nobody""#,
    ];
    for entity in entities {
        let kind = entity.split_once("::").unwrap().0;
        let heads = ["==", "in", "is User in", "is Client in"].map(|is| format!("{is} {entity}"));
        for head in heads.into_iter().chain([format!("is {kind}")]) {
            for (principal, resource) in [(head.as_str(), ""), ("", head.as_str())] {
                let text = format!("permit(principal {principal}, action, resource {resource});");
                let party = if resource.is_empty() {
                    "principal"
                } else {
                    "resource"
                };
                for request in &requests {
                    let in_head = permits(cedar(&text), request);
                    assert_eq!(
                        in_head,
                        permits(when(&format!("{party} {head}")), request),
                        "{text}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_policy_about_another_action_is_silent_and_says_so() {
    let text = r#"permit(principal, action in [Action::"a", Action::"b"], resource);"#;
    assert_eq!(
        said(cedar(text), &request()),
        (
            Effect::Silent,
            "no cedar statement is about this action".to_owned()
        )
    );
}

#[test]
fn a_request_about_a_type_has_the_empty_id() {
    let mut asked = request();
    asked.target.id = None;
    assert!(permits(
        when(r#"resource == Client::"" && !(resource has id)"#),
        &asked
    ));
}

#[test]
fn a_kind_that_is_no_type_name_is_an_attribute() {
    for kind in [
        "no type",
        "a::",
        "__cedar::x",
        "x\" || true",
        "if",
        "",
        &"x".repeat(500),
    ] {
        let mut asked = request();
        asked.target.kind = kind.to_owned();
        assert!(permits(when("resource is Untyped"), &asked), "{kind}");
    }
    let mut asked = request();
    asked.target.kind = "no type".to_owned();
    assert!(permits(when(r#"resource.type == "no type""#), &asked));
    asked.target.kind = "My::Order".to_owned();
    assert!(permits(when("resource is My::Order"), &asked));
}

#[test]
fn the_context_is_the_request() {
    assert!(permits(
        when(
            r#"context["request-method"] == "get" && context.uri like "/Client/*" && context.params.owner == "alice"
               && context.operation.id == "read:Client" && context.resource.type == "Client"
               && context.user.id == "alice" && context.client.id == "shop-app" && context.role == ["clerk"]
               && context.user.height == "1.5" && !(context.params has empty)"#
        ),
        &request()
    ));
}

#[test]
fn addresses_can_be_compared_with_networks() {
    assert!(permits(
        when(r#"ip(context["remote-addr"]).isInRange(ip("192.0.2.0/24"))"#),
        &request()
    ));
}

#[test]
fn a_user_reads_itself_with_its_own_attributes() {
    let mut asked = request();
    asked.target = Target {
        kind: "User".to_owned(),
        id: Some("alice".to_owned()),
        attributes: document(json!({"admin": true, "userName": "mallory"})),
    };
    assert!(permits(
        when(r#"principal == resource && principal.userName == "alice""#),
        &asked
    ));
    assert!(!permits(when("principal has admin"), &asked));
}

#[test]
fn a_resource_of_another_user_keeps_its_attributes() {
    let mut asked = request();
    asked.target = Target {
        kind: "User".to_owned(),
        id: Some("bob".to_owned()),
        attributes: document(json!({"admin": true})),
    };
    assert!(permits(
        when("resource.admin && !(principal has admin)"),
        &asked
    ));
}

#[test]
fn an_error_makes_a_policy_silent_and_is_its_reason() {
    let (effect, reason) = said(when("context.none.deeper == 1"), &request());
    assert_eq!(effect, Effect::Silent);
    assert!(reason.contains("none"), "{reason}");
}

#[test]
fn an_error_in_one_policy_leaves_the_others() {
    let policies = [
        policy(
            "a",
            settings(cedar(
                "forbid(principal, action, resource) when { context.none };",
            )),
        ),
        policy("b", settings(Rule::Allow)),
    ];
    assert!(judged(&policies, &request()).permitted);
}

#[test]
fn a_statement_that_forbids_and_fails_takes_back_what_its_neighbours_permit() {
    let text = "permit(principal, action, resource); forbid(principal, action, resource) when { context.none };";
    assert_eq!(said(cedar(text), &request()).0, Effect::Silent);
}

#[test]
fn a_statement_that_forbids_counts_though_another_fails() {
    let text = "forbid(principal, action, resource) when { context.none }; forbid(principal, action, resource);";
    assert_eq!(
        said(cedar(text), &request()),
        (Effect::Forbid, "cedar statement 2 forbids".to_owned())
    );
}

#[test]
fn statements_are_counted_as_numbers() {
    let applies = |number: usize| {
        if number == 2 || number == 10 {
            "true"
        } else {
            "false"
        }
    };
    let statements = (1..=12).map(|number| {
        let applies = applies(number);
        format!("permit(principal, action, resource) when {{ {applies} }};")
    });
    assert_eq!(
        said(cedar(&statements.collect::<String>()), &request()),
        (Effect::Permit, "cedar statement 2 permits".to_owned())
    );
}

#[test]
fn a_statement_that_permits_counts_though_another_fails() {
    let text = "permit(principal, action, resource) when { context.none }; permit(principal, action, resource);";
    assert_eq!(
        said(cedar(text), &request()),
        (Effect::Permit, "cedar statement 2 permits".to_owned())
    );
}

#[test]
fn a_forbidding_statement_without_a_match_leaves_the_permission() {
    let text = r#"permit(principal, action, resource); forbid(principal, action, resource) when { context.uri == "/" };"#;
    assert!(permits(cedar(text), &request()));
}
