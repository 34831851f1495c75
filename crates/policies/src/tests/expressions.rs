//! Regular expressions.

use super::*;

fn fits(expression: &str, text: &str) -> bool {
    let mut asked = request();
    asked.context = document(json!({"uri": text}));
    permits(matcho(json!({"uri": expression})), &asked)
}

#[test]
fn an_expression_may_begin_and_end_anywhere() {
    assert!(fits("#lient", "/Client/c1"));
    assert!(fits("#^/Client", "/Client/c1"));
    assert!(!fits("#^Client", "/Client/c1"));
    assert!(fits("#c1$", "/Client/c1"));
    assert!(!fits("#Client$", "/Client/c1"));
    assert!(fits("#^/Client/c1$", "/Client/c1"));
    assert!(!fits("#^/Client/c1$", "/Client/c12"));
}

#[test]
fn wildcards_stand_for_anything() {
    assert!(fits("#^/Client/.*/keys$", "/Client/c1/keys"));
    assert!(fits("#^/Client.*$", "/Client"));
    assert!(!fits("#^/Client/.*/keys$", "/Client/keys"));
}

#[test]
fn alternatives_bind_weaker_than_anchors() {
    assert!(fits("#^/(Client|User)/(?:a|b.*)$", "/User/bob"));
    assert!(!fits("#^/(Client|User)/(?:a|b.*)$", "/User/ab"));
    assert!(fits("#^/a|b$", "/abc"));
    assert!(fits("#^/a|b$", "xb"));
    assert!(!fits("#^/a|b$", "x/ab/"));
}

#[test]
fn an_escaped_mark_is_plain() {
    assert!(fits(r"#^a\.b\*c$", "a.b*c"));
    assert!(!fits(r"#^a\.b\*c$", "axbxc"));
    assert!(fits(r"#^\\$", r"\"));
}

#[test]
fn a_star_of_cedar_is_no_wildcard() {
    let mut asked = request();
    asked.context = document(json!({"uri": "anything"}));
    assert!(!permits(matcho(json!({"uri": "*"})), &asked));
    assert!(!permits(matcho(json!({"uri": r"#^\*$"})), &asked));
}

#[test]
fn only_texts_fit() {
    let mut asked = request();
    asked.context = document(json!({"uri": 12}));
    assert!(!permits(matcho(json!({"uri": "#.*"})), &asked));
}

#[test]
fn what_like_cannot_say_is_refused_with_what_can_be_written() {
    for expression in [
        "#\\d+", "#[a-z]", "#a+", "#a?", "#a*", "#a.b", "#a{2}", "#(a|b)*", "#(a|b", "#a)",
        "#(?i)a", "#a^b", "#a$b", "#(?=a)", "#.+", "#.**", "#\\", "#[", "#",
    ] {
        let (path, problem) = refusal(matcho(json!({"uri": expression})));
        assert_eq!(path, "matcho");
        assert!(problem.starts_with("uri: "), "{problem}");
        assert!(problem.contains('`'), "{expression}: {problem}");
    }
}

#[test]
fn an_expression_that_explodes_is_refused() {
    let exploding = format!("#{}", "(a|b)".repeat(20));
    let (_, problem) = refusal(matcho(json!({"uri": exploding})));
    assert!(problem.contains("alternatives"), "{problem}");
    let nested = format!("#{}a{}", "(".repeat(2000), ")".repeat(2000));
    refusal(matcho(json!({"uri": nested})));
}
