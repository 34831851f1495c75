//! What cannot be written, and what is said about it.

use super::*;

#[test]
fn good_policies_have_no_violations() {
    for rule in [
        Rule::Allow,
        matcho(json!({"user": {"id": "a"}})),
        Rule::Any(vec![Rule::Allow]),
        cedar("permit(principal, action, resource);"),
    ] {
        assert_eq!(CedarEngine.violations(&settings(rule)), []);
    }
}

#[test]
fn a_refusal_says_where_and_what_to_write_instead() {
    for (pattern, problem) in [
        (
            json!({}),
            "an empty pattern says nothing; write `engine: allow` to permit everything",
        ),
        (
            json!({"a": null}),
            "a: empty values are taken out of a request; write `nil?`",
        ),
        (
            json!({"a": ""}),
            "a: empty values are taken out of a request; write `nil?`",
        ),
        (
            json!({"a": {}}),
            "a: an empty object says nothing; write `present?` or `nil?`",
        ),
        (
            json!({"a": []}),
            "a: an empty list says nothing; write `present?` or `nil?`",
        ),
        (
            json!({"a": [{"b": 1.5}]}),
            "a.0.b: only whole numbers of 64 bits can be compared; others are seen as their text, write \"1.5\"",
        ),
        (
            json!({"a": {"$regex": "x"}}),
            "a: $regex is no operator; there are $enum, $one-of, $not, $contains, $every, $present-all, $length and $reference",
        ),
        (
            json!({"a": {"$not": "present?"}}),
            "a: $not asks for the member to be there; write `nil?`",
        ),
        (
            json!({"a": {"$length": 0}}),
            "a: $length is a whole number from 1; write `nil?` for a list of nothing",
        ),
        (
            json!({"$not": {"a": "b"}}),
            "$not cannot stand at the top of a pattern; say it about a member",
        ),
        (
            json!({"$one-of": ["a"]}),
            "the request: at the top of a pattern, $one-of is a list of objects",
        ),
        (
            json!({"a": {"$enum": []}}),
            "a: $enum is a list of plain values",
        ),
        (
            json!({"a": {"$one-of": "b"}}),
            "a: $one-of is a list of patterns",
        ),
        (
            json!({"a": {"$enum": [["b"]]}}),
            "a: $enum: only a text, a number, `true` or `false` can stand here",
        ),
        (
            json!({"a": {"$reference": {"x": "y"}}}),
            "a: $reference is an object with `id`, `resourceType` or both",
        ),
    ] {
        assert_eq!(refusal(matcho(pattern)), ("matcho", problem.to_owned()));
    }
}

#[test]
fn lists_are_not_searched_for_patterns() {
    for operator in ["$contains", "$every"] {
        for pattern in [
            json!({"system": "x"}),
            json!("#^a"),
            json!("present?"),
            json!(["a"]),
        ] {
            let (_, problem) = refusal(matcho(json!({"a": {operator: pattern}})));
            assert!(
                problem.contains("does not search lists for patterns"),
                "{problem}"
            );
        }
    }
}

#[test]
fn a_dot_alone_names_no_place() {
    for text in [".", "..", ".a..b", ".a.$b"] {
        let (_, problem) = refusal(matcho(json!({"a": text})));
        assert!(problem.contains("names another place"), "{problem}");
    }
}

#[test]
fn complex_rules_are_refused_where_they_are_written() {
    let bad = || matcho(json!({"a": null}));
    assert_eq!(
        refusal(Rule::All(vec![Rule::Allow, Rule::Any(vec![bad()])])),
        (
            "and",
            "rule 2: rule 1: a: empty values are taken out of a request; write `nil?`".to_owned()
        )
    );
    assert_eq!(refusal(Rule::Any(vec![bad()])).0, "or");
    assert_eq!(refusal(Rule::All(Vec::new())).0, "and");
    assert_eq!(refusal(Rule::Any(Vec::new())).0, "or");
    let (_, problem) = refusal(Rule::Any(vec![cedar(
        "permit(principal, action, resource);",
    )]));
    assert!(
        problem.contains("cannot be part of a complex one"),
        "{problem}"
    );
}

#[test]
fn cedar_is_refused_with_its_own_words() {
    for (text, problem) in [
        ("", "no statement"),
        ("permit(", "not a Cedar policy: "),
        (
            "permit(principal == ?principal, action, resource);",
            "have no value here",
        ),
        (
            "permit(principal, action, resource) when { nonsense() };",
            "not a Cedar policy: ",
        ),
    ] {
        let (path, words) = refusal(cedar(text));
        assert_eq!(path, "policy");
        assert!(words.contains(problem), "{words}");
    }
}

#[test]
fn too_many_links_are_refused() {
    let link = Link::User(UserId::parse("a").unwrap());
    let violations = CedarEngine.violations(&linked(Rule::Allow, vec![link; 1001]));
    assert_eq!(violations.first().unwrap().path, "link");
}
