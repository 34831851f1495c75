//! `grant_type=password`: the answer, and each way to be refused.

use grantor_domain::caller::Caller;
use grantor_domain::clients::ClientSettings;
use grantor_domain::grants::GrantType;
use grantor_domain::ports::Expect;
use grantor_domain::ports::Registry as _;
use grantor_domain::reason::{ErrorCode, Reason};
use grantor_domain::revision::Condition;
use grantor_domain::secret::Password;
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_domain::{AuthorizationServer, Error};
use grantor_testkit::World;
use grantor_testkit::memory::PlainHasher;

use crate::ask::{
    active, find_user, from_client, is_active, login, password_grant, refresh_of, refused, user_id,
    world,
};

#[test]
fn a_right_password_gets_a_pair_that_lives() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    assert!(answer.access_token.expose().starts_with("gat_"));
    assert!(refresh_of(&answer).expose().starts_with("grt_"));
    assert_eq!(answer.expires_in.as_seconds(), 3600);
    assert_eq!(answer.userinfo.unwrap().id, user_id("user"));
    let access = active(&world, &answer.access_token).unwrap();
    assert_eq!(access.subject(), "user");
    assert_eq!(access.session.client.id.as_str(), "myapp");
    assert!(is_active(&world, &answer.refresh_token.unwrap()));
}

#[test]
fn user_name_email_and_id_all_name_the_user_in_any_spelling() {
    let world = world();
    let settings = UserSettings {
        user_name: Some("Rémy".into()),
        email: Some("remy@mail.com".into()),
        ..UserSettings::default()
    };
    world.put_user("u1", "secret", settings);
    for name in ["Rémy", "re\u{301}MY", "REMY@mail.com", "u1", "U1"] {
        let answer = world.log_in(name, "secret").unwrap();
        assert_eq!(answer.userinfo.unwrap().id, user_id("u1"), "{name}");
    }
}

#[test]
fn tokens_never_repeat() {
    let world = world();
    let tokens: std::collections::HashSet<String> = (0..50)
        .flat_map(|_| {
            let answer = world.log_in("user", "password").unwrap();
            let refresh = refresh_of(&answer);
            [answer.access_token, refresh].map(|token| token.expose().to_owned())
        })
        .collect();
    assert_eq!(tokens.len(), 100);
}

#[test]
fn a_grant_that_is_not_enabled_does_not_exist() {
    let world = world();
    let bare =
        AuthorizationServer::new(world.server.ports().clone(), world.server.policy().clone());
    let only_refresh = bare.clone().enable_grant_type(GrantType::RefreshToken);
    for server in [bare, only_refresh] {
        let reason = refused(server.token(&login()));
        assert_eq!(reason, Reason::GrantTypeNotEnabled);
        assert_eq!(reason.code(), ErrorCode::UnsupportedGrantType);
    }
}

#[test]
fn a_client_without_the_grant_is_unauthorized() {
    let world = world();
    world.put_client("batch", Some("s"), ClientSettings::default());
    let reason = refused(
        world
            .server
            .token(&from_client(login(), "batch", Some("s"))),
    );
    assert_eq!(reason, Reason::GrantTypeNotAllowed);
    assert_eq!(reason.code(), ErrorCode::UnauthorizedClient);
}

#[test]
fn unknown_wrong_and_missing_passwords_are_one_refusal() {
    let world = world();
    let draft = UserDraft {
        settings: UserSettings::default(),
        password: PasswordChange::Keep,
    };
    let operator = Caller::operator();
    world
        .server
        .put(&operator, &user_id("nopass"), &draft, Condition::Absent)
        .unwrap();
    let cases = [
        ("nobody", "password", Reason::UnknownUser),
        ("two words", "password", Reason::UnknownUser),
        ("user", "wrong", Reason::WrongPassword),
        ("user", "", Reason::WrongPassword),
        ("nopass", "", Reason::NoPassword),
        ("nopass", "password", Reason::NoPassword),
    ];
    for (name, password, expected) in cases {
        let reason = refused(world.log_in(name, password));
        assert_eq!(reason, expected, "{name}");
        assert_eq!(reason.code(), ErrorCode::InvalidGrant);
        assert_eq!(reason.description(), "Wrong username or password");
    }
    assert_eq!(world.memory.session_count(), 0);
}

#[test]
fn an_inactive_user_is_told_so_only_with_the_right_password() {
    let world = world();
    let settings = UserSettings {
        inactive: true,
        ..UserSettings::default()
    };
    world.put_user("gone", "password", settings);
    let right = refused(world.log_in("gone", "password"));
    assert_eq!(right, Reason::UserDisabled);
    assert_eq!(
        (right.code(), right.description()),
        (ErrorCode::InvalidGrant, "User is inactive")
    );
    assert_eq!(
        refused(world.log_in("gone", "wrong")),
        Reason::WrongPassword
    );
}

#[test]
fn a_password_above_1024_bytes_is_a_bad_request() {
    let world = world();
    let longest = "x".repeat(Password::LONGEST);
    world.put_user("long", &longest, UserSettings::default());
    assert!(world.log_in("long", &longest).is_ok());
    let reason = refused(world.log_in("long", &format!("{longest}x")));
    assert_eq!(reason, Reason::PasswordTooLong);
    assert_eq!(reason.code(), ErrorCode::InvalidRequest);
}

#[test]
fn a_weak_hash_is_replaced_at_login_and_sessions_go_on() {
    let world = world();
    let before = world.log_in("user", "password").unwrap();
    let mut user = find_user(&world, "user").unwrap();
    let seen = Expect::Version(user.stamp.version);
    user.password = Some(PlainHasher::outdated("password"));
    user.stamp = user.stamp.touched(user.stamp.updated);
    world.memory.put(&user, seen, &[]).unwrap();

    world.log_in("user", "password").unwrap();
    let after = find_user(&world, "user").unwrap();
    assert_ne!(after.password, user.password);
    assert_eq!(after.stamp.epoch, user.stamp.epoch);
    assert!(is_active(&world, &before.access_token));
    assert!(world.log_in("user", "password").is_ok());
}

#[test]
fn a_weak_hash_stays_where_rehashing_is_switched_off() {
    let mut policy = grantor_domain::policy::Policy::new("https://auth.example");
    policy.rehash_on_login = false;
    let world = World::empty(policy);
    world.put_client(
        "myapp",
        Some("verysecret"),
        grantor_testkit::world::password_client(),
    );
    world.put_user("user", "password", UserSettings::default());
    let mut user = find_user(&world, "user").unwrap();
    user.password = Some(PlainHasher::outdated("password"));
    world
        .memory
        .put(&user, Expect::Version(user.stamp.version), &[])
        .unwrap();
    world.log_in("user", "password").unwrap();
    assert_eq!(find_user(&world, "user"), Some(user));
}

#[test]
fn a_refused_login_leaves_no_session() {
    let world = world();
    let answers = [
        world
            .server
            .token(&World::request(password_grant("user", "wrong"))),
        world
            .server
            .token(&from_client(login(), "myapp", Some("wrong"))),
        world
            .server
            .token(&crate::ask::asking_for(login(), "admin")),
    ];
    for answer in answers {
        assert!(matches!(answer, Err(Error::Refused(_))));
    }
    assert_eq!(world.memory.session_count(), 0);
}
