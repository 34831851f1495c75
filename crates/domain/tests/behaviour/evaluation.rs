//! Asking the policies about somebody: for resource servers, and for people who test policies.

use grantor_domain::access::{AccessPolicy, Effect, Evaluation, Rule, Target, Trial, Verdict};
use grantor_domain::caller::Caller;
use grantor_domain::document::Document;
use grantor_domain::ports::Registry;
use grantor_testkit::World;

use crate::ask::{
    cedar, client_id, of_user, policy, policy_id, put_policy, put_role, role, role_id, user_id,
    world,
};

fn question(user: &str, action: &str) -> Evaluation {
    Evaluation {
        user: Some(user_id(user)),
        client: None,
        action: action.into(),
        target: Target {
            kind: "Document".into(),
            ..Target::default()
        },
        context: Document::default(),
    }
}

fn evaluated(world: &World, question: Evaluation) -> Verdict {
    let mut evaluator = world.server.evaluator(&Caller::operator()).unwrap();
    let (_, verdict) = evaluator.evaluate(question).unwrap();
    verdict
}

#[test]
fn an_evaluation_answers_for_the_one_it_is_about() {
    let world = world();
    put_policy(
        &world,
        "p1",
        &policy(of_user("amy"), None, cedar("permit sign")),
    );
    assert!(evaluated(&world, question("amy", "sign")).permitted);
    assert!(!evaluated(&world, question("amy", "burn")).permitted);
    assert!(!evaluated(&world, question("user", "sign")).permitted);
}

#[test]
fn an_evaluation_tells_which_policies_spoke() {
    let world = world();
    world.allow(of_user("amy"));
    put_policy(
        &world,
        "p1",
        &policy(Vec::new(), None, cedar("forbid burn")),
    );
    put_policy(&world, "p2", &policy(of_user("user"), None, Rule::Allow));
    let verdict = evaluated(&world, question("amy", "burn"));
    let spoken: Vec<_> = verdict
        .spoken
        .iter()
        .map(|spoken| (spoken.policy.as_str(), spoken.effect))
        .collect();
    assert_eq!(spoken, [("allow", Effect::Permit), ("p1", Effect::Forbid)]);
    assert!(!verdict.permitted);
}

#[test]
fn an_evaluation_shows_the_request_the_policies_were_asked() {
    let world = world();
    put_role(&world, "r1", &role("nurse", "amy"));
    let asked = Evaluation {
        client: Some(client_id("myapp")),
        ..question("amy", "sign")
    };
    let mut evaluator = world.server.evaluator(&Caller::operator()).unwrap();
    let (request, _) = evaluator.evaluate(asked).unwrap();
    assert_eq!(request.action, "sign");
    assert_eq!(request.target.kind, "Document");
    assert_eq!(request.principal.user.unwrap().id, user_id("amy"));
    assert_eq!(request.principal.client.unwrap().id, client_id("myapp"));
    assert_eq!(request.principal.roles[0].id, Some(role_id("r1")));
    assert_eq!(request.principal.roles[0].name, "nurse");
}

#[test]
fn a_user_that_does_not_exist_is_nobody() {
    let world = world();
    world.allow(of_user("nobody"));
    assert!(!evaluated(&world, question("nobody", "sign")).permitted);
}

#[test]
fn before_there_is_a_policy_every_evaluation_is_no() {
    let world = world();
    let verdict = evaluated(&world, question("amy", "sign"));
    assert_eq!(verdict, Verdict::default());
}

#[test]
fn a_policy_is_tried_without_the_others_and_without_being_stored() {
    let world = world();
    put_policy(&world, "p1", &policy(Vec::new(), None, cedar("forbid")));
    let id = policy_id("trial");
    let settings = policy(of_user("amy"), None, Rule::Allow);
    let mut evaluator = world.server.evaluator(&Caller::operator()).unwrap();
    let tried = evaluator.try_policy(&id, &settings, question("amy", "sign"));
    let Ok(Trial::Answered(_, verdict)) = tried else {
        panic!("{tried:?}");
    };
    assert!(verdict.permitted);
    assert_eq!(Registry::<AccessPolicy>::find(&world.memory, &id), Ok(None));
}

#[test]
fn a_policy_that_cannot_be_understood_is_tried_in_vain() {
    let world = world();
    let settings = policy(Vec::new(), None, cedar("nonsense"));
    let mut evaluator = world.server.evaluator(&Caller::operator()).unwrap();
    let tried = evaluator.try_policy(&policy_id("trial"), &settings, question("amy", "sign"));
    assert!(
        matches!(&tried, Ok(Trial::Invalid(violations)) if violations[0].path == "policy"),
        "{tried:?}"
    );
}
