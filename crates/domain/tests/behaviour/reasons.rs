//! Every reason can be provoked: what cannot happen needs no name.

use std::collections::BTreeSet;

use grantor_domain::AuthorizationServer;
use grantor_domain::caller::{Call, Caller};
use grantor_domain::clients::{ClientSettings, PasswordSettings};
use grantor_domain::grants::{Grant, GrantType, TokenRequest};
use grantor_domain::origin::Origin;
use grantor_domain::policy::{Budget, Budgets};
use grantor_domain::ports::Clock as _;
use grantor_domain::reason::Reason;
use grantor_domain::revision::Condition;
use grantor_domain::secret::{Password, TokenValue};
use grantor_domain::tokens::{CallerCredentials, TokenKind, mint};
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{
    advance, asking_for, caller, client_id, for_audience, from_client, identify, is_active, login,
    other, password_grant, refresh_grant, refresh_of, refused, user_id, with_password, world,
};
use crate::own_passwords::{link, password};

fn of_clients(world: &World) -> Vec<Reason> {
    let off = ClientSettings {
        active: false,
        ..password_client()
    };
    world.put_client("off", Some("s"), off);
    let elsewhere = ClientSettings {
        allowed_ips: vec!["198.51.100.0/24".parse().unwrap()],
        ..password_client()
    };
    world.put_client("elsewhere", Some("s"), elsewhere);
    let cases = [
        ("nobody", Some("s")),
        ("off", Some("s")),
        ("elsewhere", Some("s")),
        ("myapp", Some("s")),
        ("myapp", None),
    ];
    let mut reasons: Vec<Reason> = cases
        .map(|(id, secret)| refused(world.server.token(&from_client(login(), id, secret))))
        .to_vec();
    let nobody = TokenRequest {
        client: None,
        ..login()
    };
    reasons.push(refused(world.server.token(&nobody)));
    reasons
}

fn of_grants(world: &World) -> Vec<Reason> {
    let ports = world.server.ports().clone();
    let bare = AuthorizationServer::new(ports, world.server.policy().clone());
    let sunset = with_password(PasswordSettings {
        sunset: Some(world.clock.now()),
        ..PasswordSettings::default()
    });
    world.put_client("late", Some("s"), sunset);
    let lenient = ClientSettings {
        grant_types: vec![GrantType::ClientCredentials],
        ..with_password(PasswordSettings {
            secret_required: Some(false),
            ..PasswordSettings::default()
        })
    };
    world.put_client("lenient", Some("s"), lenient);
    let itself = World::request(Grant::ClientCredentials);
    vec![
        refused(bare.token(&login())),
        refused(world.server.token(&itself)),
        refused(world.server.token(&from_client(login(), "late", Some("s")))),
        refused(world.server.token(&from_client(itself, "lenient", None))),
        refused(world.server.token(&asking_for(login(), "admin"))),
        refused(world.server.token(&for_audience(login(), &["x"]))),
    ]
}

fn of_users(world: &World) -> Vec<Reason> {
    let inactive = UserSettings {
        inactive: true,
        ..UserSettings::default()
    };
    world.put_user("gone", "password", inactive);
    let draft = UserDraft {
        settings: UserSettings::default(),
        password: PasswordChange::Keep,
    };
    let bare = user_id("bare");
    world
        .server
        .put(&Caller::operator(), &bare, &draft, Condition::Any)
        .unwrap();
    let used = link(world, "amy");
    let origin = Origin::default();
    let new = password("another password");
    world.server.reset_password(&used, &new, &origin).unwrap();
    link(world, "amy");
    let long = "x".repeat(Password::LONGEST + 1);
    let cases = [
        ("nobody", "x"),
        ("user", "x"),
        ("bare", "x"),
        ("gone", "password"),
        ("user", &long),
        ("amy", "another password"),
    ];
    let mut reasons = cases
        .map(|(name, password)| refused(world.log_in(name, password)))
        .to_vec();
    reasons.push(refused(world.server.reset_password(&used, &new, &origin)));
    reasons
}

fn of_tokens(world: &World) -> Vec<Reason> {
    let log_in = || world.log_in("user", "password").unwrap();
    let (live, reused, closed) = (log_in(), log_in(), log_in());
    world
        .server
        .close_own_session(&closed.access_token)
        .unwrap();
    let next = world.refresh(&refresh_of(&reused)).unwrap();
    assert!(is_active(world, &next.access_token));
    let foreign = World::request(refresh_grant(&refresh_of(&live)));
    let foreign = from_client(foreign, "other", Some("othersecret"));
    let mut reasons = vec![
        refused(world.refresh(&mint(TokenKind::Refresh, &[1; 32]))),
        refused(world.server.token(&foreign)),
        refused(
            world
                .server
                .revoke(Some(&other()), &live.access_token, &Origin::default()),
        ),
        refused(world.refresh(&refresh_of(&reused))),
        refused(world.refresh(&refresh_of(&closed))),
    ];
    advance(world, 31 * 86_400);
    reasons.push(refused(world.refresh(&refresh_of(&live))));
    reasons
}

fn of_callers(world: &World) -> Vec<Reason> {
    let nonsense = CallerCredentials::Bearer(TokenValue::new("x".into()));
    let user = caller(world, "user", "password");
    vec![
        refused(identify(world, &nonsense)),
        refused(world.server.identify(None, &Call::default())),
        refused(world.server.read(&user, &client_id("myapp"))),
    ]
}

fn of_the_throttle() -> Reason {
    let mut policy = grantor_domain::policy::Policy::new("https://auth.example");
    let none = Budget::per_minute(0, 1);
    policy.throttle = Some(Budgets::alike(none));
    let world = World::empty(policy);
    world.put_client("myapp", Some("verysecret"), password_client());
    refused(
        world
            .server
            .token(&World::request(password_grant("user", "password"))),
    )
}

#[test]
fn every_reason_is_provoked() {
    let world = world();
    let workflows = [of_clients, of_grants, of_users, of_tokens, of_callers];
    let mut provoked: BTreeSet<&str> = workflows
        .iter()
        .flat_map(|provoke| provoke(&world))
        .map(Reason::name)
        .collect();
    provoked.insert(of_the_throttle().name());
    let known: BTreeSet<&str> = Reason::ALL.into_iter().map(Reason::name).collect();
    assert_eq!(provoked, known);
}
