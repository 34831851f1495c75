//! `roles` (RFC 9068 §2.2.3.1): told to whoever was granted the scope token `roles`.

use grantor_domain::caller::Call;
use grantor_domain::clients::{ClientSettings, PasswordSettings};
use grantor_domain::grants::{Grant, GrantType};
use grantor_domain::ports::{Clock as _, TokenSigner as _};
use grantor_domain::reason::Reason;
use grantor_domain::scope::Scope;
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::{TokenFormat, TokenResponse};
use grantor_domain::users::UserSettings;
use grantor_testkit::World;
use grantor_testkit::memory::PlainSigner;
use grantor_testkit::world::password_client;

use crate::ask::{
    active, asking_for, bearer, from_client, login, password_grant, put_role, refresh_of, refused,
    role, world,
};

/// A world whose `amy` has two roles, one of them twice, and whose `myapp` may ask for them.
fn with_roles() -> World {
    let world = world();
    let settings = ClientSettings {
        scope: Scope::parse("read roles").unwrap(),
        password: PasswordSettings {
            token_format: TokenFormat::Jwt,
            ..password_client().password
        },
        ..password_client()
    };
    world.put_client("myapp", Some("verysecret"), settings);
    let settings = UserSettings {
        roles: vec!["nurse".into(), "clerk".into()],
        ..UserSettings::default()
    };
    world.put_user("amy", "amypass", settings);
    put_role(&world, "one", &role("clerk", "amy"));
    put_role(&world, "two", &role("auditor", "amy"));
    world
}

fn log_in(world: &World, scope: &str) -> TokenResponse {
    let request = World::request(password_grant("amy", "amypass"));
    world.server.token(&asking_for(request, scope)).unwrap()
}

fn claimed(world: &World, token: &TokenValue) -> Vec<String> {
    let verified = PlainSigner.verify(token, world.clock.now()).unwrap();
    verified.unwrap().claims.roles
}

#[test]
fn a_token_whose_scope_asks_for_them_tells_the_roles() {
    let world = with_roles();
    let pair = log_in(&world, "read roles");
    let all = ["auditor", "clerk", "nurse"];
    assert_eq!(claimed(&world, &pair.access_token), all);
    assert_eq!(active(&world, &pair.access_token).unwrap().roles, all);
}

#[test]
fn other_tokens_tell_none() {
    let world = with_roles();
    let pair = log_in(&world, "read");
    assert!(claimed(&world, &pair.access_token).is_empty());
    let seen = active(&world, &pair.access_token).unwrap();
    assert!(seen.roles.is_empty());
}

#[test]
fn refresh_tokens_tell_none() {
    let world = with_roles();
    let pair = log_in(&world, "roles");
    let seen = active(&world, &refresh_of(&pair)).unwrap();
    assert!(seen.roles.is_empty());
}

#[test]
fn a_client_that_does_not_list_the_scope_cannot_ask() {
    let request = asking_for(login(), "roles");
    let reason = refused(world().server.token(&request));
    assert_eq!(reason, Reason::ScopeNotAllowed);
}

#[test]
fn a_refresh_reads_the_roles_anew() {
    let world = with_roles();
    let pair = log_in(&world, "roles");
    put_role(&world, "three", &role("doctor", "amy"));
    let next = world.refresh(&refresh_of(&pair)).unwrap();
    let all = ["auditor", "clerk", "doctor", "nurse"];
    assert_eq!(claimed(&world, &next.access_token), all);
}

#[test]
fn userinfo_tells_the_roles_when_the_scope_asks() {
    let world = with_roles();
    let info = |scope| {
        let shown = bearer(&log_in(&world, scope));
        let caller = world.server.identify(Some(&shown), &Call::default());
        world.server.userinfo(&caller.unwrap()).unwrap()
    };
    assert_eq!(info("roles").roles, ["auditor", "clerk", "nurse"]);
    assert!(info("read").roles.is_empty());
}

#[test]
fn a_client_for_itself_has_no_roles() {
    let world = with_roles();
    let settings = ClientSettings {
        grant_types: vec![GrantType::ClientCredentials],
        scope: Scope::parse("roles").unwrap(),
        ..ClientSettings::default()
    };
    world.put_client("amy", Some("s"), settings);
    let request = from_client(World::request(Grant::ClientCredentials), "amy", Some("s"));
    let pair = world.server.token(&asking_for(request, "roles")).unwrap();
    assert!(active_of_amy(&world, &pair.access_token).is_empty());
}

fn active_of_amy(world: &World, token: &TokenValue) -> Vec<String> {
    let shown = grantor_testkit::world::credentials("amy", Some("s"));
    crate::ask::introspect_as(world, shown, token)
        .unwrap()
        .roles
}
