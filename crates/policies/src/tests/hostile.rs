//! Policies and requests that mean harm.

use proptest::prelude::*;
use serde_json::Map;

use super::*;

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!("x"), |inner, _| json!({"a": inner}))
}

#[test]
fn patterns_have_a_bounded_depth() {
    assert!(
        CedarEngine
            .violations(&settings(matcho(nested(16))))
            .is_empty()
    );
    assert!(refusal(matcho(nested(17))).1.contains("deeper"));
    assert!(refusal(matcho(nested(1000))).1.contains("deeper"));
}

#[test]
fn patterns_have_a_bounded_size() {
    refusal(matcho(json!({"a": "x".repeat(70_000)})));
    refusal(matcho(json!({"x".repeat(70_000): "a"})));
}

#[test]
fn patterns_have_a_bounded_number_of_tests() {
    let values: Vec<u32> = (0..2000).collect();
    assert!(
        refusal(matcho(json!({"a": {"$enum": values}})))
            .1
            .contains("more than 1000")
    );
    let members: Map<String, Value> = (0..2000).map(|i| (format!("m{i}"), json!(1))).collect();
    assert!(
        refusal(matcho(Value::Object(members)))
            .1
            .contains("more than 1000")
    );
    assert!(
        refusal(Rule::Any(vec![Rule::Allow; 2000]))
            .1
            .contains("more than 1000")
    );
}

#[test]
fn the_largest_pattern_is_judged() {
    let values: Vec<u32> = (0..999).collect();
    let rule = matcho(json!({"user": {"age": {"$enum": values}}}));
    assert!(permits(rule, &request()));
    let members: Map<String, Value> = (0..999).map(|i| (format!("m{i}"), json!("nil?"))).collect();
    assert!(permits(matcho(Value::Object(members)), &request()));
}

#[test]
fn complex_rules_have_a_bounded_depth() {
    let deep = |levels| (0..levels).fold(Rule::Allow, |inner, _| Rule::All(vec![inner]));
    assert!(permits(deep(16), &request()));
    assert!(refusal(deep(1000)).1.contains("deeper"));
}

#[test]
fn cedar_texts_are_bounded_before_they_are_parsed() {
    let wrapped = |condition: &str| {
        cedar(&format!(
            "permit(principal, action, resource) when {{ {condition} }};"
        ))
    };
    for condition in [
        format!("{}true{}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000)),
        "1+".repeat(20_000) + "1 == 1",
        format!("context{}", ".a".repeat(20_000)),
        "true && ".repeat(5_000) + "true",
        "if true then true else ".repeat(2_000) + "true",
        "\"\\\"\" == \"(\" && ".repeat(3_000) + "true",
        "x".repeat(70_000),
    ] {
        assert_eq!(refusal(wrapped(&condition)).0, "policy");
    }
    assert_eq!(
        refusal(cedar(&"permit(principal, action, resource);".repeat(100))).0,
        "policy"
    );
}

#[test]
fn the_deepest_cedar_text_is_judged() {
    let wrapped = |condition: String| {
        cedar(&format!(
            "permit(principal, action, resource) when {{ {condition} }};"
        ))
    };
    for (condition, repeated) in [
        ("1+".to_owned(), "1+"),
        ("context.operation".to_owned(), ".id"),
        (String::new(), "context.uri like \"/*\" && "),
        (String::new(), "if context.uri == \"\" then true else "),
    ] {
        let end = match repeated {
            "1+" => "1 > 0",
            ".id" => " == 1",
            _ => "true",
        };
        let deepest = (1..300)
            .map(|times| wrapped(condition.clone() + &repeated.repeat(times) + end))
            .take_while(|rule| CedarEngine.violations(&settings(rule.clone())).is_empty())
            .last()
            .unwrap();
        let (_, reason) = said(deepest, &request());
        assert!(!reason.contains("recursion"), "{repeated}: {reason}");
    }
    let brackets = format!("{}true{}", "(".repeat(15), ")".repeat(15));
    assert!(permits(wrapped(brackets), &request()));
}

#[test]
fn what_a_comment_or_text_holds_is_not_counted() {
    let text = format!(
        "permit(principal, action, resource) // {}\r when {{ \"{}\" != \"\" }};",
        "(".repeat(5000),
        "((\\\"".repeat(1000)
    );
    assert!(permits(cedar(&text), &request()));
}

#[test]
fn a_request_is_seen_to_a_bounded_depth() {
    let mut deep = request();
    deep.context = document(nested(1000));
    assert!(!permits(
        cedar("permit(principal, action, resource) when { context has b };"),
        &deep
    ));
    assert!(permits(Rule::Allow, &deep));
}

#[test]
fn marks_of_the_languages_are_plain_in_values() {
    for hostile in [
        "\" || true || \"",
        "\\\" || true",
        "'; permit(principal, action, resource); //",
        "*",
        "\u{0}",
        "\\u{0}",
        "\n",
        "}; permit(principal,action,resource); //",
        "?principal",
        "{user.id}",
    ] {
        assert!(!matches(json!({"uri": hostile})), "{hostile}");
        assert!(!matches(json!({"uri": {"$enum": [hostile]}})), "{hostile}");
        assert!(!matches(json!({hostile: "a"})), "{hostile}");
        let mut asked = request();
        asked.context = document(json!({"uri": hostile}));
        assert!(
            permits(matcho(json!({"uri": {"$enum": [hostile]}})), &asked),
            "{hostile}"
        );
    }
}

#[test]
fn names_that_look_like_paths_are_other_names() {
    let mut asked = request();
    asked.context = document(json!({"a/b": "x", "a~1b": "y", "~reference": {"id": "z"}}));
    assert!(permits(matcho(json!({"a/b": "x", "a~1b": "y"})), &asked));
    assert!(!permits(matcho(json!({"a": {"b": "x"}})), &asked));
    assert!(!permits(matcho(json!({"~reference": {"id": "x"}})), &asked));
}

#[test]
fn refusals_do_not_echo_what_could_disturb() {
    let (_, problem) = refusal(matcho(json!({"<script>\u{7}\n": {"$<b>": 1}})));
    assert!(!problem.contains(['<', '\n', '\u{7}']), "{problem}");
    let (_, problem) = refusal(cedar(
        "permit(principal, action, resource) when { \u{7}\u{1b}[31m };",
    ));
    assert!(!problem.contains(char::is_control), "{problem}");
    assert!(problem.chars().count() < 250, "{problem}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        "[a-c]",
        "(#|\\.)[a-c.*()|^$]{0,6}",
        ".{0,8}",
        Just("present?".to_owned()),
        Just("nil?".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3_i64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    let name = prop_oneof![
        4 => "[a-c]",
        1 => "\\$(enum|one-of|not|contains|every|present-all|length|reference)",
        1 => ".{0,4}",
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_object() -> impl Strategy<Value = Document> {
    prop::collection::vec(("[a-c]|\\$one-of", any_json()), 0..4)
        .prop_map(|members| Document::new(members.into_iter().collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_pattern_is_refused_or_answers_every_request(pattern in any_object(), context in any_object()) {
        let settings = settings(Rule::Matcho(pattern));
        let refused = !CedarEngine.violations(&settings).is_empty();
        let compiled = CedarEngine.compile(&[policy("p", settings)]);
        prop_assert_eq!(refused, compiled.is_err());
        if let Ok(judge) = compiled {
            let asked = AccessRequest { context, ..request() };
            let reason = &judge.explain(&asked).spoken[0].reason;
            prop_assert!(!reason.contains("error"), "{}", reason);
        }
    }

    #[test]
    fn any_text_matches_itself_and_nothing_else(text in ".{1,40}", other in ".{1,40}") {
        let rule = matcho(json!({"a": {"$enum": [text.as_str()]}}));
        for value in [&text, &other] {
            let mut asked = request();
            asked.context = document(json!({"a": value.as_str()}));
            prop_assert_eq!(permits(rule.clone(), &asked), *value == text);
        }
    }

    #[test]
    fn any_escaped_expression_matches_itself_only(text in "[ -~]{1,20}", other in "[ -~]{1,20}") {
        let escaped: String = text
            .chars()
            .flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]))
            .collect();
        let rule = matcho(json!({"a": format!("#^{escaped}$")}));
        for value in [&text, &other] {
            let mut asked = request();
            asked.context = document(json!({"a": value.as_str()}));
            prop_assert_eq!(permits(rule.clone(), &asked), *value == text);
        }
    }

    #[test]
    fn any_kind_id_and_action_is_judged(kind in ".{0,20}", id in ".{0,20}", action in ".{0,20}") {
        let policies = [policy("p", settings(cedar("permit(principal, action, resource);")))];
        let judge = CedarEngine.compile(&policies).unwrap();
        let target = Target { kind, id: Some(id), attributes: Document::default() };
        let asked = AccessRequest { target, action, ..request() };
        prop_assert!(judge.permits(&asked));
    }

    #[test]
    fn any_cedar_text_is_read_or_refused(text in "(permit|forbid|when|principal|action|resource|context|[(){};,.\"\\\\=&|! a]){0,40}") {
        CedarEngine.violations(&settings(Rule::Cedar(text)));
    }
}
