//! Disabling, removing and new credentials end sessions at once, and for ever.

use grantor_domain::caller::Caller;
use grantor_domain::clients::{ClientDraft, ClientSettings, SecretChange};
use grantor_domain::reason::Reason;
use grantor_domain::revision::Condition;
use grantor_domain::secret::ClientSecret;
use grantor_domain::tokens::TokenResponse;
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_testkit::World;
use grantor_testkit::world::{credentials, password_client};

use crate::ask::{
    client_id, from_client, introspect_as, lives, login, other, refresh_grant, refresh_of, refused,
    user_id, world,
};

fn seed_user() -> UserSettings {
    UserSettings {
        email: Some("user@mail.com".into()),
        ..UserSettings::default()
    }
}

fn put_user(world: &World, settings: UserSettings, password: PasswordChange) {
    let draft = UserDraft { settings, password };
    world
        .server
        .put(
            &Caller::operator(),
            &user_id("user"),
            &draft,
            Condition::Any,
        )
        .unwrap();
}

/// Logs `user` in twice and `amy` once, lets `end` end what `user` has, and looks.
fn ends_the_users_sessions(end: impl FnOnce(&World)) -> (World, TokenResponse) {
    let world = world();
    let [one, two] = [(); 2].map(|()| world.log_in("user", "password").unwrap());
    let amys = world.log_in("amy", "amypass").unwrap();
    end(&world);
    assert!(!lives(&world, &one) && !lives(&world, &two));
    assert!(lives(&world, &amys), "a stranger's session ended too");
    assert_eq!(
        refused(world.refresh(&refresh_of(&one))),
        Reason::SessionClosed
    );
    assert_eq!(
        refused(world.server.close_own_session(&one.access_token)),
        Reason::InvalidBearerToken
    );
    (world, two)
}

#[test]
fn disabling_a_user_ends_its_sessions_and_enabling_does_not_revive_them() {
    let (world, dead) = ends_the_users_sessions(|world| {
        let settings = UserSettings {
            inactive: true,
            ..seed_user()
        };
        put_user(world, settings, PasswordChange::Keep);
    });
    put_user(&world, seed_user(), PasswordChange::Keep);
    assert!(!lives(&world, &dead));
    assert!(lives(&world, &world.log_in("user", "password").unwrap()));
}

#[test]
fn removing_a_user_ends_its_sessions_and_using_the_id_again_does_not_revive_them() {
    let (world, dead) = ends_the_users_sessions(|world| {
        world
            .server
            .remove(&Caller::operator(), &user_id("user"), Condition::Any)
            .unwrap();
    });
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::UnknownUser
    );
    world.put_user("user", "password", seed_user());
    assert!(!lives(&world, &dead));
    assert!(lives(&world, &world.log_in("user", "password").unwrap()));
}

#[test]
fn a_new_password_ends_the_users_sessions() {
    let (world, _) = ends_the_users_sessions(|world| {
        let password = PasswordChange::Set(grantor_domain::secret::Password::new("new".into()));
        put_user(world, seed_user(), password);
    });
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::WrongPassword
    );
    assert!(world.log_in("user", "new").is_ok());
}

#[test]
fn taking_the_password_away_ends_the_users_sessions() {
    let (world, _) = ends_the_users_sessions(|world| {
        put_user(world, seed_user(), PasswordChange::Remove);
    });
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::NoPassword
    );
}

#[test]
fn close_sessions_of_a_user_ends_all_and_counts_the_live_ones() {
    let (world, _) = ends_the_users_sessions(|world| {
        let count = world
            .server
            .close_sessions_of(&Caller::operator(), &user_id("user"));
        assert_eq!(count, Ok(Some(2)));
    });
    let operator = Caller::operator();
    assert_eq!(
        world.server.close_sessions_of(&operator, &user_id("user")),
        Ok(Some(0))
    );
    assert_eq!(
        world
            .server
            .close_sessions_of(&operator, &user_id("nobody")),
        Ok(None)
    );
}

#[test]
fn a_change_of_the_profile_ends_nothing() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let settings = UserSettings {
        user_name: Some("newname".into()),
        ..seed_user()
    };
    put_user(&world, settings, PasswordChange::Keep);
    assert!(lives(&world, &answer));
}

fn put_client(world: &World, settings: ClientSettings, secret: SecretChange) {
    let draft = ClientDraft::new(settings, secret);
    world
        .server
        .put(
            &Caller::operator(),
            &client_id("myapp"),
            &draft,
            Condition::Any,
        )
        .unwrap();
}

/// Opens a session of `myapp` and one of `other`, lets `end` end what `myapp` has, and looks as
/// a resource server that may see all.
fn ends_the_clients_sessions(end: impl FnOnce(&World)) -> (World, TokenResponse) {
    let world = world();
    let all = ClientSettings {
        introspect_any: true,
        ..password_client()
    };
    world.put_client("api", Some("apisecret"), all);
    let ours = world.log_in("user", "password").unwrap();
    let theirs = from_client(login(), "other", Some("othersecret"));
    let theirs = world.server.token(&theirs).unwrap();
    assert!(sees(&world, &ours));
    end(&world);
    assert!(!sees(&world, &ours));
    assert!(introspect_as(&world, other(), &theirs.access_token).is_some());
    (world, ours)
}

fn sees(world: &World, pair: &TokenResponse) -> bool {
    let api = || credentials("api", Some("apisecret"));
    let access = introspect_as(world, api(), &pair.access_token).is_some();
    let refresh = introspect_as(world, api(), &refresh_of(pair)).is_some();
    assert_eq!(access, refresh);
    access
}

#[test]
fn disabling_a_client_ends_its_sessions_and_enabling_does_not_revive_them() {
    let (world, dead) = ends_the_clients_sessions(|world| {
        let settings = ClientSettings {
            active: false,
            ..password_client()
        };
        put_client(world, settings, SecretChange::Keep);
    });
    assert_eq!(
        refused(world.refresh(&refresh_of(&dead))),
        Reason::ClientDisabled
    );
    put_client(&world, password_client(), SecretChange::Keep);
    assert!(!sees(&world, &dead));
    assert_eq!(
        refused(world.refresh(&refresh_of(&dead))),
        Reason::SessionClosed
    );
}

#[test]
fn removing_a_client_ends_its_sessions_and_using_the_id_again_does_not_revive_them() {
    let (world, dead) = ends_the_clients_sessions(|world| {
        world
            .server
            .remove(&Caller::operator(), &client_id("myapp"), Condition::Any)
            .unwrap();
    });
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::UnknownClient
    );
    world.put_client("myapp", Some("verysecret"), password_client());
    assert!(!sees(&world, &dead));
    assert!(sees(&world, &world.log_in("user", "password").unwrap()));
}

#[test]
fn a_new_secret_ends_the_clients_sessions() {
    let (world, dead) = ends_the_clients_sessions(|world| {
        let secret = SecretChange::Set(ClientSecret::new("newsecret".into()));
        put_client(world, password_client(), secret);
    });
    assert_eq!(
        refused(world.log_in("user", "password")),
        Reason::WrongClientSecret
    );
    let refresh = World::request(refresh_grant(&refresh_of(&dead)));
    let refresh = from_client(refresh, "myapp", Some("newsecret"));
    assert_eq!(refused(world.server.token(&refresh)), Reason::SessionClosed);
}

#[test]
fn close_sessions_of_a_client_ends_all_and_counts_the_live_ones() {
    let (world, _) = ends_the_clients_sessions(|world| {
        let count = world
            .server
            .close_sessions_of(&Caller::operator(), &client_id("myapp"));
        assert_eq!(count, Ok(Some(1)));
    });
    let none = world
        .server
        .close_sessions_of(&Caller::operator(), &client_id("nobody"));
    assert_eq!(none, Ok(None));
}

#[test]
fn every_session_of_any_client_can_be_ended_at_once() {
    let world = world();
    for number in 0..250 {
        world.put_client(&format!("a{number}"), Some("s"), password_client());
    }
    let theirs = world
        .server
        .token(&from_client(login(), "other", Some("othersecret")));
    let (ours, theirs) = (world.log_in("user", "password").unwrap(), theirs.unwrap());
    let sees_theirs = || introspect_as(&world, other(), &theirs.access_token).is_some();
    assert!(lives(&world, &ours) && sees_theirs());
    let closed = world.server.close_every_session(&Caller::operator());
    assert_eq!(closed, Ok(2));
    assert!(!lives(&world, &ours) && !sees_theirs());
    assert!(lives(&world, &world.log_in("user", "password").unwrap()));
}

#[test]
fn a_change_of_other_settings_ends_nothing() {
    let world = world();
    let answer = world.log_in("user", "password").unwrap();
    let settings = ClientSettings {
        name: Some("My app".into()),
        ..password_client()
    };
    put_client(&world, settings, SecretChange::Keep);
    assert!(lives(&world, &answer));
}
