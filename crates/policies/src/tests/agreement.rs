//! What we see without Cedar is what Cedar sees.

use proptest::prelude::*;

use super::*;
use crate::hearing::{Answer, Hearing};
use crate::path::Paths;
use crate::pattern::Pattern;
use crate::request::Types;

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => "[ab]{1,2}".prop_map(Value::from),
        2 => (0..3_i64).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
    ]
}

fn members(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::vec(("[ab]", inner), 1..3)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn any_context() -> impl Strategy<Value = Value> {
    let any = any_value().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            members(inner)
        ]
    });
    members(any)
}

fn any_pattern() -> impl Strategy<Value = Value> {
    let values = || prop::collection::vec(any_value(), 1..4);
    let leaf = prop_oneof![
        any_value(),
        "present\\?|nil\\?|not-blank\\?|\\.[ab](\\.[ab0])?".prop_map(Value::from),
        "#\\^?([ab]|\\.\\*){1,3}\\$?".prop_map(Value::from),
        values().prop_map(|values| json!({"$enum": values})),
        values().prop_map(|values| json!({"$present-all": values})),
        values().prop_map(|values| json!({"$every": {"$enum": values}})),
        values().prop_map(|values| json!({"$contains": {"$enum": values}})),
        "\\.[ab]".prop_map(|place| json!({"$contains": place})),
        (1..4).prop_map(|length| json!({"$length": length})),
    ];
    let any = leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| json!({"$not": inner})),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| json!({"$one-of": [one, two]})),
            inner.clone().prop_map(|inner| json!([inner])),
            members(inner),
        ]
    });
    members(any)
}

fn any_condition() -> impl Strategy<Value = String> {
    let place = || "context(\\.[ab]){1,2}";
    let value = || "\"[ab]\"|[0-2]|true";
    let atom = prop_oneof![
        (place(), "==|!=", value()).prop_map(|(place, is, value)| format!("{place} {is} {value}")),
        (place(), "==|!=", value()).prop_map(|(place, is, value)| format!("{value} {is} {place}")),
        "context has [ab]|context has [ab]\\.[ab]|context\\.[ab] has [ab]",
        "context\\.[ab] like \"[ab*]{0,3}\"",
        (place(), value()).prop_map(|(place, value)| format!("{place}.contains({value})")),
        (place(), value(), value())
            .prop_map(|(place, one, two)| format!("[{one}, {two}].contains({place})")),
        Just("principal in Role::\"clerk\"".to_owned()),
    ];
    atom.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            4 => (inner.clone(), "&&|\\|\\|", inner.clone())
                .prop_map(|(left, joined, right)| format!("({left}) {joined} ({right})")),
            1 => inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_pattern_is_read_the_same_by_us_and_by_cedar(pattern in any_pattern(), context in any_context()) {
        let mut paths = Paths::default();
        // Some are refused: what `$not` denies may be `present?`.
        if let Ok(read) = Pattern::compile(&matcho(pattern), &mut paths) {
            let asked = AccessRequest { context: document(context), ..request() };
            let types = Types::new().unwrap();
            let hearing = Hearing::new(&asked, &types, &paths);
            let holds = matches!(hearing.ask_pattern(&read), Answer::Applies);
            prop_assert_eq!(read.is_likely(&hearing), holds);
        }
    }

    #[test]
    fn any_cedar_policy_answers_every_request_the_same_in_both_ways(
        when in any_condition(), unless in any_condition(), forbidden in any_condition(), context in any_context(),
    ) {
        let text = format!(
            "permit(principal, action, resource) when {{ {when} }} unless {{ {unless} }};
             permit(principal, action, resource) when {{ {unless} }};
             forbid(principal, action, resource) when {{ {forbidden} }};"
        );
        let judge = CedarEngine.compile(&[policy("p", settings(cedar(&text)))]).unwrap();
        let asked = AccessRequest { context: document(context), ..request() };
        let explained = judge.explain(&asked);
        prop_assert_eq!(judge.permits(&asked), explained.permitted, "{:?}", explained);
    }
}
