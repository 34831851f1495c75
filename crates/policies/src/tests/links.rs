//! Whom policies concern, and how their answers join.

use grantor_domain::id::RoleId;

use super::*;

fn user(id: &str) -> Link {
    Link::User(UserId::parse(id).unwrap())
}

fn client(id: &str) -> Link {
    Link::Client(ClientId::parse(id).unwrap())
}

fn role(id: &str) -> Link {
    Link::Role(RoleId::parse(id).unwrap())
}

fn concerns(settings: PolicySettings, request: &AccessRequest) -> bool {
    !judged(&[policy("p", settings)], request).spoken.is_empty()
}

#[test]
fn without_policies_nothing_is_permitted() {
    assert_eq!(judged(&[], &request()), Verdict::default());
}

#[test]
fn a_policy_without_links_concerns_everyone() {
    assert!(concerns(settings(Rule::Allow), &request()));
    assert!(concerns(settings(Rule::Allow), &anonymous()));
}

#[test]
fn a_linked_policy_concerns_its_user_or_client_only() {
    for (link, concerned) in [
        (user("alice"), true),
        (user("bob"), false),
        (client("shop-app"), true),
        (client("other"), false),
    ] {
        let policy = linked(Rule::Allow, vec![link.clone()]);
        assert_eq!(concerns(policy.clone(), &request()), concerned, "{link:?}");
        assert!(!concerns(policy, &anonymous()), "{link:?}");
    }
}

#[test]
fn several_links_widen() {
    assert!(concerns(
        linked(Rule::Allow, vec![user("bob"), client("shop-app")]),
        &request()
    ));
}

#[test]
fn a_link_to_a_role_concerns_those_it_is_given_to() {
    let mut with_role = request();
    with_role.principal.roles.push(RoleMembership {
        id: Some(RoleId::parse("r1").unwrap()),
        name: "cook".to_owned(),
    });
    let policy = || linked(Rule::Allow, vec![role("r1")]);
    assert!(concerns(policy(), &with_role));
    assert!(!concerns(policy(), &request()));
}

#[test]
fn a_role_name_concerns_users_with_such_a_role() {
    let named = |name: &str| PolicySettings {
        role_name: Some(name.to_owned()),
        ..settings(Rule::Allow)
    };
    assert!(concerns(named("clerk"), &request()));
    assert!(!concerns(named("cook"), &request()));
    assert!(!concerns(named("clerk"), &anonymous()));
}

#[test]
fn a_role_name_without_a_user_concerns_nobody() {
    let mut client_only = request();
    client_only.principal.user = None;
    let named = PolicySettings {
        role_name: Some("clerk".to_owned()),
        ..settings(Rule::Allow)
    };
    assert!(!concerns(named, &client_only));
}

#[test]
fn links_and_role_name_must_both_fit() {
    let both = |link: Link, name: &str| PolicySettings {
        role_name: Some(name.to_owned()),
        ..linked(Rule::Allow, vec![link])
    };
    assert!(concerns(both(user("alice"), "clerk"), &request()));
    assert!(!concerns(both(user("alice"), "cook"), &request()));
    assert!(!concerns(both(user("bob"), "clerk"), &request()));
}

#[test]
fn one_that_forbids_wins_over_all_that_permit() {
    let policies = [
        policy("a", settings(Rule::Allow)),
        policy("b", settings(cedar("forbid(principal, action, resource);"))),
        policy("c", settings(Rule::Allow)),
    ];
    let verdict = judged(&policies, &request());
    assert!(!verdict.permitted);
    let effects: Vec<_> = verdict.spoken.iter().map(|spoken| spoken.effect).collect();
    assert_eq!(effects, [Effect::Permit, Effect::Forbid, Effect::Permit]);
}

#[test]
fn a_forbidding_policy_for_others_does_not_count() {
    let policies = [
        policy("a", settings(Rule::Allow)),
        policy(
            "b",
            linked(
                cedar("forbid(principal, action, resource);"),
                vec![user("bob")],
            ),
        ),
    ];
    assert!(judged(&policies, &request()).permitted);
}

#[test]
fn answers_come_in_order_of_id_whatever_the_order_of_policies() {
    let policies = ["c", "a", "b"].map(|id| policy(id, settings(Rule::Allow)));
    let verdict = judged(&policies, &request());
    let ids: Vec<_> = verdict
        .spoken
        .iter()
        .map(|spoken| spoken.policy.as_str())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[test]
fn one_policy_that_is_not_understood_spoils_the_set() {
    let policies = [
        policy("good", settings(Rule::Allow)),
        policy("bad", settings(cedar("permit("))),
    ];
    let fault = CedarEngine.compile(&policies).err().unwrap();
    let grantor_domain::Fault::Corrupt(words) = fault else {
        panic!("{fault:?}");
    };
    assert!(words.contains("AccessPolicy bad"), "{words}");
}
