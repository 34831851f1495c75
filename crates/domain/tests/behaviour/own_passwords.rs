//! Passwords in the hands of their owners: changed with the present one, or chosen by a link.

use std::sync::Arc;

use grantor_domain::access::Rule;
use grantor_domain::caller::Caller;
use grantor_domain::event::EventKind;
use grantor_domain::origin::Origin;
use grantor_domain::policy::{Budget, Budgets, Policy};
use grantor_domain::ports::PasswordHasher as _;
use grantor_domain::revision::Condition;
use grantor_domain::secret::{Password, TokenValue};
use grantor_domain::server::Ports;
use grantor_domain::tokens::TokenResponse;
use grantor_domain::users::{NewPassword, UserDraft, UserSettings};
use grantor_domain::users::{PasswordChange, PasswordReset};
use grantor_domain::{AuthorizationServer, Error, Fault, Reason};
use grantor_testkit::World;
use grantor_testkit::memory::PlainHasher;
use grantor_testkit::world::password_client;

use crate::ask::{
    advance, bearer, caller, cedar, client_caller, events_since, find_user, identify, is_active,
    lives, of_user, policy, put_policy, refresh_of, refused, user_id, world,
};
use crate::races::at_once;

const NEW: &str = "correct horse";

pub(crate) fn password(text: &str) -> Password {
    Password::new(text.into())
}

fn change(world: &World, caller: &Caller, from: &str, to: &str) -> Result<NewPassword, Error> {
    world
        .server
        .change_password(caller, &password(from), &password(to))
}

fn reset(world: &World, token: &TokenValue, to: &str) -> Result<NewPassword, Error> {
    world
        .server
        .reset_password(token, &password(to), &Origin::default())
}

/// A link for a user, made by the operator.
pub(crate) fn link(world: &World, id: &str) -> TokenValue {
    let made = world
        .server
        .force_password_reset(&Caller::operator(), &user_id(id));
    made.unwrap().unwrap().token
}

fn logged_in(world: &World) -> (TokenResponse, Caller) {
    let tokens = world.log_in("user", "password").unwrap();
    let caller = identify(world, &bearer(&tokens)).unwrap();
    (tokens, caller)
}

fn problems(answer: Result<NewPassword, Error>) -> Vec<String> {
    match answer {
        Ok(NewPassword::Refused(problems)) => problems,
        other => panic!("not refused: {other:?}"),
    }
}

fn inactive(world: &World) {
    let draft = UserDraft {
        settings: UserSettings {
            inactive: true,
            ..UserSettings::default()
        },
        password: PasswordChange::Keep,
    };
    let operator = Caller::operator();
    world
        .server
        .put(&operator, &user_id("user"), &draft, Condition::Any)
        .unwrap();
}

#[test]
fn a_changed_password_takes_the_place_of_the_old_one() {
    let world = world();
    let (_, user) = logged_in(&world);
    let changed = change(&world, &user, "password", NEW);
    assert_eq!(changed, Ok(NewPassword::Accepted));
    assert!(world.log_in("user", NEW).is_ok());
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::WrongPassword
    );
}

#[test]
fn a_change_ends_every_other_session_and_not_the_callers() {
    let world = world();
    let elsewhere = world.log_in("user", "password").unwrap();
    let (here, user) = logged_in(&world);
    change(&world, &user, "password", NEW).unwrap();
    assert!(!lives(&world, &elsewhere));
    assert!(lives(&world, &here));
    let next = world.refresh(&refresh_of(&here)).unwrap();
    assert!(lives(&world, &next));
}

#[test]
fn a_change_is_remembered_with_who_made_it() {
    let world = world();
    let (_, user) = logged_in(&world);
    let seen = world.memory.events().len();
    change(&world, &user, "password", NEW).unwrap();
    let events = world.memory.events();
    let [event] = &events[seen..] else {
        panic!("{:?}", &events[seen..]);
    };
    assert_eq!(event.kind, EventKind::UserPasswordChanged);
    assert_eq!(event.user, Some(user_id("user")));
    assert_eq!(event.actor.as_ref(), Some(user.subject()));
}

#[test]
fn a_wrong_present_password_changes_nothing() {
    let world = world();
    let (tokens, user) = logged_in(&world);
    let answer = change(&world, &user, "wrong", NEW);
    assert_eq!(refused(answer), Reason::WrongPassword);
    assert!(world.log_in("user", "password").is_ok());
    assert!(lives(&world, &tokens));
}

#[test]
fn a_new_password_is_judged_and_what_to_change_is_told() {
    let world = world();
    let (tokens, user) = logged_in(&world);
    assert_eq!(
        problems(change(&world, &user, "password", "short")),
        ["Use at least 8 characters"]
    );
    assert_eq!(
        problems(change(&world, &user, "password", "user@mail.com")),
        ["Do not use your own name"]
    );
    assert_eq!(
        problems(change(&world, &user, "password", "")),
        ["The password must not be empty."]
    );
    assert_eq!(
        problems(change(&world, &user, "password", "password")),
        ["The password must be another one than the present one."]
    );
    assert!(lives(&world, &tokens));
    assert!(world.log_in("user", "password").is_ok());
}

#[test]
fn whoever_does_not_know_the_present_password_is_not_told_how_good_a_new_one_is() {
    let world = world();
    let (_, user) = logged_in(&world);
    let answer = change(&world, &user, "wrong", "short");
    assert_eq!(refused(answer), Reason::WrongPassword);
}

#[test]
fn a_client_has_no_password_to_change() {
    let world = world();
    let client = client_caller(&world);
    assert_eq!(
        refused(change(&world, &client, "password", NEW)),
        Reason::NotAllowed
    );
    assert_eq!(
        refused(change(&world, &Caller::operator(), "password", NEW)),
        Reason::NotAllowed
    );
}

#[test]
fn passwords_that_are_too_long_are_refused_before_any_work() {
    let world = world();
    let (_, user) = logged_in(&world);
    let long = "x".repeat(Password::LONGEST + 1);
    let token = link(&world, "amy");
    for answer in [
        change(&world, &user, &long, NEW),
        change(&world, &user, "password", &long),
        reset(&world, &token, &long),
    ] {
        assert_eq!(refused(answer), Reason::PasswordTooLong);
    }
}

#[test]
fn a_chosen_password_that_looks_like_a_hash_is_not_taken_for_one() {
    let world = world();
    let (_, user) = logged_in(&world);
    let hash = PlainHasher::outdated("imported").expose().to_owned();
    change(&world, &user, "password", &hash).unwrap();
    assert_eq!(
        refused(world.log_in("user", "imported")),
        Reason::WrongPassword
    );
    assert!(world.log_in("user", &hash).is_ok());
}

#[test]
fn wrong_present_passwords_spend_the_budget_of_logins() {
    let mut policy = Policy::new("https://auth.example");
    let roomy = Budget::per_minute(1000, 1000);
    policy.throttle = Some(Budgets {
        account: Budget::per_minute(3, 6),
        ..Budgets::alike(roomy)
    });
    let world = World::empty(policy);
    world.put_client("myapp", Some("verysecret"), password_client());
    world.put_user("user", "password", UserSettings::default());
    let (_, user) = logged_in(&world);
    for _ in 0..3 {
        let answer = change(&world, &user, "wrong", NEW);
        assert_eq!(refused(answer), Reason::WrongPassword);
    }
    let throttled = refused(change(&world, &user, "password", NEW));
    assert!(matches!(throttled, Reason::Throttled { .. }));
}

#[test]
fn a_login_with_the_old_password_and_a_change_leave_no_session_that_knew_it() {
    for _ in 0..50 {
        let world = world();
        let (here, user) = logged_in(&world);
        let answers = at_once(2, |number| {
            if number == 0 {
                change(&world, &user, "password", NEW).unwrap();
                return None;
            }
            world.log_in("user", "password").ok()
        });
        for late in answers.iter().flatten() {
            assert!(!lives(&world, late), "a login outlived the change");
        }
        assert!(lives(&world, &here));
    }
}

#[test]
fn of_two_changes_at_once_one_counts() {
    for _ in 0..50 {
        let world = world();
        let users = [logged_in(&world).1, logged_in(&world).1];
        let chosen = ["first choice", "second choice"];
        let answers = at_once(2, |n| change(&world, &users[n], "password", chosen[n]));
        let accepted = |answer: &&Result<_, _>| **answer == Ok(NewPassword::Accepted);
        assert_eq!(answers.iter().filter(accepted).count(), 1, "{answers:?}");
        for (answer, chosen) in answers.iter().zip(chosen) {
            match answer {
                Ok(_) => assert!(world.log_in("user", chosen).is_ok()),
                Err(Error::Refused(reason)) => assert_eq!(*reason, Reason::WrongPassword),
                Err(Error::Fault(fault)) => assert_eq!(*fault, Fault::Contended),
            }
        }
    }
}

#[test]
fn a_session_that_had_ended_before_a_change_is_not_brought_back() {
    let world = world();
    let (tokens, user) = logged_in(&world);
    world
        .server
        .close_sessions_of(&Caller::operator(), &user_id("user"))
        .unwrap();
    change(&world, &user, "password", NEW).unwrap();
    assert!(!lives(&world, &tokens));
}

#[test]
fn a_link_makes_the_present_password_useless_and_ends_every_session() {
    let world = world();
    let (tokens, user) = logged_in(&world);
    link(&world, "user");
    assert!(!lives(&world, &tokens));
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::PasswordChangeRequired
    );
    assert_eq!(
        refused(world.log_in("user", "wrong")),
        Reason::WrongPassword
    );
    assert_eq!(
        refused(change(&world, &user, "password", NEW)),
        Reason::PasswordChangeRequired
    );
    advance(&world, 86_400);
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::PasswordChangeRequired
    );
}

#[test]
fn a_link_gives_another_password_once() {
    let world = world();
    let token = link(&world, "user");
    assert_eq!(reset(&world, &token, NEW), Ok(NewPassword::Accepted));
    assert!(world.log_in("user", NEW).is_ok());
    let again = reset(&world, &token, "another one");
    assert_eq!(refused(again), Reason::InvalidResetToken);
    assert!(world.log_in("user", NEW).is_ok());
}

#[test]
fn links_and_what_comes_of_them_are_remembered() {
    let world = world();
    let seen = world.memory.events().len();
    let token = link(&world, "user");
    reset(&world, &token, NEW).unwrap();
    assert_eq!(
        events_since(&world, seen),
        [EventKind::UserPasswordReset, EventKind::UserPasswordChanged]
    );
}

#[test]
fn a_link_ends_after_a_quarter_of_an_hour() {
    let world = world();
    let token = link(&world, "user");
    advance(&world, 15 * 60 - 1);
    assert_eq!(
        problems(reset(&world, &token, "short")),
        ["Use at least 8 characters"]
    );
    advance(&world, 1);
    assert_eq!(
        refused(reset(&world, &token, NEW)),
        Reason::InvalidResetToken
    );
}

#[test]
fn only_the_latest_link_works() {
    let world = world();
    let (first, second) = (link(&world, "user"), link(&world, "user"));
    assert_eq!(
        refused(reset(&world, &first, NEW)),
        Reason::InvalidResetToken
    );
    assert_eq!(reset(&world, &second, NEW), Ok(NewPassword::Accepted));
}

#[test]
fn a_link_is_of_use_to_nobody_who_is_gone_or_off() {
    let world = world();
    let (gone, off) = (link(&world, "amy"), link(&world, "user"));
    let operator = Caller::operator();
    world
        .server
        .remove(&operator, &user_id("amy"), Condition::Any)
        .unwrap();
    inactive(&world);
    for token in [gone, off] {
        let answer = reset(&world, &token, NEW);
        assert_eq!(refused(answer), Reason::InvalidResetToken);
    }
}

#[test]
fn a_password_written_for_a_user_makes_the_link_useless() {
    let world = world();
    let token = link(&world, "user");
    world.put_user("user", "given by others", UserSettings::default());
    assert_eq!(
        refused(reset(&world, &token, NEW)),
        Reason::InvalidResetToken
    );
    assert!(world.log_in("user", "given by others").is_ok());
}

#[test]
fn nothing_is_hashed_for_a_token_that_is_unknown() {
    let world = world();
    let hasher = Arc::new(PlainHasher::default());
    let ports = Ports {
        hasher: hasher.clone(),
        ..world.server.ports().clone()
    };
    let server = AuthorizationServer::new(ports, world.server.policy().clone());
    let used = link(&world, "user");
    reset(&world, &used, NEW).unwrap();
    for token in [used, TokenValue::new("gpr_x".into())] {
        let answer = server.reset_password(&token, &password(NEW), &Origin::default());
        assert_eq!(refused(answer), Reason::InvalidResetToken);
    }
    assert_eq!(hasher.asked(), 0);
    hasher.hash(&password(NEW)).unwrap();
    assert_eq!(hasher.asked(), 1, "it counts");
}

#[test]
fn of_two_resets_at_once_one_counts() {
    for _ in 0..50 {
        let world = world();
        let token = link(&world, "user");
        let chosen = ["first choice", "second choice"];
        let answers = at_once(2, |number| reset(&world, &token, chosen[number]));
        let accepted = answers
            .iter()
            .zip(chosen)
            .filter(|(answer, _)| **answer == Ok(NewPassword::Accepted));
        let accepted: Vec<&str> = accepted.map(|(_, chosen)| chosen).collect();
        let [chosen] = accepted[..] else {
            panic!("{answers:?}");
        };
        assert!(world.log_in("user", chosen).is_ok());
    }
}

#[test]
fn a_link_is_made_by_those_a_policy_permits_it() {
    let world = world();
    let (amy, id) = (caller(&world, "amy", "amypass"), user_id("user"));
    assert_eq!(
        refused(world.server.force_password_reset(&amy, &id)),
        Reason::NotAllowed
    );
    assert!(world.log_in("user", "password").is_ok());
    let draft = policy(of_user("amy"), None, cedar("permit reset-password:User"));
    put_policy(&world, "p1", &draft);
    let made = world.server.force_password_reset(&amy, &id);
    assert!(matches!(made, Ok(Some(_))), "{made:?}");
    let clients = policy(of_user("amy"), None, Rule::Allow);
    put_policy(&world, "p1", &clients);
    let nobody = world.server.force_password_reset(&amy, &user_id("nobody"));
    assert!(matches!(nobody, Ok(None)), "{nobody:?}");
}

#[test]
fn a_link_is_stored_as_a_hash_with_its_end() {
    let world = world();
    let made = world
        .server
        .force_password_reset(&Caller::operator(), &user_id("user"));
    let made = made.unwrap().unwrap();
    let PasswordReset { hash, expires } = find_user(&world, "user").unwrap().reset.unwrap();
    assert!(hash.matches(&made.token));
    assert_eq!(expires, made.expires);
    assert!(!is_active(&world, &made.token));
}
