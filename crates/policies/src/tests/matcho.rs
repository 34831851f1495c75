//! What patterns match.

use super::*;

#[test]
fn an_object_matches_objects_with_at_least_its_members() {
    assert!(matches(
        json!({"request-method": "get", "user": {"data": {"ward": "w1"}}})
    ));
    assert!(!matches(
        json!({"request-method": "get", "user": {"data": {"ward": "w2"}}})
    ));
    assert!(!matches(
        json!({"request-method": "get", "user": {"ward": "w1"}})
    ));
}

#[test]
fn a_member_of_something_that_has_no_members_is_missing() {
    assert!(!matches(json!({"uri": {"a": "b"}})));
    assert!(!matches(json!({"params": {"list": {"a": "b"}}})));
}

#[test]
fn single_values_are_compared_by_value_and_kind() {
    assert!(matches(json!({"user": {"active": true, "age": 42}})));
    for wrong in [
        json!({"active": false}),
        json!({"active": "true"}),
        json!({"age": "42"}),
    ] {
        assert!(!matches(json!({"user": wrong})));
    }
}

#[test]
fn a_fraction_is_seen_as_its_text() {
    assert!(matches(json!({"user": {"height": "1.5"}})));
}

#[test]
fn the_request_has_operation_resource_and_role() {
    assert!(matches(json!({
        "operation": {"id": "read:Client"},
        "resource": {"type": "Client", "id": "c1", "owner": "alice"},
        "client": {"id": "shop-app", "first_party": true},
        "role": {"$contains": "clerk"},
    })));
}

#[test]
fn what_a_caller_sends_under_our_names_is_not_looked_at() {
    assert!(matches(json!({"user": {"id": "alice"}})));
    assert!(!permits(matcho(json!({"user": "present?"})), &anonymous()));
    let mut forged = request();
    forged.context = document(json!({"operation": {"id": "delete:Client"}, "role": ["admin"]}));
    assert!(!permits(
        matcho(json!({"operation": {"id": "delete:Client"}})),
        &forged
    ));
    assert!(!permits(
        matcho(json!({"role": {"$contains": "admin"}})),
        &forged
    ));
}

#[test]
fn a_target_without_an_id_has_none_whatever_its_attributes_say() {
    let mut forged = request();
    forged.target.id = None;
    forged.target.attributes = document(json!({"id": "c1", "type": "User"}));
    assert!(permits(
        matcho(json!({"resource": {"id": "nil?", "type": "Client"}})),
        &forged
    ));
}

#[test]
fn lists_match_lists_that_begin_with_the_same() {
    assert!(matches(json!({"params": {"list": [1, 2]}})));
    assert!(matches(json!({"params": {"list": [1, 2, 2, 3]}})));
    assert!(!matches(json!({"params": {"list": [2, 1]}})));
    assert!(!matches(json!({"params": {"list": [1, 2, 2, 3, 4]}})));
    assert!(matches(json!({"user": {"emails": [{"value": "#@b"}]}})));
    assert!(!matches(json!({"user": {"emails": [{"value": "#@d"}]}})));
}

#[test]
fn a_position_is_no_name() {
    let mut numbered = request();
    numbered.context = document(json!({"list": {"0": "a"}}));
    assert!(!permits(matcho(json!({"list": ["a"]})), &numbered));
}

#[test]
fn empty_values_are_missing() {
    let mut emptied = request();
    emptied.context = document(json!({
        "a": "", "b": [], "c": {}, "d": null, "e": [null, ""], "f": {"g": {"h": []}}, "i": [null, "x"],
    }));
    for name in ["a", "b", "c", "d", "e", "f"] {
        assert!(permits(matcho(json!({name: "nil?"})), &emptied), "{name}");
        assert!(
            !permits(matcho(json!({name: "present?"})), &emptied),
            "{name}"
        );
    }
    assert!(permits(matcho(json!({"i": ["x"]})), &emptied));
    assert!(permits(matcho(json!({"i": {"$length": 1}})), &emptied));
}

#[test]
fn words_ask_for_presence() {
    assert!(matches(
        json!({"user": "present?", "params": {"empty": "nil?", "none": "nil?"}})
    ));
    assert!(matches(json!({"uri": "not-blank?"})));
    assert!(!matches(json!({"user": {"age": "not-blank?"}})));
    assert!(!matches(json!({"params": {"none": "present?"}})));
    assert!(!matches(json!({"user": "nil?"})));
    assert!(permits(matcho(json!({"user": "nil?"})), &anonymous()));
}

#[test]
fn a_reference_compares_two_places() {
    assert!(matches(json!({"params": {"owner": ".user.id"}})));
    assert!(matches(json!({"resource": {"id": ".params.resource/id"}})));
    assert!(matches(json!({"user": {"data": {"roles": [".role.0"]}}})));
    assert!(!matches(json!({"params": {"owner": ".client.id"}})));
}

#[test]
fn missing_on_either_side_is_never_equal() {
    assert!(!matches(json!({"params": {"none": ".user.id"}})));
    assert!(!matches(json!({"params": {"owner": ".user.none"}})));
    assert!(!matches(json!({"params": {"none": ".user.none"}})));
    assert!(!permits(
        matcho(json!({"params": {"empty": ".user.id"}})),
        &anonymous()
    ));
}

#[test]
fn two_lists_or_objects_are_not_compared() {
    assert!(!matches(json!({"user": {"data": ".user.data"}})));
    assert!(!matches(json!({"params": {"list": ".params.list"}})));
}

#[test]
fn enum_is_one_of_plain_values() {
    assert!(matches(
        json!({"request-method": {"$enum": ["get", "post"]}})
    ));
    assert!(!matches(
        json!({"request-method": {"$enum": ["put", "post"]}})
    ));
    assert!(matches(
        json!({"user": {"age": {"$enum": ["x", 42, true]}}})
    ));
    assert!(!matches(json!({"none": {"$enum": ["get"]}})));
    assert!(!matches(
        json!({"params": {"owner": {"$enum": [".user.id", "#.*", "present?"]}}})
    ));
}

#[test]
fn one_of_is_any_pattern_even_when_an_earlier_one_does_not_fit_at_all() {
    assert!(matches(
        json!({"uri": {"$one-of": [{"a": {"b": "c"}}, ["x"], {"$length": 2}, "#^/Client"]}})
    ));
    assert!(!matches(
        json!({"uri": {"$one-of": [{"a": "b"}, "#^/User"]}})
    ));
    assert!(matches(
        json!({"$one-of": [{"none": "x"}, {"user": {"id": "alice"}}]})
    ));
}

#[test]
fn not_is_true_only_for_a_member_that_is_there() {
    assert!(matches(json!({"request-method": {"$not": "put"}})));
    assert!(!matches(json!({"request-method": {"$not": "get"}})));
    assert!(!matches(json!({"none": {"$not": "put"}})));
    assert!(matches(json!({"user": {"$not": {"data": {"ward": "w2"}}}})));
}

#[test]
fn not_lets_nobody_in_who_is_nobody() {
    let guest = || matcho(json!({"user": {"$not": {"data": {"ward": "guests"}}}}));
    assert!(permits(guest(), &request()));
    assert!(!permits(guest(), &anonymous()));
    let nested = matcho(json!({"user": {"data": {"ward": {"$not": "guests"}}}}));
    assert!(!permits(nested, &anonymous()));
}

#[test]
fn contains_looks_for_a_value_in_a_list() {
    assert!(matches(
        json!({"user": {"data": {"roles": {"$contains": "cook"}}}})
    ));
    assert!(!matches(
        json!({"user": {"data": {"roles": {"$contains": "admin"}}}})
    ));
    assert!(matches(
        json!({"user": {"data": {"roles": {"$contains": {"$enum": ["admin", "cook"]}}}}})
    ));
    assert!(matches(
        json!({"role": {"$contains": ".user.data.roles.0"}})
    ));
    assert!(!matches(json!({"role": {"$contains": ".user.none"}})));
    assert!(!matches(json!({"uri": {"$contains": "/Client/c1"}})));
}

#[test]
fn every_and_present_all_and_length_look_at_whole_lists() {
    assert!(matches(
        json!({"user": {"data": {"roles": {"$every": {"$enum": ["clerk", "cook", "x"]}}}}})
    ));
    assert!(!matches(
        json!({"user": {"data": {"roles": {"$every": "clerk"}}}})
    ));
    assert!(!matches(
        json!({"user": {"emails": {"$every": {"$enum": ["a@b.example"]}}}})
    ));
    assert!(!matches(json!({"params": {"none": {"$every": "x"}}})));
    assert!(matches(
        json!({"params": {"list": {"$present-all": [3, 1], "$length": 4}}})
    ));
    assert!(!matches(
        json!({"params": {"list": {"$present-all": [3, 1], "$length": 3}}})
    ));
    assert!(!matches(
        json!({"params": {"list": {"$present-all": [3, 9]}}})
    ));
}

#[test]
fn a_reference_is_read_from_each_of_its_shapes() {
    let pattern = || {
        matcho(
            json!({"resource": {"subject": {"$reference": {"resourceType": "Patient", "id": ".params.patient"}}}}),
        )
    };
    for (subject, found) in [
        (json!("Patient/p1"), true),
        (json!({"reference": "Patient/p1"}), true),
        (json!({"resourceType": "Patient", "id": "p1"}), true),
        (json!("Patient/p2"), false),
        (json!("Group/p1"), false),
        (json!("Patient/p1/_history/1"), false),
        (json!({"id": "p1"}), false),
    ] {
        let mut asked = request();
        asked.target.attributes = document(json!({"subject": subject}));
        asked.context = document(json!({"params": {"patient": "p1"}}));
        assert_eq!(permits(pattern(), &asked), found, "{subject}");
    }
}

#[test]
fn operators_beside_members_narrow() {
    assert!(!matches(
        json!({"params": {"owner": "bob", "$one-of": [{"list": "present?"}]}})
    ));
    assert!(matches(
        json!({"params": {"owner": "alice", "$one-of": [{"list": "present?"}]}})
    ));
}

#[test]
fn complex_rules_nest() {
    let get = || matcho(json!({"request-method": "get"}));
    let put = || matcho(json!({"request-method": "put"}));
    let rule = Rule::All(vec![
        get(),
        Rule::Any(vec![put(), Rule::All(vec![Rule::Allow, get()])]),
    ]);
    assert_eq!(
        said(rule, &request()),
        (Effect::Permit, "every rule of `and` says yes".to_owned())
    );
    assert!(!permits(Rule::All(vec![get(), put()]), &request()));
    assert!(!permits(Rule::Any(vec![put(), put()]), &request()));
}

#[test]
fn allow_permits_and_says_so() {
    assert_eq!(
        said(Rule::Allow, &anonymous()),
        (Effect::Permit, "engine allow".to_owned())
    );
}

#[test]
fn an_explanation_names_the_first_member_that_does_not_match() {
    for (pattern, reason) in [
        (
            json!({"request-method": "get", "uri": "#^/User"}),
            "uri does not match",
        ),
        (
            json!({"request-method": "get", "params": {"x": "y"}}),
            "params.x is missing",
        ),
        (json!({"user": "nil?"}), "user is present"),
        (
            json!({"user": {"$one-of": [{"id": "bob"}, {"id": "eve"}]}}),
            "none of the alternatives for user matches",
        ),
    ] {
        let policies = [policy("p", settings(matcho(pattern)))];
        let judge = CedarEngine.compile(&policies).unwrap();
        let verdict = judge.explain(&request());
        assert!(!verdict.permitted);
        assert_eq!(verdict.spoken.first().unwrap().reason, reason);
    }
}
